import { measureCheck, measureWatched } from '../checks/measure.ts';
import type { Check, CheckResult } from '../contract/check.ts';
import { redactValue } from './redact.ts';
import type { RunnerWorld } from './world.ts';

/** Measures checks one after the other, and shows each. */
export async function measureAll(
  world: RunnerWorld,
  list: string,
  checks: readonly Check[],
  signal: AbortSignal = NEVER,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    const result = redactValue(await measureCheck(check, { ...world.checks, signal }), world.secrets);
    world.view.check(list, result);
    results.push(result);
  }
  return results;
}

/** Measures every watched metric at once; only what is not well is shown. */
export async function measureAllWatched(
  world: RunnerWorld,
  signal: AbortSignal = NEVER,
): Promise<CheckResult[]> {
  const context = { ...world.checks, signal };
  const results = await Promise.all(world.plan.watch.map((metric) => measureWatched(metric, context)));
  const shown = redactValue(results, world.secrets);
  world.view.watched(shown);
  for (const result of shown) if (result.verdict !== 'pass') world.view.check('watched', result);
  return shown;
}

const NEVER = new AbortController().signal;
