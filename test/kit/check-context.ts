import type { CheckContext } from '../../src/checks/context.ts';
import { measureCheck } from '../../src/checks/measure.ts';
import { check, type CheckResult } from '../../src/contract/check.ts';

/** A context with the real clock and this process's environment. */
export function checkContext(differing: Partial<CheckContext> = {}): CheckContext {
  return {
    prometheusUrl: null,
    alertmanagerUrl: null,
    env: process.env,
    signal: new AbortController().signal,
    now: Date.now,
    ...differing,
  };
}

/** Measures a check written as in a plan, without its name. */
export function measured(
  written: Readonly<Record<string, unknown>>,
  context: CheckContext = checkContext(),
): Promise<CheckResult> {
  return measureCheck(check.parse({ name: 'the check', ...written }), context);
}
