import type { ChangeView, ExceptionWithdrawal } from '../../contract/changes.ts';
import { approvalsOf, withdrawApproval, type ApprovalRow } from '../../store/approvals.ts';
import { lockChange, type ChangeRow } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import { withdrawException, type ExceptionRow } from '../../store/exceptions.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { tellPeople } from '../notice/tell.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { exceptionView } from './view.ts';
import { nameOf, peopleOf, wordsOf } from './words.ts';

/** Takes one's own approval back. It stays in the record, and the people of the change hear of it: what they had is gone. */
export async function withdrawOwnApproval(
  context: AppContext,
  call: Call,
  id: string,
  approval: bigint,
): Promise<Outcome<null>> {
  const { person } = call.actor;
  const deed = { type: 'change.approval-withdrawn', action: 'withdraw', object: `change/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    // Held, so that nobody decides on the word while it is taken back.
    const row = await lockChange(tx, id);
    if (row && (await withdrawApproval(tx, id, approval, person))) {
      const word = (await approvalsOf(tx, id)).find((one) => one.id === approval);
      if (!word) throw new Error('expected the approval that was just taken back, got none');
      await tellOwners(
        tx,
        row,
        word,
        `${person} took back their ${nameOf(word)} of ${id}: it counts no more.`,
      );
      return done({ value: null, reason: 'approval withdrawn', details: { approval: approval.toString() } });
    }
    return refuse('not_found', 'expected an approval of one’s own that stands, got none of that number');
  });
  return outcome.ok ? done(null) : outcome;
}

/** Takes an exception back that one asked for or approved, with the reason: as with an approval, and its two people hear of it too. */
export async function withdrawOwnException(
  context: AppContext,
  call: Call,
  { id, exception }: { readonly id: string; readonly exception: bigint },
  { reason }: ExceptionWithdrawal,
): Promise<Outcome<ChangeView['exceptions'][number]>> {
  const { person } = call.actor;
  const deed = { type: 'change.exception-withdrawn', action: 'withdraw-exception', object: `change/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const row = await lockChange(tx, id);
    if (row && (await withdrawException(tx, id, exception, { by: person, because: reason }))) {
      const word = (await wordsOf(tx, id)).exceptions.find((one) => one.id === exception);
      if (!word) throw new Error('expected the exception that was just taken back, got none');
      const told = `${person} took back the ${nameOf(word)} of ${id}: it counts no more. Reason: ${reason}`;
      await tellOwners(tx, row, word, told);
      return done({
        value: exceptionView(word, row.digest),
        reason: `exception to ${word.rule} withdrawn`,
        // The reason is a person's free text: its digest stands in the record, the text beside it.
        digests: { reason: digestOf(context, reason), plan: row.digest },
        details: { exception: exception.toString() },
      });
    }
    return refuse(
      'not_found',
      'expected an exception that stands and that one asked for or approved, got none of that number',
    );
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** The people of the change, and whose word it was, but for whoever took it back. */
async function tellOwners(
  tx: Transaction,
  { id, author, author_bot_of, executor }: ChangeRow,
  word: ApprovalRow | ExceptionRow,
  body: string,
): Promise<void> {
  const by = 'rule' in word ? word.withdrawn_by : word.person;
  await tellPeople(tx, {
    to: [author, author_bot_of, executor, ...peopleOf(word)].filter(
      (one): one is string => one !== null && one !== by,
    ),
    // Both kinds are numbered from one.
    key: `word-withdrawn:${'rule' in word ? 'exception:' : ''}${word.id}`,
    kind: 'word-withdrawn',
    about: `change/${id}`,
    body,
  });
}
