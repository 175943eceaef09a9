import type { GateAnswer, GateQuestion } from '../../contract/gate.ts';
import { AppError } from '../../contract/errors.ts';
import { findChange, findRevision } from '../../store/changes.ts';
import { transact } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import { hostFacts } from '../change/host.ts';
import type { AppContext } from '../context.ts';
import { decideChange, targetNames } from '../decide.ts';
import { decideAsks, type Ask } from '../decide-asks.ts';
import type { HostFacts } from '../facts.ts';
import { inBatchesOf } from '../in-batches.ts';
import { ALL, askPeers, INCIDENTS_ALONE } from './ask-peers.ts';
import { ensureProof } from '../monitoring/monitoring.ts';
import type { Judged } from '../record-decision.ts';

/**
 * Asks whether something may happen now, for a pipeline. The answer is recorded before it is given; a no is an answer. While the
 * ledger is frozen there is none, for a yes would be acted on.
 *
 * @throws {AppError} `ledger_frozen`, `not_found`
 */
export async function askGate(context: AppContext, call: Call, question: GateQuestion): Promise<GateAnswer> {
  if (context.ledger.frozen !== null) throw new AppError('ledger_frozen');
  // No multiplexer: only a runner can say where it runs.
  const host = hostFacts(call.actor, null);
  const judged =
    'change' in question
      ? await askOfChange(context, call, question, host)
      : await askTogether(context)({ call, change: kindIn(question), host });
  return { ...judged.document, ledgerIndex: judged.index.toString() };
}

/** Without its action, which is no part of the facts of a change. */
function kindIn({ action: _ask, ...kind }: Exclude<GateQuestion, { change: string }>) {
  return kind;
}

/**
 * Those who ask while others are being answered are answered together: one transaction reads what they share, decides each by itself
 * and records all. Nobody has an answer before it is committed. Where a proof of monitoring would be made anew it is, and all of it is read
 * again.
 */
const askTogether = inBatchesOf(
  async (context: AppContext, asks: readonly Ask[]): Promise<readonly Judged[]> => {
    await askPeers(context, INCIDENTS_ALONE);
    return (await answered(context, asks, true)) ?? (await answeredWithProofs(context, asks));
  },
  // Two, so that one is decided while the other is written; the ledger lets one at a time through.
  { most: 50, besideFrom: 8 },
);

function answered(context: AppContext, asks: readonly Ask[], ifProven: boolean): Promise<Judged[] | null> {
  return transact(context.db, (tx) => decideAsks(tx, context, asks, { ifProven }));
}

async function answeredWithProofs(context: AppContext, asks: readonly Ask[]): Promise<Judged[]> {
  const environments = new Set(asks.map(({ change }) => change.environment ?? ''));
  for (const environment of environments) await ensureProof(context, { environment, targets: null });
  const judged = await answered(context, asks, false);
  if (!judged) throw new Error('expected answers, got none');
  return judged;
}

async function askOfChange(
  context: AppContext,
  call: Call,
  { action, change: changeId }: Extract<GateQuestion, { change: string }>,
  host: HostFacts | null,
): Promise<Judged> {
  const change = await findChange(context.db, changeId);
  const revision = change && (await findRevision(context.db, change.id, change.revision));
  if (!revision)
    throw new AppError('not_found', `expected a request, got \`${changeId}\`, which there is none of`);
  const { plan } = revision;
  await Promise.all([
    ensureProof(context, { environment: plan.environment, targets: targetNames(plan) }),
    askPeers(context, ALL),
  ]);
  return transact(context.db, (tx) => decideChange(tx, context, call, { action, changeId, host }));
}
