import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { ChangeView } from '../../../src/contract/changes.ts';
import type { RunView } from '../../../src/contract/runs.ts';
import { Answered } from '../parts/answered.tsx';
import { Badge, type Tone } from '../parts/badge.tsx';
import { Empty } from '../parts/empty.tsx';
import { LongList } from '../parts/long-list.tsx';
import { Section } from '../parts/page.tsx';
import { usePrinting } from '../parts/printing.ts';
import { Said } from '../parts/said.tsx';
import { askRunsOf } from '../server/questions.ts';
import { askLaidPlan, type LaidPlan } from './laid-plan.ts';
import { markedSteps } from './plan-steps.ts';
import { Resolved } from './resolved.tsx';
import { TARGET_STATES, targetRows, type TargetRow, type TargetState } from './target-states.ts';
import classes from './targets.module.css';

const TONES: Readonly<Record<TargetState, Tone>> = {
  failed: 'stop',
  unknown: 'unknown',
  running: 'busy',
  'in part': 'busy',
  waiting: 'quiet',
  skipped: 'warn',
  undone: 'warn',
  done: 'go',
  'not begun': 'quiet',
  'no step': 'quiet',
};

/** What a request touches: where the list comes from, the stages of its rollout, and each target's state in its run. */
export function Targets({ view }: { readonly view: ChangeView }) {
  const laid = useQuery(askLaidPlan(view));
  const runs = useQuery(askRunsOf(view.id));
  // A run of another plan says nothing of these targets.
  const run = runs.data?.runs.find(({ planDigest }) => planDigest === view.digest);
  return (
    <Answered query={laid}>
      {(read) =>
        read.plan.targets.length === 0 ? (
          <Empty title="Its plan names no target.">
            It says so itself: <code>targets</code> is empty.
          </Empty>
        ) : (
          <Shown view={view} laid={read} run={run} />
        )
      }
    </Answered>
  );
}

interface ShownProps {
  readonly view: ChangeView;
  readonly laid: LaidPlan;
  readonly run: RunView | undefined;
}

function Shown({ view, laid, run }: ShownProps) {
  const [words, setWords] = useState('');
  const [state, setState] = useState('');
  const printing = usePrinting();
  const steps = useMemo(() => markedSteps(laid, view).steps, [laid, view]);
  const rows = useMemo(() => targetRows(laid, steps, run), [laid, steps, run]);
  const shown = printing
    ? rows
    : rows.filter((row) => isLike(row, words) && (state === '' || row.state === state));
  return (
    <>
      <Resolved view={view} laid={laid} run={run} />
      <Stages laid={laid} />
      <Section
        title={`Targets (${rows.length})`}
        aside={
          run && (
            <span>
              in{' '}
              <Link to="/runs/$run" params={{ run: run.id }}>
                {run.id}
              </Link>
            </span>
          )
        }
      >
        <Counts rows={rows} />
        <div role="search" aria-label="Narrow the targets" className={classes['filter']} data-print="hide">
          <TextInput
            type="search"
            aria-label="Name, type or environment"
            placeholder="Name, type or environment"
            value={words}
            onChange={({ currentTarget }) => setWords(currentTarget.value)}
          />
          <NativeSelect
            aria-label="State of the target"
            data={[
              { value: '', label: 'any state' },
              ...TARGET_STATES.filter((one) => rows.some((row) => row.state === one)),
            ]}
            value={state}
            onChange={({ currentTarget }) => setState(currentTarget.value)}
          />
        </div>
        {shown.length === 0 ? (
          <Empty title="No target is like that." />
        ) : (
          <LongList label="Targets" rows={shown} keyOf={({ name }) => name} about={44}>
            {(row) => <OneTarget row={row} />}
          </LongList>
        )}
      </Section>
    </>
  );
}

function isLike({ name, type, environment }: TargetRow, words: string): boolean {
  const text = `${name} ${type} ${environment ?? ''}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function Counts({ rows }: { readonly rows: readonly TargetRow[] }) {
  const byState = Map.groupBy(rows, ({ state }) => state);
  return (
    <p className={classes['counts']}>
      {TARGET_STATES.flatMap((state) => {
        const count = byState.get(state)?.length ?? 0;
        return count === 0
          ? []
          : [
              <Badge key={state} tone={TONES[state]}>
                {count} {state}
              </Badge>,
            ];
      })}
    </p>
  );
}

function Stages({ laid }: { readonly laid: LaidPlan }) {
  if (laid.rollouts.length === 0) return null;
  return (
    <Section title="Stages">
      <ul>
        {laid.rollouts.map(({ path, targets, stages, measured }) => (
          <li key={path.join('.')}>
            {targets} targets in {stages.length === 1 ? 'one stage' : `${stages.length} stages`}:{' '}
            {stages.join(', then ')}
            {stages.length > 1 &&
              (measured ? ', measured between them' : ', with nothing measured between them')}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function OneTarget({
  row: { name, type, environment, steps, stage, state, at },
}: {
  readonly row: TargetRow;
}) {
  return (
    <div className={classes['target']}>
      <span className={classes['name']}>{name}</span>
      <span className="quiet">
        {type}
        {environment !== null && ` in ${environment}`}
        {stage !== null && `, stage ${stage}`}
        {`, ${steps.length === 1 ? 'step' : 'steps'} ${steps.map(({ position }) => position + 1).join(', ') || 'none'}`}
      </span>
      <Badge tone={TONES[state]}>{state}</Badge>
      {at !== null && (
        <p className={classes['at']}>
          {at.name}
          {at.because !== null && (
            <>
              : <Said text={at.because} />
            </>
          )}
        </p>
      )}
    </div>
  );
}
