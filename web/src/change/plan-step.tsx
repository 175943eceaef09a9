import { Empty } from '../parts/empty.tsx';
import { LongList } from '../parts/long-list.tsx';
import { Said } from '../parts/said.tsx';
import { Findings } from './findings.tsx';
import type { LaidPlan } from './laid-plan.ts';
import type { MarkedStep } from './plan-steps.ts';
import { doing, measureOf, traitsOf, wantedWords } from './plan-words.ts';
import classes from './plan.module.css';

interface PlanStepsProps {
  readonly steps: readonly MarkedStep[];
  readonly noReturn: LaidPlan['plan']['rollback']['pointOfNoReturn'];
}

/** Steps in their order, each with what it does, what is measured around it, and the marks of the linter. */
export function PlanSteps({ steps, noReturn }: PlanStepsProps) {
  if (steps.length === 0) return <Empty title="There are none." />;
  return (
    <LongList
      label={steps[0]?.list === 'rollback' ? 'Steps of the rollback' : 'Steps of the plan'}
      rows={steps}
      keyOf={({ list, position }) => `${list} ${position}`}
      about={120}
    >
      {(step) => (
        <>
          <OneStep marked={step} />
          {noReturn?.after === step.step.name && (
            <p className="notice warn">
              <strong>Point of no return.</strong> <Said text={noReturn.reason} />
            </p>
          )}
        </>
      )}
    </LongList>
  );
}

function OneStep({ marked }: { readonly marked: MarkedStep }) {
  const { step, position, forTarget, findings } = marked;
  const { how, text } = doing(step);
  return (
    <div className={classes['step']}>
      <span className={classes['number']}>{position + 1}</span>
      <div>
        <strong>{step.name}</strong>
        {forTarget && forTarget.stages > 1 && (
          <span className="quiet">
            {' '}
            in stage {forTarget.stage} of {forTarget.stages}
          </span>
        )}
        <p className={classes['does']}>
          <span className="quiet">{how}</span> <code>{text}</code>
        </p>
        <p className={classes['traits']}>{traitsOf(step).join('; ')}</p>
        <Around title="before" checks={step.before} />
        <Around title="after" checks={step.after} />
        <Findings findings={findings} />
      </div>
    </div>
  );
}

function Around({
  title,
  checks,
}: {
  readonly title: string;
  readonly checks: MarkedStep['step']['before'];
}) {
  return checks.map((check) => {
    const { kind, of } = measureOf(check);
    return (
      <p key={check.name} className={classes['around']}>
        <span className="quiet">{title}</span> {check.name}: {kind} <code>{of}</code>, {wantedWords(check)}
      </p>
    );
  });
}
