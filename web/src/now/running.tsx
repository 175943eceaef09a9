import { useQuery } from '@tanstack/react-query';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty, Waiting } from '../parts/empty.tsx';
import { Away } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { RunLine } from '../runs/run-line.tsx';
import { askClaims, askRuns } from '../server/questions.ts';
import classes from '../parts/rows.module.css';

/** What runs: requests by their runs, and what pipelines hold. */
export function Running() {
  const runs = useQuery(askRuns);
  const claims = useQuery(askClaims);
  const held = claims.data?.claims ?? [];
  return (
    <Section title="Running">
      <Answered query={runs} waiting={<Waiting rows={1} height="3.5rem" />}>
        {(answer) =>
          answer.runs.length + held.length === 0 ? (
            <Empty title="Nothing runs." />
          ) : (
            <ul className={classes['rows']}>
              {answer.runs.map((run) => (
                <li key={run.id}>
                  <RunLine run={run} />
                </li>
              ))}
              {held.map(({ id, person, environment, state, startedAt }) => (
                <li key={id} className={classes['line']}>
                  <span className={classes['title']}>
                    {id} of a pipeline, by {person} in {environment}
                  </span>
                  <span className={classes['more']}>
                    <Badge tone={state === 'unknown' ? 'unknown' : 'busy'}>{state}</Badge> begun{' '}
                    <Away at={startedAt} />
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
