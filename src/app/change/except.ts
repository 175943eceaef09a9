import { RULES } from '../../kernel/policy/rule.ts';
import { approveException, exceptionsOf, insertException } from '../../store/exceptions.ts';
import { notePresence } from '../../store/presences.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';
import { holdFor } from './standing.ts';

/** Asks for an exception to a rule, for the plan as it is now, with a reason. */
export async function askException(
  context: AppContext,
  call: Call,
  id: string,
  { rule, reason }: { readonly rule: string; readonly reason: string },
): Promise<Outcome<null>> {
  const deed = { type: 'change.exception-asked', action: 'ask-exception', object: `change/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const held = await holdFor(tx, call, id, 'except');
    if (!held.ok) return held;
    const known = RULES.find((one) => one === rule);
    if (known === undefined) return refuse('invalid', 'expected the id of a rule, got one that no rule has');
    if (!context.policy.policy.rules[known].exception) {
      return refuse('not_permitted', `expected a rule that may be excepted, got \`${known}\`, which may not`);
    }
    const { digest } = held.row;
    await insertException(tx, id, { rule: known, reason, digest, by: call.actor.person });
    // The reason is a person's free text: its digest stands in the record, the text beside it.
    return done({
      value: null,
      reason: `exception to ${known} asked for`,
      digests: { reason: digestOf(context, reason), plan: digest },
    });
  });
  return outcome.ok ? done(null) : outcome;
}

/** Approves an exception: a reviewer other than its writer and the author. */
export async function giveException(
  context: AppContext,
  call: Call,
  id: string,
  { rule, digest }: { readonly rule: string; readonly digest: string },
): Promise<Outcome<null>> {
  const deed = { type: 'change.exception-approved', action: 'approve-exception', object: `change/${id}` };
  const { person, standing } = call.actor;
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const held = await holdFor(tx, call, id, 'approve');
    if (!held.ok) return held;
    const { row } = held;
    if (digest !== row.digest)
      return refuse('stale', `expected the plan as it is now, \`${row.digest}\`, got another one`);
    const asked = (await exceptionsOf(tx, id)).findLast((one) => one.rule === rule && one.digest === digest);
    if (!asked)
      return refuse('not_found', 'expected an exception that was asked for, got a rule without one');
    if (!standing.includes('reviewer') || [row.author, row.author_bot_of, asked.by].includes(person)) {
      return refuse(
        'not_permitted',
        `expected a reviewer other than the author and the writer, got \`${person}\``,
      );
    }
    if (!(await approveException(tx, id, { rule, digest, person }))) {
      return refuse(
        'conflict',
        `expected an exception that waits, got one that \`${asked.approved_by}\` approved`,
      );
    }
    await notePresence(tx, id, person);
    return done({ value: null, reason: `exception to ${asked.rule} approved`, digests: { plan: digest } });
  });
  return outcome.ok ? done(null) : outcome;
}
