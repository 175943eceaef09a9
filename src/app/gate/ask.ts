import type { GateAnswer, GateQuestion } from '../../contract/gate.ts';
import { AppError } from '../../contract/errors.ts';
import { findChange, findRevision } from '../../store/changes.ts';
import { transact } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import { hostFacts } from '../change/host.ts';
import type { AppContext } from '../context.ts';
import { decideAsk, decideChange, targetNames } from '../decide.ts';
import { ensureProof } from '../monitoring/monitoring.ts';

/**
 * Asks whether something may happen now, for a pipeline. The answer is recorded before it is given; a no is an answer. While the
 * ledger is frozen there is none, for a yes would be acted on.
 *
 * @throws {AppError} `ledger_frozen`, `not_found`
 */
export async function askGate(context: AppContext, call: Call, question: GateQuestion): Promise<GateAnswer> {
  if (context.ledger.frozen !== null) throw new AppError('ledger_frozen');
  await ensureProof(context, await proofQuestion(context, question));
  // No multiplexer: only a runner can say where it runs.
  const host = hostFacts(call.actor, null);
  const judged = await transact(context.db, (tx) =>
    'change' in question
      ? decideChange(tx, context, call, { action: question.action, changeId: question.change, host })
      : decideAsk(tx, context, call, { change: question, host }),
  );
  return { ...judged.document, ledgerIndex: judged.index.toString() };
}

async function proofQuestion(context: AppContext, question: GateQuestion) {
  if (!('change' in question)) return { environment: question.environment, targets: null };
  const change = await findChange(context.db, question.change);
  const revision = change && (await findRevision(context.db, change.id, change.revision));
  if (!revision) throw new AppError('not_found', `expected a request, got \`${question.change}\``);
  return { environment: revision.plan.environment, targets: targetNames(revision.plan) };
}
