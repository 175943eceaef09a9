import { useEffect, useRef } from 'react';
import type { RunView, StepView } from '../../../src/contract/runs.ts';
import { Badge } from '../parts/badge.tsx';
import { Instant } from '../parts/instant.tsx';
import { Section } from '../parts/page.tsx';
import { spanText } from '../parts/time.ts';
import { STEP_TONES } from '../parts/tones.ts';
import { useNow } from '../server/clock.ts';
import classes from './steps.module.css';

/** The steps of a run in their order, and those of its rollback where one was begun. */
export function Steps({ run }: { readonly run: RunView }) {
  const steps = run.steps.filter(({ list }) => list === 'steps');
  const rollback = run.steps.filter(({ list }) => list === 'rollback');
  const undoing = run.phase === 'rollback' || rollback.some(({ state }) => state !== 'pending');
  return (
    <div>
      <Section title="Steps">
        <List steps={steps} />
      </Section>
      {undoing && (
        <Section title="Rollback">
          <List steps={rollback} />
        </Section>
      )}
    </div>
  );
}

function List({ steps }: { readonly steps: readonly StepView[] }) {
  return (
    <ol className={classes['steps']}>
      {steps.map((step) => (
        <Step key={`${step.list} ${step.position}`} step={step} />
      ))}
    </ol>
  );
}

function Step({ step }: { readonly step: StepView }) {
  const element = useRef<HTMLLIElement>(null);
  const at = step.state === 'running';
  useEffect(() => {
    if (at) element.current?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    <li
      ref={element}
      className={classes['step']}
      data-at={at || undefined}
      aria-current={at ? 'step' : undefined}
    >
      <span className={classes['number']}>{step.position + 1}</span>
      <div className={classes['name']}>
        {step.name}
        {step.because !== null && step.state !== 'succeeded' && (
          <p className={classes['because']}>{step.because}</p>
        )}
        {step.startedAt !== null && (
          <p className={classes['clock']}>
            <Instant at={step.startedAt} show="exact" />
            {step.attempts > 1 && `, attempt ${step.attempts}`}
          </p>
        )}
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
