import { useEffect, useRef } from 'react';
import type { RunView, StepView } from '../../../src/contract/runs.ts';
import { Badge } from '../parts/badge.tsx';
import { Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { Said } from '../parts/said.tsx';
import { spanText } from '../parts/time.ts';
import { Progress } from '../parts/progress.tsx';
import { RUN_TONES, STEP_TONES } from '../parts/tones.ts';
import { useNow } from '../server/clock.ts';
import { SettleAct } from './settle-act.tsx';
import classes from './steps.module.css';

/** Beyond these a list is longer than a screen. */
const MOST_AT_ONCE = 12;
/** Where a run is. */
const AT: ReadonlySet<string> = new Set(['granted', 'running', 'unknown']);

/** The steps of a run in their order, and those of its rollback where one was begun. */
export function Steps({ run }: { readonly run: RunView }) {
  const steps = run.steps.filter(({ list }) => list === 'steps');
  const rollback = run.steps.filter(({ list }) => list === 'rollback');
  const undoing = run.phase === 'rollback' || rollback.some(({ state }) => state !== 'pending');
  return (
    <div>
      <Section title="Steps">
        <List run={run} steps={steps} label="Steps in their order" />
      </Section>
      {undoing && (
        <Section title="Rollback">
          <List run={run} steps={rollback} label="Steps of the rollback" />
        </Section>
      )}
    </div>
  );
}

interface ListProps {
  readonly run: RunView;
  readonly steps: readonly StepView[];
  readonly label: string;
}

/** A long list has a window of its own: what is beside it, and what can be done, stays in sight. */
function List({ run, steps, label }: ListProps) {
  const list = useRef<HTMLOListElement>(null);
  const long = steps.length > MOST_AT_ONCE;
  const done = steps.filter(({ state }) => state === 'succeeded' || state === 'skipped').length;
  const at = steps.findIndex(({ state }) => AT.has(state));
  useEffect(() => {
    const window = list.current;
    const row = window?.children[at];
    if (!long || !window || !(row instanceof HTMLElement)) return;
    // A third from the top: what came before, and what comes next. The page itself does not move.
    window.scrollTop = row.offsetTop - window.clientHeight / 3;
  }, [at, long]);
  return (
    <>
      {long && <Progress done={done} of={steps.length} label={label} tone={RUN_TONES[run.state]} />}
      <ol
        ref={list}
        aria-label={label}
        className={classes['steps']}
        data-long={long || undefined}
        {...(long && { tabIndex: 0 })}
      >
        {steps.map((step) => (
          <Step key={`${step.list} ${step.position}`} run={run} step={step} />
        ))}
      </ol>
    </>
  );
}

function Step({ run, step }: { readonly run: RunView; readonly step: StepView }) {
  const at = step.state === 'running';
  return (
    <li className={classes['step']} data-at={at || undefined} aria-current={at ? 'step' : undefined}>
      <span className={classes['number']}>{step.position + 1}</span>
      <div className={classes['name']}>
        {step.name}
        {step.because !== null && step.state !== 'succeeded' && (
          <p className={classes['because']}>
            <Said text={step.because} />
          </p>
        )}
        {step.startedAt !== null && (
          <p className={classes['clock']}>
            <Instant at={step.startedAt} show="exact" />
            {step.attempts > 1 && `, attempt ${step.attempts}`}
          </p>
        )}
        {step.state === 'unknown' && run.endedAt === null && <SettleAct run={run} step={step} />}
      </div>
      <Took step={step} />
      <Badge tone={STEP_TONES[step.state]}>{step.state}</Badge>
    </li>
  );
}

/** How long it took, or takes already. */
function Took({ step: { startedAt, endedAt } }: { readonly step: StepView }) {
  const nowMs = useNow();
  if (startedAt === null) return <span />;
  const until = endedAt === null ? nowMs : Date.parse(endedAt);
  return <span className={classes['took']}>{spanText(Math.max(0, until - Date.parse(startedAt)))}</span>;
}
