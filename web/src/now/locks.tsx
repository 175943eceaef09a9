import { useQuery } from '@tanstack/react-query';
import type { Locks as LocksAnswer } from '../../../src/contract/locks.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge } from '../parts/badge.tsx';
import { Empty, Waiting } from '../parts/empty.tsx';
import { Away, Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { Said } from '../parts/said.tsx';
import { useNow } from '../server/clock.ts';
import { askLocks } from '../server/questions.ts';
import classes from '../parts/rows.module.css';

const MOST = 5;

/** Production change locks: what holds now, then what comes. */
export function Locks() {
  const locks = useQuery(askLocks);
  return (
    <Section title="Locks">
      <Answered query={locks} waiting={<Waiting rows={2} height="3rem" />}>
        {(answer) => <List locks={answer} />}
      </Answered>
    </Section>
  );
}

function List({ locks }: { readonly locks: LocksAnswer }) {
  const nowMs = useNow(60);
  const standing = locks.locks.filter(({ state }) => state === 'confirmed' || state === 'emergency');
  const all = [...standing, ...locks.policy]
    .filter(({ end }) => end === null || Date.parse(end) > nowMs)
    .toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start))
    .slice(0, MOST);
  if (all.length === 0) return <Empty title="No lock holds or is coming." />;
  return (
    <ul className={classes['rows']}>
      {all.map(({ id, kind, reason, start, end }) => {
        const holds = Date.parse(start) <= nowMs;
        return (
          <li key={`${id} ${start}`}>
            <div className={classes['line']}>
              <span className={classes['title']}>
                <Said text={reason} />
              </span>
              <Badge tone={holds ? (kind === 'hard' ? 'stop' : 'warn') : 'quiet'}>{kind}</Badge>
            </div>
            <div className={classes['more']}>
              {holds ? (
                'holds, '
              ) : (
                <>
                  begins <Away at={start} />, <Instant at={start} />,{' '}
                </>
              )}
              {end === null ? (
                'comes again without an end'
              ) : (
                <>
                  until <Instant at={end} />
                </>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
