import type { RunView, StepView } from '../../../src/contract/runs.ts';
import type { LaidPlan } from './laid-plan.ts';
import type { MarkedStep } from './plan-steps.ts';

export const TARGET_STATES = [
  'failed',
  'unknown',
  'running',
  'in part',
  'waiting',
  'skipped',
  'undone',
  'done',
  'not begun',
  'no step',
] as const;
export type TargetState = (typeof TARGET_STATES)[number];

/** A target of a plan, the steps that are for it, and how far they are. */
export interface TargetRow {
  readonly name: string;
  readonly type: string;
  readonly environment: string | null;
  readonly steps: readonly MarkedStep[];
  /** `2 of 3`; `null` where no stages were laid out. */
  readonly stage: string | null;
  readonly state: TargetState;
  /** The step that the state rests on, and what was said of it. */
  readonly at: { readonly name: string; readonly because: string | null } | null;
}

/** Every target in the order of the plan, with its state in a run, if there is one of this plan. */
export function targetRows(
  { plan }: LaidPlan,
  steps: readonly MarkedStep[],
  run: RunView | undefined,
): readonly TargetRow[] {
  const byTarget = new Map<string, MarkedStep[]>(plan.targets.map(({ name }) => [name, []]));
  for (const step of steps) for (const name of targetsOf(step)) byTarget.get(name)?.push(step);
  const states = new Map(run?.steps.map((one) => [`${one.list} ${one.position}`, one]));
  return plan.targets.map(({ name, type, environment = null }) => {
    const own = byTarget.get(name) ?? [];
    const stages = own.flatMap(({ forTarget }) => (forTarget && forTarget.stages > 1 ? [forTarget] : []));
    const [stage] = stages;
    return {
      name,
      type,
      environment,
      steps: own.filter(({ list }) => list === 'steps'),
      stage: stage ? `${stage.stage} of ${stage.stages}` : null,
      ...stateOf(own, states, run),
    };
  });
}

/** The targets that a step is for: the one that it was laid out for, else those that its checks name. */
function targetsOf({ forTarget, step }: MarkedStep): ReadonlySet<string> {
  if (forTarget) return new Set([forTarget.target]);
  return new Set([...step.before, ...step.after].flatMap(({ targets }) => targets));
}

type StateAt = Pick<TargetRow, 'state' | 'at'>;

function stateOf(
  own: readonly MarkedStep[],
  states: ReadonlyMap<string, StepView>,
  run: RunView | undefined,
): StateAt {
  const steps = own.filter(({ list }) => list === 'steps');
  if (steps.length === 0) return { state: 'no step', at: null };
  if (run === undefined) return { state: 'not begun', at: null };
  const reached = (list: 'steps' | 'rollback') =>
    own.filter((one) => one.list === list).flatMap(({ position }) => states.get(`${list} ${position}`) ?? []);
  const back = reached('rollback').filter(({ state }) => state !== 'pending');
  if (back.length > 0 && back.every(({ state }) => state === 'succeeded'))
    return { state: 'undone', at: null };
  return forward(reached('steps'), run.endedAt !== null);
}

/** One that went wrong says it all; what was not reached by a run that has ended was skipped. */
function forward(steps: readonly StepView[], ended: boolean): StateAt {
  const first = (...wanted: readonly StepView['state'][]) =>
    steps.find(({ state }) => wanted.includes(state)) ?? null;
  const failed = first('failed', 'cancelled');
  if (failed) return { state: 'failed', at: failed };
  const unknown = first('unknown');
  if (unknown) return { state: 'unknown', at: unknown };
  const running = first('running', 'granted');
  if (running) return { state: 'running', at: running };
  if (steps.every(({ state }) => state === 'succeeded')) return { state: 'done', at: null };
  const begun = first('succeeded') !== null;
  if (begun) return { state: 'in part', at: first('pending', 'skipped') };
  return { state: ended || first('skipped') ? 'skipped' : 'waiting', at: null };
}
