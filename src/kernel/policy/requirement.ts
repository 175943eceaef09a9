import type { Profile } from './profile.ts';
import type { Level, Policy } from './policy.ts';
import { PREPARATION } from './requirement-preparation.ts';
import { EXECUTION } from './requirement-execution.ts';
import { RULES, type Action, type RuleId } from './rule.ts';
import { RULE_TABLE } from './rules.ts';

/** What one rule asks of a kind of change, in words; `null` if it asks nothing of it. */
export type RequirementText = (policy: Policy, profile: Profile) => string | null;

/** One line of the ceremony of a kind of change. */
export type Requirement = {
  readonly rule: RuleId;
  readonly what: string;
  /** When it is asked for; a rollback is asked what a step is, and only warned. */
  readonly at: readonly Action[];
  readonly level: Exclude<Level, 'off'>;
  readonly exception: boolean;
};

const TEXTS = { ...PREPARATION, ...EXECUTION } satisfies Record<RuleId, RequirementText>;

/** Everything that a policy asks of a kind of change, in the order of its rules. */
export function requirementsOf(policy: Policy, profile: Profile): readonly Requirement[] {
  return RULES.flatMap((rule) => requirementOf(policy, profile, rule) ?? []);
}

/** What one rule of it asks; `null` if it asks nothing of this kind. */
export function requirementOf(policy: Policy, profile: Profile, rule: RuleId): Requirement | null {
  const { level, exception } = policy.rules[rule];
  const what = level === 'off' ? null : TEXTS[rule](policy, profile);
  if (what === null || level === 'off') return null;
  return { rule, what, at: RULE_TABLE[rule].at.filter((action) => action !== 'rollback'), level, exception };
}
