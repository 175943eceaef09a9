import { Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AudienceName, UpdatesView } from '../../../src/contract/updates.ts';
import { useWhyNot } from '../change/why-not.ts';
import { Act } from '../parts/act.tsx';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Away } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { api, send } from '../server/api.ts';

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
                  <TellAct change={change} audience={audience} />
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Section>
  );
}

/** Tells an audience something, or at the start and the end what the plan has for it. */
function TellAct({ change, audience }: { readonly change: string; readonly audience: AudienceName }) {
  const whyNot = useWhyNot(change);
  const [body, setBody] = useState('');
  return (
    <Act
      label="Tell"
      object={audience}
      size="xs"
      variant="default"
      weight="press"
      reason="over"
      blocked={whyNot('inform')}
      says="It goes out at once to where this audience reads, and into the record."
      fields={
        <Textarea
          mt="sm"
          label="What they are told"
          description="Empty: at the start and at the end the plan's own text."
          rows={3}
          value={body}
          onChange={({ currentTarget }) => setBody(currentTarget.value)}
        />
      }
      act={() =>
        send('POST', `/changes/${change}/updates`, {
          audience,
          ...(body.trim() !== '' && { body: body.trim() }),
        })
      }
    />
  );
}
