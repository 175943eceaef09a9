import type { RollbackStep } from '../contract/plan.ts';
import type { Instruction, RunReport } from '../contract/runs.ts';
import { act } from './action.ts';
import { mayBegin } from './lease.ts';
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
  let stopped: string | null = null;
  state.working = { list: told.list, position: told.position, grant: told.grant.id };
  // Said before there is anything to stop, it is heard all the same: nothing is begun any more.
  state.stop = (because) => {
    stopped = because;
  };
  try {
    const deadline = world.lease.now() + told.grant.expiresInMs;
    const before = await measureAll(world, 'before', step.before);
    const good = before.every(({ verdict }) => verdict === 'pass');
    const covered = !state.lost && mayBegin(world, deadline);
    if (!good || !covered || stopped !== null)
      return { ...place, before, execution: null, output: null, after: [] };
    const { execution, output } = await act(world, state, { step, told, stopped: () => stopped });
    const after = execution.ok ? await measureAll(world, 'after', step.after) : [];
    return { ...place, before, execution: redactValue(execution, world.secrets), output, after };
  } finally {
    state.working = null;
    state.stop = null;
  }
}
