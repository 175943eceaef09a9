import type { Plan } from '../contract/plan.ts';
import type { Policy } from '../kernel/policy/policy.ts';
import type { RuleId } from '../kernel/policy/rule.ts';
import type { Rollout } from './blocks.ts';
import type { LocatedPattern } from './located-pattern.ts';
import type { LocatedQuery } from './located-query.ts';
import type { Scripts } from './scripts.ts';
import type { PlacedText, PlanPath, Walked } from './walk.ts';

/** 1-based, in UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The parts of a policy that a linter looks at; a `Policy` as it was read will do. Without `environments` any will do. */
export type LintPolicy = Pick<Policy, 'topics' | 'downtime'> & {
  readonly environments?: Policy['environments'];
  readonly rules: Readonly<Record<RuleId, { readonly exception: boolean }>>;
};

/** What a linter is given. Time and policy are optional: rules that need them are silent without. */
export interface LintInput {
  readonly file: string;
  readonly plan: Plan;
  /** Where a part of the plan stands in the file; of a part that is not there, its nearest parent. */
  readonly placeOf: (path: PlanPath) => Place;
  readonly scripts: Scripts;
  /** The blocks of steps that were laid out over targets. */
  readonly rollouts?: readonly Rollout[] | undefined;
  /** Every text of the plan, where somebody has listed them. */
  readonly texts?: readonly PlacedText[] | undefined;
  /** What the policy says of topics, downtime, environments and exceptions. */
  readonly policy?: LintPolicy | undefined;
  /** Now, in epoch milliseconds. */
  readonly now?: number | undefined;
}

/** The input with what several rules look at, worked out once. */
export interface LintSubject extends LintInput, Walked {
  readonly patterns: readonly LocatedPattern[];
  readonly queries: readonly LocatedQuery[];
  /** Of the plan, without those of its scripts. */
  readonly texts: readonly PlacedText[];
}

export type FindingLevel = 'error' | 'warning';

/** What a rule found, before it has a place. */
export interface Flaw {
  readonly path: PlanPath;
  /** What was expected and what was got, one line. */
  readonly message: string;
  /** What to do about it, one line. */
  readonly fix: string;
  /** Where this one is less than the rule's own level. */
  readonly level?: FindingLevel;
  /** A place in another file: a script. */
  readonly elsewhere?: Place & { readonly file: string };
}

/**
 * Which fact of `change.plan` an error of the rule makes worse: `complete` becomes false, the others count it. `null`
 * where the fact is counted otherwise, or another rule of the policy looks at it.
 */
export type CountsAs = 'complete' | 'wildcards' | 'unquantifiedChecks' | null;

/** One rule of the linter. Its id is public: `docs/lint.md` and the tests name it. */
export interface LintRule {
  readonly id: string;
  readonly level: FindingLevel;
  readonly counts: CountsAs;
  /** The rule of the policy that this one looks ahead to; where the plan asks for an exception to it, errors warn. */
  readonly policy: RuleId | null;
  readonly find: (subject: LintSubject) => readonly Flaw[];
}
