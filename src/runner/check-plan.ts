import type { CheckContext } from '../checks/context.ts';
import { measureCheck, measureWatched } from '../checks/measure.ts';
import type { Check, CheckResult } from '../contract/check.ts';
import type { Plan } from '../contract/plan.ts';
import { secretsOf } from './environment.ts';
import { redactValue } from './redact.ts';
import { checkWorld, secretNames } from './world.ts';

/** The lists of a plan that can be measured by themselves: those of a step make sense around it alone. */
export const CHECK_LISTS = ['preflight', 'postchecks', 'watch'] as const;
export type CheckList = (typeof CHECK_LISTS)[number];

/** A check that was measured by itself, and the list that it stands in. */
export interface CheckedAlone {
  readonly list: CheckList;
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
  const told = (list: CheckList, result: CheckResult) => ({ list, result: redactValue(result, secrets) });
  for (const list of lists) {
    if (list === 'watch')
      for (const metric of plan.watch) yield told(list, await measureWatched(atOnce(metric), context));
    else for (const check of plan[list]) yield told(list, await measureCheck(atOnce(check), context));
  }
}

function atOnce<T extends Pick<Check, 'prometheus'>>(check: T): T {
  return check.prometheus ? { ...check, prometheus: { ...check.prometheus, initialDelay: 0 } } : check;
}
