import type { OpenChange, OpenedChange } from '../../contract/changes.ts';
import { findChange, insertChange } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import { carryOutValue, type Result } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { refuse, type Outcome } from '../outcome.ts';
import { askExceptions } from './ask-exceptions.ts';
import { ceremonyOfFiled } from './ceremony.ts';
import { readSentPlan, type PlanRead } from './read-plan.ts';
import { changeRecord, recordOf } from './view.ts';
import { wordsOf } from './words.ts';

/** Files a request from a plan. Its author is whoever calls; what the file says of that does not count. */
export async function openChange(
  context: AppContext,
  call: Call,
  sent: OpenChange,
): Promise<Outcome<OpenedChange>> {
  const deed = { type: 'change.opened', action: 'open', object: 'change/new' };
  // Before the transaction: reading takes as long as all the rest, and nobody needs a connection for it.
  const read = readSentPlan(context, sent);
  return carryOutValue(context, call, deed, async (tx) => {
    if (!read.ok) return read;
    const refused = await cannotRetry(tx, sent.retryOf);
    if (refused) return refused;
    const draft = sent.draft === true;
    const how = { retryOf: sent.retryOf ?? null, draft, reason: draft ? 'opened as a draft' : 'opened' };
    return fileRequest(tx, { context, call }, read.value, how);
  });
}

/** How a request comes to be filed. */
interface Filing {
  readonly retryOf?: string | null;
  readonly clonedFrom?: string | null;
  readonly draft: boolean;
  readonly reason: string;
}

/** Files a plan that was read, in the name of whoever calls. */
export async function fileRequest(
  tx: Transaction,
  { context, call }: { readonly context: AppContext; readonly call: Call },
  read: PlanRead,
  { retryOf = null, clonedFrom = null, draft, reason }: Filing,
): Promise<Outcome<Result<OpenedChange>>> {
  const { person, botOf } = call.actor;
  const first = { ...read.revision, revision: 1, by: person };
  const state = draft ? 'draft' : 'unscheduled';
  const row = await insertChange(
    tx,
    { ...read.outline, author: person, authorBotOf: botOf, retryOf, clonedFrom, state },
    first,
  );
  await askExceptions(tx, row, person, read);
  const none = { approvals: [], exceptions: [] };
  const said = read.plan.exceptions.length === 0 ? none : await wordsOf(tx, row.id);
  const value = { ...changeRecord(row, first, said), ...(await ceremonyOfFiled(tx, context, row, first)) };
  return recordOf(row, value, { before: null, reason });
}

/** An aborted request is not reopened: a retry is a new one that names it. */
async function cannotRetry(tx: Transaction, retryOf: string | undefined) {
  if (retryOf === undefined) return null;
  const former = await findChange(tx, retryOf);
  if (former?.state === 'aborted') return null;
  const got = former ? `\`${retryOf}\`, which is ${former.state}` : `\`${retryOf}\`, which there is none of`;
  return refuse('conflict', `expected a change that was aborted, got ${got}`);
}
