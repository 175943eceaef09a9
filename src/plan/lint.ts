import { locatePatterns } from './located-pattern.ts';
import { locateQueries } from './located-query.ts';
import type { FindingLevel, Flaw, LintInput, LintRule } from './rule.ts';
import { blindRules } from './rules/blind.ts';
import { checkRules } from './rules/checks.ts';
import { classificationRules } from './rules/classification.ts';
import { dateRules } from './rules/dates.ts';
import { estimateRules } from './rules/estimates.ts';
import { metricRules } from './rules/metrics.ts';
import { peopleRules } from './rules/people.ts';
import { rollbackRules } from './rules/rollback.ts';
import { scriptRules } from './rules/scripts.ts';
import { stepRules } from './rules/steps.ts';
import { targetRules } from './rules/targets.ts';
import { textRules } from './rules/text.ts';
import { wildcardRules } from './rules/wildcards.ts';
import { everyText, walked } from './walk.ts';

/** Every rule of the linter, in the order of `docs/lint.md`. */
export const LINT_RULES: readonly LintRule[] = [
  ...wildcardRules,
  ...targetRules,
  ...scriptRules,
  ...checkRules,
  ...stepRules,
  ...blindRules,
  ...rollbackRules,
  ...textRules,
  ...metricRules,
  ...estimateRules,
  ...classificationRules,
  ...peopleRules,
  ...dateRules,
];

/** One thing that a plan lacks or gets wrong. Lines and columns are 1-based. */
export interface Finding {
  /** The id of the rule in `docs/lint.md`. */
  readonly rule: string;
  readonly level: FindingLevel;
  /** Whether it only warns because the plan asks for an exception. */
  readonly excepted: boolean;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What was expected and what was got. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}

/**
 * Everything that is wrong with a plan that was read, in the order of the file. A rule of the policy to which the plan
 * asks for an exception with a reason only warns: whether the exception is approved is not for the linter to say.
 */
export function lintPlan(input: LintInput): readonly Finding[] {
  const lists = walked(input.plan);
  const subject = {
    ...input,
    ...lists,
    patterns: locatePatterns(input, lists),
    queries: locateQueries(input.plan, lists),
    texts: input.texts ?? everyText(input.plan),
  };
  const asked = new Set(input.plan.exceptions.map(({ rule }) => rule));
  const found = LINT_RULES.flatMap((rule) =>
    rule.find(subject).map((flaw) => findingOf(rule, flaw, input, asked)),
  ).toSorted((a, b) => order(a, b, input.file));
  return input.rollouts?.length ? oncePerPlace(found) : found;
}

/** What is wrong where something is written for many targets is wrong for each, and said once. */
function oncePerPlace(findings: readonly Finding[]): readonly Finding[] {
  const places = Map.groupBy(findings, ({ rule, file, line, column }) => `${rule} ${file}:${line}:${column}`);
  return [...places.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const more = others.length > 0 ? `, and ${others.length} times more` : '';
    return [{ ...first, message: `${first.message}${more}` }];
  });
}

function findingOf(rule: LintRule, flaw: Flaw, input: LintInput, asked: ReadonlySet<string>): Finding {
  const level = flaw.level ?? rule.level;
  const excepted = level === 'error' && rule.policy !== null && asked.has(rule.policy);
  const place = flaw.elsewhere ?? { file: input.file, ...input.placeOf(flaw.path) };
  return {
    rule: rule.id,
    level: excepted ? 'warning' : level,
    excepted,
    file: place.file,
    line: place.line,
    column: place.column,
    message: excepted ? `${flaw.message}; an exception to \`${rule.policy}\` is asked for` : flaw.message,
    fix: flaw.fix,
  };
}

/** The plan first, then its scripts. */
function order(a: Finding, b: Finding, file: string): number {
  if (a.file !== b.file) {
    if (a.file === file || b.file === file) return a.file === file ? -1 : 1;
    return a.file < b.file ? -1 : 1;
  }
  return a.line - b.line || a.column - b.column;
}
