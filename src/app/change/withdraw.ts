import { approvalsOf, withdrawApproval } from '../../store/approvals.ts';
import { lockChange, type ChangeRow } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { tellPeople } from '../notice/tell.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { nameOf } from './words.ts';

/** Takes one's own approval back. It stays in the record, and the people of the change hear of it: what they had is gone. */
export async function withdrawOwnApproval(
  context: AppContext,
  call: Call,
  id: string,
  approval: bigint,
): Promise<Outcome<null>> {
  const deed = { type: 'change.approval-withdrawn', action: 'withdraw', object: `change/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    // Held, so that nobody decides on the word while it is taken back.
    const row = await lockChange(tx, id);
    if (row && (await withdrawApproval(tx, id, approval, call.actor.person))) {
      await tellOwners(tx, row, { approval, by: call.actor.person });
      return done({ value: null, reason: 'approval withdrawn', details: { approval: approval.toString() } });
    }
    return refuse('not_found', 'expected an approval of one’s own that stands, got none of that number');
  });
  return outcome.ok ? done(null) : outcome;
}

async function tellOwners(
  tx: Transaction,
  { id, author, author_bot_of, executor }: ChangeRow,
  { approval, by }: { readonly approval: bigint; readonly by: string },
): Promise<void> {
  const word = (await approvalsOf(tx, id)).find((one) => one.id === approval);
  if (!word) throw new Error('expected the approval that was just taken back, got none');
  await tellPeople(tx, {
    to: [author, author_bot_of, executor].filter((one): one is string => one !== null && one !== by),
    key: `word-withdrawn:${approval}`,
    kind: 'word-withdrawn',
    about: `change/${id}`,
    body: `${by} took back their ${nameOf(word)} of ${id}: it counts no more.`,
  });
}
