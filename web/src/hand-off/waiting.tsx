import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { HandOffList } from '../../../src/contract/hand-offs.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { Away } from '../parts/instant.tsx';
import { askHandOffs } from '../server/questions.ts';
import rows from '../parts/rows.module.css';

/** Every hand-off that nobody has accepted yet. */
export function WaitingHandOffs() {
  return (
    <Answered query={useQuery(askHandOffs)}>
      {({ handOffs }) =>
        handOffs.length === 0 ? (
          <Empty title="No hand-off waits.">
            A change under maintenance ends with one: see the page of its run.
          </Empty>
        ) : (
          <ul className={rows['rows']}>
            {handOffs.map((one) => (
              <li key={one.run} className={rows['line']}>
                <span className={rows['title']}>
                  <Link to="/runs/$run/hand-off" params={{ run: one.run }}>
                    Hand-off of {one.run}
                  </Link>
                </span>
                <span className={rows['more']}>
                  {one.whyNotAccept === null && <Badge tone="warn">waits for you</Badge>} {toWhom(one)}, by{' '}
                  {one.by} <Away at={one.at} />
                </span>
              </li>
            ))}
          </ul>
        )
      }
    </Answered>
  );
}

/** On the first page: what waits for this very person. Nothing, where nothing does. */
export function HandOffsForMe() {
  const mine = (useQuery(askHandOffs).data?.handOffs ?? []).filter(
    ({ whyNotAccept }) => whyNotAccept === null,
  );
  if (mine.length === 0) return null;
  return (
    <section aria-label="Hand-offs that wait for you">
      {mine.map(({ run, change, by, at }) => (
        <div key={run} className="notice warn">
          A hand-off waits for you: {by} wrote down how {change} was left, <Away at={at} />.{' '}
          <Link to="/runs/$run/hand-off" params={{ run }}>
            Read and accept it
          </Link>
        </div>
      ))}
    </section>
  );
}

function toWhom({ sentTo }: HandOffList['handOffs'][number]): string {
  return sentTo === null ? 'for whoever is on call' : `for ${sentTo}`;
}
