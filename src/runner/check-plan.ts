import type { CheckContext } from '../checks/context.ts';
import { measureCheck, measureWatched } from '../checks/measure.ts';
import type { Check, CheckResult } from '../contract/check.ts';
import type { Plan } from '../contract/plan.ts';
import { secretsOf } from './environment.ts';
import { redactValue } from './redact.ts';
import { checkWorld, secretNames } from './world.ts';

/** The lists of a plan that can be measured by themselves at any time. */
export const CHECK_LISTS = ['preflight', 'postchecks', 'watch'] as const;
/** Those of the steps, which stand around what each does: only whoever asks for them has them measured (ADR 0099). */
export const AROUND_STEPS = ['steps', 'rollback'] as const;
export type CheckList = (typeof CHECK_LISTS | typeof AROUND_STEPS)[number];

/** Where a check of a step stands. */
export interface AroundStep {
  readonly step: string;
  readonly at: 'before' | 'probe' | 'after';
}

/** A check that was measured by itself, and the list that it stands in. */
export interface CheckedAlone {
  readonly list: CheckList;
  readonly around: AroundStep | null;
  readonly result: CheckResult;
}

/**
 * Measures the checks of a plan one after the other, outside any run: nothing is corrected, nothing is reported. An `initialDelay` is
 * not waited for, since nothing was changed whose traces would have to pass.
 */
export async function* checkPlan(
  plan: Plan,
  lists: readonly CheckList[],
  asking: Pick<CheckContext, 'prometheusUrl' | 'alertmanagerUrl' | 'env' | 'signal'>,
): AsyncGenerator<CheckedAlone> {
  const context: CheckContext = { ...checkWorld(plan, asking), signal: asking.signal };
  const secrets = secretsOf(secretNames(plan), asking.env);
  for (const list of lists)
    for (const { around, measure } of checksOf(plan, list))
      yield { list, around, result: redactValue(await measure(context), secrets) };
}

interface Measurable {
  readonly around: AroundStep | null;
  readonly measure: (context: CheckContext) => Promise<CheckResult>;
}

function one(check: Check, around: AroundStep | null = null): Measurable {
  return { around, measure: (context) => measureCheck(atOnce(check), context) };
}

function checksOf(plan: Plan, list: CheckList): readonly Measurable[] {
  switch (list) {
    case 'preflight':
    case 'postchecks':
      return plan[list].map((check) => one(check));
    case 'watch':
      return plan.watch.map((metric) => ({
        around: null,
        measure: (context) => measureWatched(atOnce(metric), context),
      }));
    case 'steps':
    case 'rollback': {
      const steps = list === 'steps' ? plan.steps : plan.rollback.steps;
      return steps.flatMap(({ name, before, probe, after }) => [
        ...before.map((check) => one(check, { step: name, at: 'before' })),
        ...(probe ? [one(probe, { step: name, at: 'probe' })] : []),
        ...after.map((check) => one(check, { step: name, at: 'after' })),
      ]);
    }
  }
}

function atOnce<T extends Pick<Check, 'prometheus'>>(check: T): T {
  return check.prometheus ? { ...check, prometheus: { ...check.prometheus, initialDelay: 0 } } : check;
}
