import type { DecisionDocument } from '../../contract/decision.ts';
import { transact } from '../../store/database.ts';
import { systemCall } from '../actor.ts';
import { entryBase, record } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { askGate } from '../gate/ask.ts';
import { whyRefused } from '../gate/why-refused.ts';
import type { Connection, Taken } from '../ports/connection.ts';
import type { AskedDeployment, WaitingDeployment } from '../ports/deployments.ts';

/**
 * Answers the deployments that wait at a peer, each by what the gate says now: an answer that could not be given is not kept, the next
 * attempt asks anew. Until there is one the peer holds them back.
 */
export async function answerDeployments(
  context: AppContext,
  connection: Connection,
  asked: AskedDeployment,
  signal: AbortSignal,
): Promise<Taken> {
  const { deployments } = connection.offers;
  if (!deployments)
    return {
      kind: 'refused',
      because: `expected \`${connection.name}\` to hold deployments, which it does not`,
    };
  const found = await deployments.waiting(asked, signal);
  if (found.kind !== 'waiting') return found;
  const said: string[] = [];
  for (const one of found.deployments) {
    const verdict = await verdictOn(context, connection, one);
    const taken = await one.answer(verdict, signal);
    if (taken.kind !== 'taken') return taken;
    said.push(`${one.what}: ${verdict.allowed ? 'yes' : 'no'}`);
  }
  return { kind: 'taken', receipt: said.join('; ') || 'nothing waits any more' };
}

async function verdictOn(context: AppContext, { name }: Connection, { what, question }: WaitingDeployment) {
  const call = systemCall(name);
  if (question !== null) {
    const answer = await askGate(context, call, question);
    return { allowed: answer.allowed, because: reasonOf(answer) };
  }
  const because = `expected a rule of integrations.yaml for it, got none`;
  await transact(context.db, (tx) =>
    record(tx, {
      ...entryBase(context, call),
      type: 'deployment.refused',
      action: 'ask',
      object: `peer/${name}`,
      outcome: 'deny',
      reason: because,
      before: null,
      after: null,
      details: { what: what.slice(0, 300).toWellFormed() },
    }),
  );
  return { allowed: false, because };
}

function reasonOf(document: DecisionDocument): string {
  return document.allowed ? 'no rule says no; nothing is reserved by that' : whyRefused(document);
}
