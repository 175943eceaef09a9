import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { CheckMoment } from '../../../src/contract/check-results.ts';
import type { CheckResult } from '../../../src/contract/check.ts';
import { durationText } from '../../../src/contract/duration.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Fold } from '../parts/fold.tsx';
import { Away, Instant } from '../parts/instant.tsx';
import { Said } from '../parts/said.tsx';
import { api } from '../server/api.ts';
import type { CheckRow } from './check-rows.ts';
import { measureOf, wantedWords } from './plan-words.ts';
import rows from '../parts/rows.module.css';
import classes from './checks.module.css';

const TONES: Readonly<Record<CheckResult['verdict'], Tone>> = {
  pass: 'go',
  fail: 'stop',
  unknown: 'unknown',
};
const WORDS: Readonly<Record<CheckResult['verdict'], string>> = {
  pass: 'passed',
  fail: 'failed',
  unknown: 'unknown',
};
const WHEN: Readonly<Partial<Record<CheckMoment, string>>> = {
  before: 'before it',
  after: 'after it',
  probe: 'whether it happened',
};

/** One check: what it wants, and what it came to. */
export function OneCheck({ change, row }: { readonly change: string; readonly row: CheckRow }) {
  const { check, moment, result } = row;
  const { kind, of } = measureOf(check);
  return (
    <div className={classes['check']}>
      <div className={classes['line']}>
        <span>
          <strong>{check.name}</strong>
          {WHEN[moment] !== undefined && <span className="quiet"> {WHEN[moment]}</span>}
        </span>
        {result ? (
          <Badge tone={TONES[result.verdict]}>{WORDS[result.verdict]}</Badge>
        ) : (
          <Badge tone="quiet">not measured yet</Badge>
        )}
      </div>
      <p className={classes['wanted']}>
        {kind} <code>{of}</code>, {wantedWords(check)}
        {check.targets.length > 0 && `; on ${check.targets.join(', ')}`}
      </p>
      {result ? <Came change={change} result={result} /> : <Due row={row} />}
    </div>
  );
}

function Came({
  change,
  result,
}: {
  readonly change: string;
  readonly result: NonNullable<CheckRow['result']>;
}) {
  const { id, run, verdict, value, because, measuredAt, measurements } = result;
  return (
    <>
      <p className={classes['came']}>
        {value !== null && (
          <>
            <span className={classes['value']}>{String(value)}</span>{' '}
          </>
        )}
        <Instant at={measuredAt} show="moment" />, by{' '}
        <Link to="/runs/$run" params={{ run }}>
          {run}
        </Link>
      </p>
      {verdict !== 'pass' && (
        <p className={classes['wanted']}>
          <Said text={because} />
        </p>
      )}
      {measurements > 0 && (
        <Fold
          title={
            measurements === 1 ? 'Its raw answer' : `The raw answers of its ${measurements} measurements`
          }
          onScreen
        >
          {() => <Raw change={change} id={id} />}
        </Fold>
      )}
    </>
  );
}

/** Why there is nothing yet. */
function Due({ row: { moment, dueAt, afterMs } }: { readonly row: CheckRow }) {
  if (moment !== 'delayed') return null;
  return (
    <p className={classes['came']}>
      {dueAt === null ? (
        `${durationText(afterMs ?? 0)} after a run of it has succeeded`
      ) : (
        <>
          due <Instant at={dueAt} />, <Away at={dueAt} />
        </>
      )}
    </p>
  );
}

function Raw({ change, id }: { readonly change: string; readonly id: string }) {
  const whole = useQuery({
    queryKey: ['change', change, 'checks', id],
    queryFn: () => api<CheckResult>(`/changes/${change}/checks/${id}`),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Answered query={whole}>
      {({ measurements }) => (
        <ol className={classes['raws']}>
          {measurements.map(({ measuredAt, verdict, because, raw }) => (
            <li key={measuredAt + because}>
              <Instant at={measuredAt} show="moment" />, {verdict}: <Said text={because} />
              <pre className={rows['raw']} tabIndex={0} role="group" aria-label="The raw answer">
                {raw === '' ? 'It answered nothing.' : raw}
              </pre>
            </li>
          ))}
        </ol>
      )}
    </Answered>
  );
}
