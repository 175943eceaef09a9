import type { ChangePage, ChangeQuery } from '../../contract/change-lists.ts';
import type { ChangeView } from '../../contract/changes.ts';
import { AppError } from '../../contract/errors.ts';
import { listChanges } from '../../store/change-list.ts';
import { endingOf } from '../../store/change-endings.ts';
import { agentWhoOpened, findChange, findRevision, retriesOf } from '../../store/changes.ts';
import { transact, type Transaction } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { previewChange, targetNames } from '../decide.ts';
import { lookAtMonitoring } from '../monitoring/look.ts';
import { ALL, askPeers } from '../gate/ask-peers.ts';
import { ensureProof, type ProofQuestion } from '../monitoring/monitoring.ts';
import { ceremonyOfFiled, ceremonyView } from './ceremony.ts';
import { hostFacts } from './host.ts';
import { changeSummary, changeView, nextAction } from './view.ts';

/** A request whole, with the verdict on its next act as it stands now. Nothing is recorded. */
export async function showChange(context: AppContext, call: Call, id: string): Promise<ChangeView> {
  const looked = await questionFor(context, id);
  const proven = looked && (await lookAtMonitoring(context, looked));
  return transact(context.db, async (tx) => {
    const row = await findChange(tx, id);
    if (!row) throw noChange(id);
    const view = {
      ...(await changeView(tx, row)),
      ending: await endingView(tx, id),
      openedByAgent: (await agentWhoOpened(tx, id)) ?? null,
      retriedBy: await retriesOf(tx, id),
    };
    const action = nextAction(row.state);
    if (action === null) {
      const revision = await findRevision(tx, id, row.revision);
      if (!revision) throw new AppError('internal', `expected revision ${row.revision} of ${id}, got none`);
      return { ...view, ...(await ceremonyOfFiled(tx, context, row, revision)), verdict: null };
    }
    // A tentative slot is what would be asked for next.
    const slot = row.slot_start && row.slot_end ? { start: row.slot_start, end: row.slot_end } : null;
    const asked = { ...(action === 'schedule' && { slot }), ...(proven && { proven }) };
    const host = hostFacts(call.actor, null);
    const question = { action, changeId: id, host, ...asked };
    const { document, facts } = await previewChange(tx, context, call, question);
    const ceremony = ceremonyView(context, facts, row.state);
    return { ...view, ...ceremony, verdict: { action, decision: document } };
  });
}

async function endingView(tx: Transaction, id: string): Promise<ChangeView['ending']> {
  const ending = await endingOf(tx, id);
  return ending === undefined ? null : { ...ending, at: ending.at.toISOString() };
}

/** A page of requests, the newest first. */
export async function pageOfChanges(context: AppContext, query: ChangeQuery): Promise<ChangePage> {
  const { limit, before, slotFrom, slotTo, ...filter } = query;
  const from = before === undefined ? {} : { before: BigInt(before.slice('CHG-'.length)) };
  const slot =
    slotFrom === undefined || slotTo === undefined
      ? {}
      : { slot: { start: new Date(slotFrom), end: new Date(slotTo) } };
  const rows = await listChanges(context.db, { ...filter, ...from, ...slot }, limit + 1);
  const page = rows.slice(0, limit);
  return { changes: page.map(changeSummary), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** Has monitoring proven for a request's environment and targets, and peers asked for what they know, before the gate that depends on it. */
export async function proveFor(context: AppContext, id: string): Promise<void> {
  const question = await questionFor(context, id);
  if (question) await Promise.all([ensureProof(context, question), askPeers(context, ALL)]);
}

/** What monitoring has to prove for a request. @throws {AppError} `not_found` */
export async function questionFor(context: AppContext, id: string): Promise<ProofQuestion | null> {
  const row = await findChange(context.db, id);
  if (!row) throw noChange(id);
  const revision = await findRevision(context.db, id, row.revision);
  return revision ? { environment: row.environment, targets: targetNames(revision.plan) } : null;
}

export function noChange(id: string): AppError {
  return new AppError('not_found', `expected a change, got \`${id}\`, which there is none of`);
}
