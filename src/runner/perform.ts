import type { RollbackStep } from '../contract/plan.ts';
import type { Instruction, RunReport } from '../contract/runs.ts';
import { act } from './action.ts';
import { measureAll } from './measure-all.ts';
import { redactValue } from './redact.ts';
import type { RunnerState, RunnerWorld } from './world.ts';

type StepInstruction = Extract<Instruction, { kind: 'step' }>;
type StepReport = Extract<RunReport, { kind: 'step' }>;

/** The step that an instruction names. */
export function planStep(world: RunnerWorld, list: 'steps' | 'rollback', position: number): RollbackStep {
  const step = (list === 'steps' ? world.plan.steps : world.plan.rollback.steps)[position];
  if (step === undefined) throw new Error(`expected a step at \`${list}/${position}\` of the plan, got none`);
  return step;
}

/** Executes one step under its grant: the checks before it, its action, the checks after it. */
export async function performStep(
  world: RunnerWorld,
  state: RunnerState,
  told: StepInstruction,
): Promise<StepReport> {
  const step = planStep(world, told.list, told.position);
  const of = (told.list === 'steps' ? world.plan.steps : world.plan.rollback.steps).length;
  world.view.stepBegins({ list: told.list, position: told.position, of }, step.name);
  const place = { kind: 'step', grant: told.grant.id, list: told.list, position: told.position } as const;
  state.working = { list: told.list, position: told.position, grant: told.grant.id };
  try {
    const deadline = world.lease.now() + told.grant.expiresInMs;
    const before = await measureAll(world, 'before', step.before);
    const good = before.every(({ verdict }) => verdict === 'pass');
    // INVARIANT: nothing is begun without a grant in force and a lease that lasts long enough to stop it.
    const covered =
      !state.lost && world.lease.remainingMs() > world.terms.killGraceMs && world.lease.now() < deadline;
    if (!good || !covered) return { ...place, before, execution: null, after: [] };
    const execution = await act(world, state, { step, told });
    const after = execution.ok ? await measureAll(world, 'after', step.after) : [];
    return { ...place, before, execution: redactValue(execution, world.secrets), after };
  } finally {
    state.working = null;
    state.stop = null;
  }
}
