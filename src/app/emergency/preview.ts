import type { EmergencyPreview } from '../../contract/emergencies.ts';
import { AppError } from '../../contract/errors.ts';
import { parseFacts, type FactsDocument } from '../../contract/facts.ts';
import { decide } from '../../kernel/policy/decide.ts';
import type { Duty } from '../../kernel/policy/facts.ts';
import type { Decision, RuleId } from '../../kernel/policy/rule.ts';
import { findChange, type ChangeRow } from '../../store/changes.ts';
import { transact } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import { hostFacts } from '../change/host.ts';
import { noChange, questionFor } from '../change/show.ts';
import { counts, wordsOf } from '../change/words.ts';
import type { AppContext } from '../context.ts';
import { previewChange } from '../decide.ts';
import { lookAtMonitoring } from '../monitoring/look.ts';
import { skippedByEmergency } from './skipped.ts';
import { toCatchUp } from './to-catch-up.ts';

/** What these look at is where the one who starts it sits, not where the one who looks does. */
const OF_WHOEVER_STARTS: ReadonlySet<RuleId> = new Set(['run-from-bastion', 'in-multiplexer', 'awareness']);

const HOUR_MS = 3_600_000;

/**
 * What an approved emergency would let pass, by the facts of now with the words of everybody on duty who has to give one: the same
 * judgement twice, as `catchUpOn` does once it has happened. Nothing is recorded.
 *
 * @throws {AppError} `not_found`, `conflict`
 */
export async function previewEmergency(
  context: AppContext,
  call: Call,
  id: string,
): Promise<EmergencyPreview> {
  const question = await questionFor(context, id);
  const proven = question && (await lookAtMonitoring(context, question));
  return transact(context.db, async (tx) => {
    const row = await findChange(tx, id);
    if (!row) throw noChange(id);
    const action = actionOf(row);
    const host = hostFacts(call.actor, null);
    const asked = { action, changeId: id, host, ...(proven && { proven }) };
    const { facts } = await previewChange(tx, context, call, asked);
    const words = (await wordsOf(tx, id)).approvals.filter(
      (one) => one.subject === 'emergency' && counts(one, row.digest),
    );
    return {
      change: row.id,
      digest: row.digest,
      action,
      approvedAs: [...new Set(words.map(({ capacity }) => capacity))],
      wants: context.policy.policy.approvals.emergency.any.map((way) => [...way]),
      ...judged(context, row, facts),
    };
  });
}

function actionOf({ id, state }: ChangeRow): 'start' | 'step' {
  if (state === 'unscheduled' || state === 'scheduled') return 'start';
  if (state === 'in-progress') return 'step';
  throw new AppError(
    'conflict',
    `expected a change that may start or runs, got \`${id}\`, which is ${state}`,
  );
}

function judged(context: AppContext, row: ChangeRow, facts: FactsDocument) {
  const { policy } = context.policy;
  const incident = facts.change?.resolvesIncident ?? null;
  const active = (facts.incidents ?? []).some(({ id, status }) => id === incident && status === 'active');
  const approved = withEmergency(context, facts);
  const decision = decisionOn(context, approved);
  const skipped = skippedByEmergency(policy, approved, decision).filter(
    (rule) => !OF_WHOEVER_STARTS.has(rule),
  );
  const now = decisionOn(context, facts);
  return {
    incident,
    active,
    inForce: skippedByEmergency(policy, facts, now).length > 0,
    skips: said(decision, (rule) => skipped.includes(rule)),
    refuses: said(
      decision,
      (rule, verdict) => (verdict === 'deny' || verdict === 'unknown') && !OF_WHOEVER_STARTS.has(rule),
    ),
    catchUp: toCatchUp(context, row, { incident: incident ?? 'an incident', skipped }).map(
      ({ kind, title, withinMs }) => ({ kind, title, within: `${withinMs / HOUR_MS} h` }),
    ),
  };
}

function said(decision: Decision, wanted: (rule: RuleId, verdict: string) => boolean) {
  return decision.verdicts
    .filter(({ rule, verdict }) => wanted(rule, verdict))
    .map(({ rule, because }) => ({ rule, because }));
}

/** The facts as they would be if everybody who has to approve the emergency had: whoever is on duty at this instant. */
function withEmergency({ policy: { policy } }: AppContext, facts: FactsDocument): FactsDocument {
  const { change, at } = facts;
  const digest = change?.plan?.digest;
  const roles = new Set(policy.approvals.emergency.any.flat());
  const words = [...roles].flatMap((as) => {
    const person = onDuty(facts, as as Duty);
    return person === undefined ? [] : [{ person, as, for: 'emergency', via: 'app' as const, digest, at }];
  });
  return { ...facts, change: { ...change, approvals: [...(change?.approvals ?? []), ...words] } };
}

function onDuty({ rota, at }: FactsDocument, duty: Duty): string | undefined {
  const now = Date.parse(at);
  return rota?.[duty]?.find(({ start, end }) => Date.parse(start ?? '') <= now && now < Date.parse(end ?? ''))
    ?.person;
}

function decisionOn({ policy: { policy } }: AppContext, facts: FactsDocument): Decision {
  const parsed = parseFacts(facts);
  if (!parsed.ok) {
    const cause = new Error(JSON.stringify(parsed.problems));
    throw new AppError('internal', 'expected facts that can be judged, got others', { cause });
  }
  return decide(policy, parsed.facts);
}
