import { durationText } from '../contract/duration.ts';
import type { Plan, RollbackStep, Step } from '../contract/plan.ts';
import { rangeText } from '../kernel/verify/expectation.ts';
import { digestPlan } from '../plan/digest.ts';
import type { CliContext } from './context.ts';
import { InvalidInput } from './input.ts';
import { readPlanFile } from './plan-file.ts';
import { plainLine } from './plain-line.ts';
import { sha256 } from './policy-source.ts';

/** Shows a plan as it is laid out: every step and check that will be, in order, whatever it was written as. */
export async function showPlan(
  context: CliContext,
  file: string,
  { json }: { readonly json?: true },
): Promise<number> {
  const { read } = await readPlanFile(context, file);
  if (!read.ok) throw new InvalidInput(read.problems);
  const { plan } = read;
  const lines = json ? [JSON.stringify(plan)] : linesOf(plan);
  context.stdout(lines.map((line) => `${plainLine(line)}\n`).join(''));
  return 0;
}

function linesOf(plan: Plan): string[] {
  const { estimate, targets, preflight, postchecks, rollback } = plan;
  return [
    `${plan.title}: ${plan.criticality} ${plan.severity} ${plan.kind} in ${plan.environment}`,
    digestPlan(plan, sha256).digest,
    ...section('target', targets, ({ name, type }) => `${name} ${type}`),
    ...section('pre-flight check', preflight, ({ name }) => name),
    ...section(`step, ${durationText(estimate.steps)}`, plan.steps, stepLine),
    ...section('post-verification check', postchecks, ({ name }) => name),
    ...section(`rollback step, ${durationText(estimate.rollback)}`, rollback.steps, stepLine),
    ...section('sign that means roll back', signsOf(plan), (sign) => sign),
  ];
}

function signsOf({ rollback, watch }: Plan): string[] {
  return [
    ...watch.map(({ name, rollBackWhen }) => `${name}: ${rangeText(rollBackWhen)}`),
    ...(rollback.triggers ?? []).map(({ say, ...sign }) => `${Object.values(sign).join()}: ${say}`),
  ];
}

function section<T>(what: string, items: readonly T[], lineOf: (item: T) => string): string[] {
  return [`${items.length} × ${what}`, ...items.map((item, i) => `  ${i + 1}. ${lineOf(item)}`)];
}

function stepLine(step: Step | RollbackStep): string {
  const checks = step.after.length === 0 ? '' : `; then ${step.after.map(({ name }) => name).join(', ')}`;
  return `${step.name}: ${doing(step)}${checks}`;
}

/** What a step executes, each argument in quotes, so that none can be mistaken for two. */
function doing(step: Step | RollbackStep): string {
  const { command, script, shell, wait, manual } = step;
  if (command !== undefined) return quoted(command);
  if (script !== undefined) return quoted([...(script.interpreter ?? []), script.path, ...script.arguments]);
  if (shell !== undefined) return `in /bin/sh ${JSON.stringify(shell)}`;
  if (wait !== undefined) return `wait ${durationText(wait)}`;
  if (manual !== undefined) return `by hand: ${manual.instructions}`;
  return 'approval' in step ? `wait for the word of ${step.approval?.role}: ${step.approval?.confirm}` : '';
}

const quoted = (argv: readonly string[]) => argv.map((argument) => JSON.stringify(argument)).join(' ');
