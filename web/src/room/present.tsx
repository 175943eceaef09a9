import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Away } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { send } from '../server/api.ts';
import { askPresence } from '../server/questions.ts';
import rows from '../parts/rows.module.css';

/** Who is here, and who joined the room. */
export function Present({ change }: { readonly change: string }) {
  const queries = useQueryClient();
  const presence = useQuery(askPresence(change));
  const join = useMutation({
    mutationFn: () => send('POST', `/changes/${change}/situation-room`),
    onSuccess: () => queries.invalidateQueries({ queryKey: askPresence(change).queryKey }),
  });
  return (
    <Section
      title="Who is here"
      aside={
        <Button variant="default" loading={join.isPending} onClick={() => join.mutate()}>
          Join the room
        </Button>
      }
    >
      {join.isError && <Problem error={join.error} />}
      <Answered query={presence}>
        {({ present, eoc }) =>
          present.length === 0 ? (
            <Empty title="Nobody was seen here yet." />
          ) : (
            <ul className={rows['rows']}>
              {present.map(({ person, seenAt, joinedAt }) => (
                <li key={person} className={rows['line']}>
                  <span className={rows['title']}>
                    {person}
                    {person === eoc && ', EOC'}
                  </span>
                  <span className={rows['more']}>
                    {joinedAt !== null && <Badge tone="go">in the room</Badge>} seen <Away at={seenAt} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Section>
  );
}
