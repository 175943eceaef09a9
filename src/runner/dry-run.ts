import type { NewDryRun } from '../contract/dry-run.ts';
import type { Plan, RollbackStep, Step } from '../contract/plan.ts';
import { commandOf, type StepPlace } from './command.ts';
import { execute } from './execute.ts';
import { safeText } from './safe-text.ts';

type DryStep = NewDryRun['steps'][number];

/**
 * Both of a script's streams into one, before it begins: read from two, the same lines come in another order each time, and
 * a dry run that was repeated would differ from itself. What is executed are the arguments after it, never text of a plan.
 */
const ONE_STREAM = ['/bin/sh', '-c', 'exec "$@" 2>&1', 'dry-run'] as const;

/** What a dry run needs of its host. */
export interface DryRunSetting extends StepPlace {
  readonly cwd: string;
  readonly graceMs: number;
  readonly secrets: readonly string[];
  readonly onLine: (line: string) => void;
}

/** A dry run: what every step would do, and what its script says of itself. */
export interface DryRunOutcome {
  readonly ok: boolean;
  readonly steps: readonly DryStep[];
  readonly output: string;
}

/**
 * Goes through a plan and its rollback without changing anything: what has a dry form is executed in it, everything else is
 * printed with its arguments. The same plan on the same system prints the same text.
 */
export async function dryRun(plan: Plan, setting: DryRunSetting): Promise<DryRunOutcome> {
  const steps: DryStep[] = [];
  const texts: string[] = [];
  for (const list of ['steps', 'rollback'] as const) {
    const all: readonly RollbackStep[] = list === 'steps' ? plan.steps : plan.rollback.steps;
    for (const [position, step] of all.entries()) {
      const heading = `## ${list === 'steps' ? 'step' : 'rollback step'} ${position + 1}: ${step.name}`;
      setting.onLine(heading);
      const { text, ...ended } = await dryStep(step, setting);
      steps.push({ list, name: step.name, ...ended });
      texts.push(`${heading}\n${text}`);
      if (!ended.ok) setting.onLine(`✗ ${ended.because}`);
    }
  }
  const output = texts.join('').replaceAll(/\r\n?/g, '\n');
  return { ok: steps.every(({ ok }) => ok), steps, output };
}

/** Whether a dry run executes anything of a step. */
export function hasDryForm({ script, dryRun: form }: RollbackStep): boolean {
  return script !== undefined || form !== undefined;
}

async function dryStep(
  step: RollbackStep,
  setting: DryRunSetting,
): Promise<Pick<DryStep, 'executed' | 'ok' | 'because'> & { readonly text: string }> {
  if (!hasDryForm(step)) {
    const text = shownAs(step);
    setting.onLine(text.trimEnd());
    return { executed: false, ok: true, because: 'shown, not executed', text };
  }
  const command = await commandOf(step, setting, true);
  if (!command.ok)
    return { executed: false, ok: false, because: command.because, text: `refused: ${command.because}\n` };
  const { argv, env } = command;
  const { cwd, graceMs, secrets } = setting;
  const { result, output } = await execute(
    { argv: [...ONE_STREAM, ...argv], env, cwd, graceMs, secrets, timeoutMs: step.timeout },
    (lines) => lines.forEach(setting.onLine),
  ).ended;
  const because = result.ok
    ? 'its dry run succeeded'
    : (result.spawnError ??
      (result.timedOut ? 'it ran into its time-out' : `exit ${result.exitCode ?? result.signal}`));
  const text = output.toString('utf8');
  const ending = text === '' || text.endsWith('\n') ? '' : '\n';
  return {
    executed: true,
    ok: result.ok,
    because,
    text: `${invocation(step)}${text}${ending}= ${because}\n`,
  };
}

/** What would be executed, each argument in quotes, so that none can be mistaken for two. */
function shownAs(step: RollbackStep | Step): string {
  if (step.command !== undefined) return `would run: ${quoted(step.command)}\n`;
  if (step.shell !== undefined) return `would run in /bin/sh: ${JSON.stringify(safeText(step.shell))}\n`;
  if (step.wait !== undefined) return `would wait: ${step.wait} ms\n`;
  if ('approval' in step && step.approval !== undefined)
    return `waits for the word of ${step.approval.role}\n`;
  return `by hand: ${JSON.stringify(safeText(step.manual?.instructions ?? ''))}\n`;
}

/** A script by its name in the plan: where its bytes are kept differs from run to run. */
function invocation({ script, dryRun: form }: RollbackStep): string {
  if (form !== undefined) return `dry run: ${quoted(form)}\n`;
  return `dry run of ${quoted([...(script?.interpreter ?? []), script?.path ?? '', ...(script?.dryRun ?? [])])}\n`;
}

function quoted(argv: readonly string[]): string {
  return argv.map((argument) => JSON.stringify(safeText(argument))).join(' ');
}
