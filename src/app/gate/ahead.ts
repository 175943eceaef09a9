import { AppError } from '../../contract/errors.ts';
import type { FactsDocument } from '../../contract/facts.ts';
import type { PolicyAnswer, PolicyAnswerQuery } from '../../contract/policies.ts';
import { formatInstant } from '../../kernel/calendar/instant.ts';
import type { RuleId } from '../../kernel/policy/rule.ts';
import { clock } from '../../store/clock.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { standingLocks } from '../../store/locks.ts';
import { onDutyAt, shiftsBetween } from '../../store/rota.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { previewAsk } from '../decide-asks.ts';
import type { AskedChange } from '../facts-of-asks.ts';
import { lockFacts, lookedAhead } from '../lock/facts.ts';
import { judge } from '../record-decision.ts';
import { rotaOf } from '../standing-facts.ts';

const DAY_MS = 86_400_000;

/** What the calendar alone settles, of all that is asked without a request. */
const OF_THE_CALENDAR: ReadonlySet<RuleId> = new Set([
  'environment-known',
  'allowed-hours',
  'soft-lock',
  'hard-lock',
]);

/**
 * What the policy says of a kind of change, now or at an instant ahead, by the one verdict function. Of an instant ahead the
 * calendar is known, and what rests on that moment is unknown, which never passes (ADR 0128). Nothing is recorded.
 *
 * @throws {AppError} `invalid` for an instant that has passed, or that is further than openings are looked for
 */
export async function answerAt(
  context: AppContext,
  call: Call,
  query: PolicyAnswerQuery,
): Promise<PolicyAnswer> {
  const { deployment, at, ...kind } = query;
  const change = { ...kind, deployment: deployment ?? null, monthlyRelease: false };
  return transact(
    context.db,
    async (tx) => {
      if (at !== undefined) await refuseOutside(tx, context, at);
      const { document, facts } =
        at === undefined
          ? await previewAsk(tx, context, call, { change, host: null })
          : judge(context, await factsAhead(tx, change, at));
      const { name } = context.policy.policy;
      return {
        at: facts.at,
        policy: { name, digest: document.policy },
        allowed: document.allowed,
        timeAllows: !document.verdicts.some(
          ({ rule, verdict }) => OF_THE_CALENDAR.has(rule) && (verdict === 'deny' || verdict === 'unknown'),
        ),
        verdicts: document.verdicts.map((one) => ({
          ...one,
          known: at === undefined || OF_THE_CALENDAR.has(one.rule),
        })),
        nextOpening: document.nextOpening,
        onDuty: await onDutyAt(tx, new Date(facts.at)),
      };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

async function refuseOutside(tx: Transaction, { policy }: AppContext, at: number): Promise<void> {
  const now = await clock(tx);
  const last = now + policy.policy.limits.nextOpeningMs;
  if (at >= now && at <= last) return;
  throw new AppError(
    'invalid',
    `expected an instant from now until ${formatInstant(last)}, got \`${formatInstant(at)}\`: what was answered before stands in the ledger`,
  );
}

/**
 * The facts of an instant ahead. Locks and rotas are as they stand; an incident, a change that runs, a veto and the life of
 * monitoring cannot be known, and one of each of which nothing is known says so to the rules.
 */
async function factsAhead(tx: Transaction, change: AskedChange, at: number): Promise<FactsDocument> {
  const shifts = await shiftsBetween(tx, new Date(at - DAY_MS), new Date(at + DAY_MS));
  const locks = await standingLocks(tx, change.environment ?? '', new Date(at));
  return {
    action: 'ask',
    at: formatInstant(at),
    change,
    rota: { eoc: rotaOf(shifts, 'eoc'), imoc: rotaOf(shifts, 'imoc'), cmoc: rotaOf(shifts, 'cmoc') },
    locks: lockFacts(locks, lookedAhead(at, change)),
    running: [{}],
    incidents: [{}],
    vetoes: [{}],
    errorBudgets: [{}],
    monitoring: { prometheus: 'unknown', thanos: 'unknown', alertmanager: 'unknown' },
    host: null,
  };
}
