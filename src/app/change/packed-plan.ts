import type { Plan } from '../../contract/plan.ts';
import type { PlanRead, SentPlan } from './read-plan.ts';

/**
 * A plan that was read, as it goes from one thread to another: as text. Its objects would be cloned in ten times the time, only to be
 * made text again for the database. What was sent does not go back to whoever sent it.
 */
export interface PackedPlan {
  /** JSON, as it is kept. */
  readonly plan: string;
  /** JSON of the others. */
  readonly rest: string;
}

type Rest = Pick<PlanRead, 'head' | 'outline'> & {
  readonly found: Omit<PlanRead['revision'], 'plan' | 'plan_file' | 'plan_text' | 'scripts'>;
};

export function packed({ head, outline, planJson, revision }: PlanRead): PackedPlan {
  const { plan: _plan, plan_file: _file, plan_text: _text, scripts: _scripts, ...found } = revision;
  return { plan: planJson, rest: JSON.stringify({ head, outline, found } satisfies Rest) };
}

/** The same as it was read from what was sent; the plan itself is read from its text when it is first looked at. */
export function unpacked({ plan: planJson, rest }: PackedPlan, sent: SentPlan): PlanRead {
  // Both were written by the function above.
  const { head, outline, found } = JSON.parse(rest) as Rest;
  let plan: Plan | null = null;
  const inFull = () => (plan ??= JSON.parse(planJson) as Plan);
  const { file: plan_file, plan: plan_text, scripts } = sent;
  return {
    head,
    outline,
    planJson,
    get plan() {
      return inFull();
    },
    revision: {
      ...found,
      plan_file,
      plan_text,
      scripts,
      get plan() {
        return inFull();
      },
    },
  };
}
