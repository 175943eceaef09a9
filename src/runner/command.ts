import type { RollbackStep } from '../contract/plan.ts';
import { cleanEnvironment } from './environment.ts';
import { freezeScript } from './script.ts';

/** What a step executes, ready to be begun; or why it cannot be. */
export type StepCommand =
  | { readonly ok: true; readonly argv: readonly string[]; readonly env: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly because: string };

export interface StepPlace {
  /** Where the plan's scripts lie. */
  readonly planFolder: string;
  /** Where the bytes that were compared are kept and run from. */
  readonly scripts: string;
  readonly bastion: Readonly<Record<string, string | undefined>>;
}

/**
 * The program and arguments of an executable step. A script's bytes are read and compared right now. `dryRun` takes the
 * dry form instead: a script's other arguments, or another command.
 */
export async function commandOf(step: RollbackStep, place: StepPlace, dryRun = false): Promise<StepCommand> {
  const environment = cleanEnvironment(step, place.bastion);
  if (!environment.ok) return environment;
  const { env } = environment;
  if (dryRun && step.dryRun !== undefined) return { ok: true, argv: step.dryRun, env };
  if (step.command !== undefined) return { ok: true, argv: step.command, env };
  if (step.shell !== undefined) return { ok: true, argv: ['/bin/sh', '-c', step.shell], env };
  if (step.script === undefined) return { ok: false, because: 'expected a step that runs a program' };
  const { script } = step;
  const rest = dryRun ? script.dryRun : script.arguments;
  if (rest === undefined) return { ok: false, because: `script \`${script.path}\` has no dry run` };
  const frozen = await freezeScript(script, place.planFolder, place.scripts);
  if (!frozen.ok) return frozen;
  return { ok: true, argv: [...(script.interpreter ?? []), frozen.path, ...rest], env };
}
