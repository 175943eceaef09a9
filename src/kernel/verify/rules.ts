import type { Outcome } from './outcome.ts';
import { counted, named, span } from './quantity.ts';
import { fail, type Judgement, pass, unknown } from './verdict.ts';

/** A rule group as Prometheus reports it. */
export interface RuleGroup {
  readonly name: string;
  readonly intervalMs: number;
  readonly lastEvaluationMs: number;
  readonly rules: readonly { readonly name: string; readonly health: string }[];
}

/** M7: every rule is healthy, and every group was evaluated within two of its intervals. */
export function judgeRules(
  groups: Outcome<readonly RuleGroup[]>,
  { nowMs, intervals }: { readonly nowMs: number; readonly intervals: number },
): Judgement {
  const wanted = `every rule healthy and evaluated within ${intervals} intervals wanted`;
  if (!groups.ok) return unknown(`${wanted}; ${groups.because}`);
  const all = groups.value;
  const rules = all.flatMap((group) => group.rules);
  if (rules.length === 0) return fail(`${wanted}; there is no rule, so no alert either`);

  const ill = rules.filter(({ health }) => health !== 'ok' && health !== 'unknown');
  if (ill.length > 0) return fail(`${wanted}; not healthy: ${named(ill.map(({ name }) => name))}`);
  const unevaluated = rules.filter(({ health }) => health === 'unknown');
  if (unevaluated.length > 0) {
    return unknown(`${wanted}; not evaluated yet: ${named(unevaluated.map(({ name }) => name))}`);
  }
  const late = all.filter((group) => !isFresh(group, nowMs, intervals));
  if (late.length > 0) {
    const ages = late.map(
      ({ name, intervalMs, lastEvaluationMs }) =>
        `${name} (${span(nowMs - lastEvaluationMs)} ago, every ${span(intervalMs)})`,
    );
    return fail(`${wanted}; late: ${named(ages)}`);
  }
  return pass(`${wanted}; all ${counted(rules.length, 'rule')} of ${counted(all.length, 'group')} are`);
}

function isFresh({ intervalMs, lastEvaluationMs }: RuleGroup, nowMs: number, intervals: number): boolean {
  // An evaluation of the future is as little a sign of life as one long past.
  return Math.abs(nowMs - lastEvaluationMs) <= intervals * intervalMs;
}
