import { useQuery } from '@tanstack/react-query';
import type { UpdatesView } from '../../../src/contract/updates.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Away } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { api } from '../server/api.ts';
import rows from '../parts/rows.module.css';

/** Who is to be told something next, and what they were told last. */
export function Updates({ change }: { readonly change: string }) {
  const updates = useQuery({
    queryKey: ['change', change, 'updates'],
    queryFn: () => api<UpdatesView>(`/changes/${change}/updates`),
  });
  return (
    <Section title="Next update">
      <Answered query={updates}>
        {({ audiences }) =>
          audiences.length === 0 ? (
            <Empty title="Its plan tells nobody." />
          ) : (
            <ul className={rows['rows']}>
              {audiences.map(({ audience, next, sent }) => (
                <li key={audience}>
                  <div className={rows['line']}>
                    <span className={rows['title']}>{audience}</span>
                    {next === null ? (
                      <span className="quiet">nothing is due</span>
                    ) : (
                      <span>
                        {next.late && <Badge tone="stop">late</Badge>} {next.what} due{' '}
                        <Away at={next.dueAt} />
                      </span>
                    )}
                  </div>
                  {sent.at(-1) && <div className={rows['more']}>Last: {sent.at(-1)?.body}</div>}
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Section>
  );
}
