import { emergencyOf } from './emergency.ts';
import type { Facts } from './facts.ts';
import { unknown, type Finding } from './finding.ts';
import type { Judged } from './judged.ts';
import { lockHits } from './lock-hits.ts';
import { nextOpening } from './next-opening.ts';
import type { Policy } from './policy.ts';
import { questionOf } from './question.ts';
import { RULES, type Action, type Decision, type RuleId, type RuleVerdict } from './rule.ts';
import { RULE_TABLE, type Rule } from './rules.ts';
import { settle } from './settle.ts';
import { askedAgain } from './taken-back.ts';

type AskedRule = { readonly rule: RuleId; readonly judge: Rule['judge'] };

const ASKED_AT: Readonly<Record<Action, readonly AskedRule[]>> = {
  ask: askedAt('ask'),
  schedule: askedAt('schedule'),
  start: askedAt('start'),
  step: askedAt('step'),
  rollback: askedAt('rollback'),
  complete: askedAt('complete'),
};

function askedAt(action: Action): readonly AskedRule[] {
  return rulesAt(action).map(askedRule);
}

function askedRule(rule: RuleId): AskedRule {
  return { rule, judge: RULE_TABLE[rule].judge };
}

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
  if (isOutOfScope(policy, facts)) return outOfScope(question);
  const verdicts = judgedBy(policy, question, askedOf(facts));
  const refusing = verdicts.filter(({ verdict }) => verdict === 'deny' || verdict === 'unknown');
  const timeRefuses = refusing.some(({ rule }) => TIME_RULES.has(rule));
  return { allowed: refusing.length === 0, verdicts, nextOpening: openingOf(question, timeRefuses) };
}

/** What those rules say that are wanted, each as `decide` has it. No opening is looked for. */
export function verdictsOf(
  policy: Policy,
  facts: Facts,
  wanted: (rule: RuleId) => boolean,
): readonly RuleVerdict[] {
  const question = judgedOf(policy, facts);
  if (question instanceof Error || isOutOfScope(policy, facts)) {
    return decide(policy, facts).verdicts.filter(({ rule }) => wanted(rule));
  }
  return judgedBy(
    policy,
    question,
    askedOf(facts).filter(({ rule }) => wanted(rule)),
  );
}

function judgedBy(policy: Policy, question: Judged, asked: readonly AskedRule[]): readonly RuleVerdict[] {
  return asked.flatMap(({ rule, judge }) => {
    const finding = policy.off.has(rule) ? null : find(question, rule, judge);
    return finding === null ? [] : [verdictOf(rule, finding)];
  });
}

/** What an action asks, and before a step what rests on a word that was taken back since the start. */
function askedOf({ action, change: { takenBack } }: Facts): readonly AskedRule[] {
  if (action !== 'step' || takenBack.length === 0) return ASKED_AT[action];
  const again = askedAgain(takenBack);
  return RULES.filter((rule) => again.has(rule) || RULE_TABLE[rule].at.includes(action)).map(askedRule);
}

/** The rules that an opening has to satisfy. */
const TIME_RULES: ReadonlySet<RuleId> = new Set(['allowed-hours', 'in-slot', 'soft-lock', 'hard-lock']);

/** A known environment that is not operational: nothing but knowing it is asked there. */
function isOutOfScope({ environments }: Policy, { change }: Facts): boolean {
  return change.environment !== undefined && environments.get(change.environment)?.operational === false;
}

function outOfScope(question: Judged): Decision {
  const rule = 'environment-known';
  const finding = find(question, rule, RULE_TABLE[rule].judge);
  const { action, at } = question;
  const opens = action === 'ask' || action === 'schedule' || action === 'start';
  return {
    allowed: finding?.verdict === 'pass',
    verdicts: finding === null ? [] : [verdictOf(rule, finding)],
    nextOpening: opens ? at : null,
  };
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

function find(question: Judged, rule: RuleId, judge: Rule['judge']): Finding | null {
  try {
    const finding = judge(question);
    if (finding === null || finding.verdict === 'pass') return finding;
    return settle(question, rule, finding);
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
  const verdicts = ASKED_AT[action].map(({ rule }) => verdictOf(rule, unevaluated(cause)));
  return { allowed: false, verdicts, nextOpening: null };
}

function openingOf(question: Judged, timeRefuses: boolean): number | null {
  // At `ask` and `start` the interval begins now: if time refuses nothing, now is the opening.
  if (!timeRefuses && (question.action === 'ask' || question.action === 'start')) return question.at;
  try {
    return nextOpening(question);
  } catch {
    return null;
  }
}
