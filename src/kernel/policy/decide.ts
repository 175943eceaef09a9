import { emergencyOf } from './emergency.ts';
import type { Facts } from './facts.ts';
import { unknown, type Finding } from './finding.ts';
import type { Judged } from './judged.ts';
import { lockHits } from './lock-hits.ts';
import { nextOpening } from './next-opening.ts';
import type { Policy } from './policy.ts';
import { questionOf } from './question.ts';
import { RULES, type Action, type Decision, type RuleId, type RuleVerdict } from './rule.ts';
import { RULE_TABLE } from './rules.ts';
import { settle } from './settle.ts';

const RULES_AT: Readonly<Record<Action, readonly RuleId[]>> = {
  ask: rulesAt('ask'),
  schedule: rulesAt('schedule'),
  start: rulesAt('start'),
  step: rulesAt('step'),
  rollback: rulesAt('rollback'),
  complete: rulesAt('complete'),
};

/** The rules that are asked at an action, in the order of the policy. */
export function rulesAt(action: Action): readonly RuleId[] {
  return RULES.filter((rule) => RULE_TABLE[rule].at.includes(action));
}

/**
 * The one verdict function: pure, total, deterministic. Whatever cannot be evaluated says `unknown`, and unknown
 * counts as refusal.
 */
export function decide(policy: Policy, facts: Facts): Decision {
  const question = judgedOf(policy, facts);
  if (question instanceof Error) return undecidable(facts.action, question);
  const there =
    facts.change.environment === undefined ? undefined : policy.environments.get(facts.change.environment);
  const outOfScope = there !== undefined && !there.operational;
  const verdicts: RuleVerdict[] = [];
  let allowed = true;
  for (const rule of RULES_AT[facts.action]) {
    if (policy.rules[rule].level === 'off' || (outOfScope && rule !== 'environment-known')) continue;
    const finding = find(question, rule);
    if (finding === null) continue;
    if (finding.verdict === 'deny' || finding.verdict === 'unknown') allowed = false;
    verdicts.push(verdictOf(rule, finding));
  }
  return { allowed, verdicts, nextOpening: openingOf(question, outOfScope) };
}

function judgedOf(policy: Policy, facts: Facts): Judged | Error {
  try {
    const question = questionOf(policy, facts);
    const locks = lockHits(question);
    const judged: Judged = { ...question, locks, emergency: null };
    const emergency = emergencyOf(question);
    return emergency === null ? judged : { ...judged, emergency };
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}

function find(question: Judged, rule: RuleId): Finding | null {
  try {
    const finding = RULE_TABLE[rule].judge(question);
    return finding === null ? null : settle(question, rule, finding);
  } catch (cause) {
    return unevaluated(cause);
  }
}

/** INVARIANT: a rule that errors refuses, also where it would only warn: nobody knows what it would have said. */
function unevaluated(cause: unknown): Finding {
  return unknown(
    `The rule could not be evaluated: ${cause instanceof Error ? cause.message : String(cause)}.`,
  );
}

function verdictOf(rule: RuleId, { verdict, because, clearsAt }: Finding): RuleVerdict {
  const clears =
    clearsAt !== undefined && (verdict === 'deny' || verdict === 'unknown' || verdict === 'warn');
  return clears ? { rule, verdict, because, clearsAt } : { rule, verdict, because };
}

function undecidable(action: Action, cause: Error): Decision {
  const verdicts = RULES_AT[action].map((rule) => verdictOf(rule, unevaluated(cause)));
  return { allowed: false, verdicts, nextOpening: null };
}

function openingOf(question: Judged, outOfScope: boolean): number | null {
  const { action, at } = question;
  if (outOfScope) return action === 'ask' || action === 'schedule' || action === 'start' ? at : null;
  try {
    return nextOpening(question);
  } catch {
    return null;
  }
}
