import type { ChangeView, ExceptionApproval, NewException } from '../../contract/changes.ts';
import { RULES } from '../../kernel/policy/rule.ts';
import { writersOf, type ChangeRow } from '../../store/changes.ts';
import type { Transaction } from '../../store/database.ts';
import { approveException, insertException, type ExceptionRow } from '../../store/exceptions.ts';
import { isSameHuman } from '../../store/humans.ts';
import { notePresence } from '../../store/presences.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { holdFor } from './standing.ts';
import { tellOfWaiver } from './tell-of-waiver.ts';
import { exceptionView } from './view.ts';
import { counts, wordsOf } from './words.ts';

type ExceptionView = ChangeView['exceptions'][number];

/** Asks for an exception to a rule, for the plan as it is now (and for its slot, where the rule is about time), with a reason. */
export async function askException(
  context: AppContext,
  call: Call,
  id: string,
  { rule, reason }: NewException,
): Promise<Outcome<ExceptionView>> {
  const deed = { type: 'change.exception-asked', action: 'ask-exception', object: `change/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const held = await holdFor(tx, call, id, 'except');
    if (!held.ok) return held;
    const known = RULES.find((one) => one === rule);
    if (known === undefined) return refuse('invalid', 'expected the id of a rule, got one that no rule has');
    if (!context.policy.policy.rules[known].exception) {
      return refuse('not_permitted', `expected a rule that may be excepted, got \`${known}\`, which may not`);
    }
    const { digest, slot_edition } = held.row;
    const asked = { rule: known, reason, digest, slot_edition, by: call.actor.person };
    const exception = await insertException(tx, id, asked);
    // The reason is a person's free text: its digest stands in the record, the text beside it.
    return done({
      value: await viewOf(tx, held.row.id, { exception, digest }),
      reason: `exception to ${known} asked for`,
      digests: { reason: digestOf(context, reason), plan: digest },
      details: { exception: exception.toString() },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** Approves an exception that a reviewer has read: a reviewer other than its writer, the author and who wrote this revision. */
export async function giveException(
  context: AppContext,
  call: Call,
  id: string,
  { exception, digest }: ExceptionApproval,
): Promise<Outcome<ExceptionView>> {
  const deed = { type: 'change.exception-approved', action: 'approve-exception', object: `change/${id}` };
  const { person, standing } = call.actor;
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const held = await holdFor(tx, call, id, 'approve');
    if (!held.ok) return held;
    const { row } = held;
    if (digest !== row.digest)
      return refuse('stale', `expected the plan as it is now, \`${row.digest}\`, got another one`);
    const asked = (await wordsOf(tx, id)).exceptions.find((one) => one.id === BigInt(exception));
    if (!asked)
      return refuse('not_found', 'expected an exception of this change, got a number that none has');
    if (!counts(asked, row.digest)) {
      return refuse('stale', 'expected an exception for the plan and slot as they are now, got a former one');
    }
    const involved = [row.author, row.author_bot_of, asked.by, ...(await writersOf(tx, id, digest))];
    if (!isReviewer(context, standing) || (await isSameHuman(tx, person, involved))) {
      return refuse(
        'not_permitted',
        `expected a reviewer who wrote neither plan nor exception, got \`${person}\``,
      );
    }
    if (!(await approveException(tx, asked.id, person))) {
      return refuse(
        'conflict',
        `expected an exception that waits, got one that \`${asked.approved_by}\` approved`,
      );
    }
    await notePresence(tx, id, person);
    await tellOfException(tx, row, asked, person);
    return done({
      value: await viewOf(tx, id, { exception: asked.id, digest }),
      reason: `exception to ${asked.rule} approved`,
      digests: { plan: digest },
      details: { exception },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** Whoever is concerned hears that the plan, as it is, may pass over the rule. */
async function tellOfException(
  tx: Transaction,
  row: ChangeRow,
  { id, rule, reason, by: askedBy }: ExceptionRow,
  by: string,
): Promise<void> {
  await tellOfWaiver(tx, row, {
    key: `exception:${id}`,
    by,
    what: `approved the exception to ${rule} of ${row.id}, for the plan as it is`,
    reason,
    expiresAt: null,
    askedBy,
  });
}

/** As the policy's reviews are counted: by a role that suffices alone. */
function isReviewer({ policy: { policy } }: AppContext, standing: readonly string[]): boolean {
  return policy.approvals.review.any.some(
    ([role, ...more]) => more.length === 0 && standing.includes(role ?? ''),
  );
}

async function viewOf(
  tx: Transaction,
  changeId: string,
  { exception, digest }: { readonly exception: bigint; readonly digest: string },
): Promise<ExceptionView> {
  const found = (await wordsOf(tx, changeId)).exceptions.find(({ id }) => id === exception);
  if (!found) throw new Error('expected the exception that was just written, got none');
  return exceptionView(found, digest);
}
