import { Checkbox } from '@mantine/core';
import type { ChangeSummary } from '../../../src/contract/changes.ts';
import { Refused } from '../calendar/refused.tsx';
import { Badge } from '../parts/badge.tsx';
import { Span } from '../parts/instant.tsx';
import { RuleName } from '../parts/rule-name.tsx';
import { Said } from '../parts/said.tsx';
import { whyNotYet, type Looked, type MayMove } from './reschedule.ts';
import rows from '../parts/rows.module.css';

/** What became of one that was to be moved. */
export type Result =
  { readonly kind: 'moving' | 'moved' } | { readonly kind: 'failed'; readonly error: unknown };

interface LookedRowsProps {
  readonly looked: readonly Looked[];
  readonly changes: readonly ChangeSummary[];
  readonly results: ReadonlyMap<string, Result>;
  /** `CHG-1 CHG-2`: that CHG-2 is in the way of CHG-1 is known. */
  readonly known: ReadonlySet<string>;
  readonly onKnown: (known: ReadonlySet<string>) => void;
}

/** Each change with its new slot, the verdict on it and what lies in the way; then what became of it. */
export function LookedRows({ looked, changes, results, known, onKnown }: LookedRowsProps) {
  const titles = new Map(changes.map(({ id, title }) => [id, title]));
  const toggle = (key: string) => {
    const next = new Set(known);
    if (!next.delete(key)) next.add(key);
    onKnown(next);
  };
  return (
    <ul className={rows['rows']} aria-label="What would become of each">
      {looked.map((one) => (
        <li key={one.id}>
          <div className={rows['line']}>
            <span className={rows['title']}>
              {one.id} {titles.get(one.id)}
            </span>
            <State one={one} result={results.get(one.id)} known={known} />
          </div>
          {one.kind === 'may-not' ? (
            <p className={rows['more']}>
              <Said text={one.because} />
            </p>
          ) : (
            <May one={one} result={results.get(one.id)} known={known} onToggle={toggle} />
          )}
        </li>
      ))}
    </ul>
  );
}

interface StateProps {
  readonly one: Looked;
  readonly result: Result | undefined;
  readonly known: ReadonlySet<string>;
}

function State({ one, result, known }: StateProps) {
  if (result?.kind === 'moved') return <Badge tone="go">moved</Badge>;
  if (result?.kind === 'moving') return <Badge tone="busy">being moved</Badge>;
  if (result?.kind === 'failed') return <Badge tone="stop">not moved</Badge>;
  if (one.kind === 'may-not') return <Badge tone="stop">you may not move it</Badge>;
  if (whyNotYet(one, known) !== null) return <Badge tone="warn">stays where it is</Badge>;
  return <Badge tone="go">{one.tentative ? 'can be pencilled in' : 'can be moved'}</Badge>;
}

interface MayProps {
  readonly one: MayMove;
  readonly result: Result | undefined;
  readonly known: ReadonlySet<string>;
  readonly onToggle: (key: string) => void;
}

function May({ one, result, known, onToggle }: MayProps) {
  const { id, slot, preview, conflicts } = one;
  const stops = preview.decision.verdicts.filter(
    ({ verdict }) => verdict === 'deny' || verdict === 'unknown',
  );
  const why = result === undefined ? whyNotYet(one, known) : null;
  return (
    <>
      <p className={rows['more']}>
        <Span start={slot.start} end={slot.end} />
        {why !== null && <strong> {why}</strong>}
      </p>
      {result?.kind === 'failed' && <Refused error={result.error} />}
      {result === undefined && (
        <>
          {stops.map(({ rule, verdict, because }) => (
            <p key={rule} className={rows['more']}>
              <RuleName rule={rule} tone={verdict === 'deny' ? 'stop' : 'unknown'} /> <Said text={because} />
            </p>
          ))}
          {preview.warnings.map(({ text }) => (
            <p key={text} className={rows['more']}>
              <Badge tone="warn">mind</Badge> <Said text={text} />
            </p>
          ))}
          {conflicts.map(({ change, title }) => (
            <Checkbox
              key={change}
              mt={4}
              size="xs"
              label={`${change} ${title} works on the same service then; its people know`}
              checked={known.has(`${id} ${change}`)}
              onChange={() => onToggle(`${id} ${change}`)}
            />
          ))}
        </>
      )}
    </>
  );
}
