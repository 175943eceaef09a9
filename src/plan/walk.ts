import type { Check } from '../contract/check.ts';
import type { Plan, RollbackStep, Step } from '../contract/plan.ts';

/** Where something stands in a plan: keys and indexes from the root. */
export type PlanPath = readonly (string | number)[];

/** A step of either list. */
export interface PlacedStep {
  readonly list: 'steps' | 'rollback';
  readonly step: Step | RollbackStep;
  readonly path: PlanPath;
}

/** Every step of a plan, then every step of its rollback. */
export function everyStep(plan: Plan): readonly PlacedStep[] {
  return [
    ...plan.steps.map((step, i) => ({ list: 'steps' as const, step, path: ['steps', i] })),
    ...plan.rollback.steps.map((step, i) => ({
      list: 'rollback' as const,
      step,
      path: ['rollback', 'steps', i],
    })),
  ];
}

export type CheckMoment = 'preflight' | 'before' | 'after' | 'probe' | 'postcheck' | 'delayed';

/** A check, and when it is measured. */
export interface PlacedCheck {
  readonly check: Check;
  readonly moment: CheckMoment;
  readonly path: PlanPath;
}

/** Every check of a plan in the order of its sections; the measures of watched metrics are not checks. */
export function everyCheck(plan: Plan, steps = everyStep(plan)): readonly PlacedCheck[] {
  const ofSteps = steps.flatMap(({ step, path }) => [
    ...listed(step.before, 'before', [...path, 'before']),
    ...listed(step.after, 'after', [...path, 'after']),
    ...(step.probe ? [{ check: step.probe, moment: 'probe' as const, path: [...path, 'probe'] }] : []),
  ]);
  return [
    ...listed(plan.preflight, 'preflight', ['preflight']),
    ...ofSteps,
    ...listed(plan.postchecks, 'postcheck', ['postchecks']),
    ...(plan.watching?.checks ?? []).map((check, i) => ({
      check,
      moment: 'delayed' as const,
      path: ['watching', 'checks', i],
    })),
  ];
}

const listed = (checks: readonly Check[], moment: CheckMoment, path: PlanPath): readonly PlacedCheck[] =>
  checks.map((check, i) => ({ check, moment, path: [...path, i] }));

/** A list of arguments that will be executed, and where it stands. */
export interface PlacedArguments {
  readonly argv: readonly string[];
  readonly path: PlanPath;
}

/** Every argument list that changes something: commands, scripts' arguments, cancel actions and corrective actions. */
function everyCommand(plan: Plan, steps: readonly PlacedStep[]): readonly PlacedArguments[] {
  const ofSteps = steps.flatMap(({ step, path }) => [
    { argv: step.command, path: [...path, 'command'] },
    { argv: step.script?.interpreter, path: [...path, 'script', 'interpreter'] },
    { argv: step.script?.arguments, path: [...path, 'script', 'arguments'] },
    { argv: step.onCancel, path: [...path, 'onCancel'] },
    { argv: step.dryRun, path: [...path, 'dryRun'] },
  ]);
  const corrective = plan.preflight.map((check, i) => ({
    argv: check.corrective,
    path: ['preflight', i, 'corrective'],
  }));
  return [...corrective, ...ofSteps].flatMap(({ argv, path }) => (argv ? [{ argv, path }] : []));
}

/** Every argument list that a check runs to look at something. */
function everyCheckCommand(checks: readonly PlacedCheck[]): readonly PlacedArguments[] {
  return checks.flatMap(({ check: { command, count, inventory }, path }) => [
    ...(command ? [{ argv: command.argv, path: [...path, 'command', 'argv'] }] : []),
    ...(count ? [{ argv: count.argv, path: [...path, 'count', 'argv'] }] : []),
    ...(inventory?.command ? [{ argv: inventory.command, path: [...path, 'inventory', 'command'] }] : []),
  ]);
}

/** What the rules of the linter go through, each list made once. */
export interface Walked {
  readonly steps: readonly PlacedStep[];
  readonly checks: readonly PlacedCheck[];
  readonly commands: readonly PlacedArguments[];
  readonly checkCommands: readonly PlacedArguments[];
}

export function walked(plan: Plan): Walked {
  const steps = everyStep(plan);
  const checks = everyCheck(plan, steps);
  return { steps, checks, commands: everyCommand(plan, steps), checkCommands: everyCheckCommand(checks) };
}

/** A text of a plan, and where it stands. */
export interface PlacedText {
  readonly text: string;
  readonly path: PlanPath;
}

/** Every text in a plan with its place, keys not included. */
export function everyText(plan: Plan): readonly PlacedText[] {
  const texts: PlacedText[] = [];
  collectTexts(plan, [], texts);
  return texts;
}

/** `path` leads to the value; it is taken up again behind every part. */
function collectTexts(value: unknown, path: (string | number)[], texts: PlacedText[]): void {
  if (typeof value === 'string') texts.push({ text: value, path: [...path] });
  if (typeof value !== 'object' || value === null) return;
  const collect = (item: unknown, key: string | number) => {
    path.push(key);
    collectTexts(item, path, texts);
    path.pop();
  };
  if (Array.isArray(value)) value.forEach(collect);
  else for (const [key, item] of Object.entries(value)) collect(item, key);
}
