import type { ChangeRecord, OpenChange } from '../../contract/changes.ts';
import { findChange, insertChange } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import type { AppContext } from '../context.ts';
import { once } from '../once.ts';
import { refuse, type Outcome } from '../outcome.ts';
import { askExceptions } from './ask-exceptions.ts';
import { readSentPlan } from './read-plan.ts';
import { changeRecord, recordOf } from './view.ts';
import { wordsOf } from './words.ts';

/** Files a request from a plan. Its author is whoever calls; what the file says of that does not count. */
export async function openChange(
  context: AppContext,
  call: Call,
  sent: OpenChange,
): Promise<Outcome<ChangeRecord>> {
  const { idempotencyKey: key, ...body } = sent;
  const deed = { type: 'change.opened', action: 'open', object: 'change/new' };
  // Before the transaction: reading takes as long as all the rest, and nobody needs a connection for it.
  const read = readSentPlan(context, sent);
  return once(context, call, { key, route: 'changes', body, deed }, async (tx) => {
    if (!read.ok) return read;
    const refused = await cannotRetry(tx, sent.retryOf);
    if (refused) return refused;
    const { outline, revision } = read.value;
    const { person, botOf } = call.actor;
    const first = { ...revision, revision: 1, by: person };
    const row = await insertChange(
      tx,
      { ...outline, author: person, authorBotOf: botOf, retryOf: sent.retryOf ?? null },
      first,
    );
    await askExceptions(tx, row, person, read.value);
    const none = { approvals: [], exceptions: [] };
    const said = read.value.plan.exceptions.length === 0 ? none : await wordsOf(tx, row.id);
    const value = changeRecord(row, first, said);
    return recordOf(row, value, { before: null, reason: 'opened' });
  });
}

/** An aborted request is not reopened: a retry is a new one that names it. */
async function cannotRetry(tx: Transaction, retryOf: string | undefined) {
  if (retryOf === undefined) return null;
  const former = await findChange(tx, retryOf);
  if (former?.state === 'aborted') return null;
  const got = former ? `\`${retryOf}\`, which is ${former.state}` : `\`${retryOf}\`, which there is none of`;
  return refuse('conflict', `expected a change that was aborted, got ${got}`);
}
