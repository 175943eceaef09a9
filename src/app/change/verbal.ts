import type { VerbalWordView } from '../../contract/verbal-words.ts';
import { findChange, lockChange, type ChangeRow } from '../../store/changes.ts';
import type { Queries } from '../../store/database.ts';
import { onDutyNow } from '../../store/rota.ts';
import {
  confirmVerbalWord,
  insertVerbalWord,
  verbalWordsOf,
  type VerbalWordRow,
} from '../../store/verbal-words.ts';
import { AppError } from '../../contract/errors.ts';
import type { Call } from '../actor.ts';
import { carryOut, carryOutValue } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { tellPeople } from '../notice/tell.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { giveWord } from './approve.ts';
import { holdFor } from './standing.ts';

/**
 * Writes down that the engineer on call said yes to the start, and asks them to confirm it. Until they do it counts for nothing:
 * nobody can say for another that they approved.
 */
export async function claimVerbalWord(
  context: AppContext,
  call: Call,
  id: string,
): Promise<Outcome<VerbalWordView>> {
  const deed = { type: 'change.verbal-claimed', action: 'claim-verbal-word', object: `change/${id}` };
  return carryOutValue(context, call, deed, async (tx) => {
    const held = await holdFor(tx, call, id, 'claim-word');
    if (!held.ok) return held;
    const { row } = held;
    const { person } = call.actor;
    const { eoc: speaker } = await onDutyNow(tx);
    if (speaker === undefined) return refuse('conflict', 'expected an engineer on call, got nobody on duty');
    if (speaker === person) {
      return refuse(
        'not_permitted',
        `expected the word of another, got \`${person}\`, who is on call: approve by voice instead`,
      );
    }
    const claim = await insertVerbalWord(tx, row, { speaker, claimedBy: person });
    await tellPeople(tx, {
      to: [speaker],
      key: `verbal-claimed:${claim.id}`,
      kind: 'verbal-claimed',
      about: `change/${id}`,
      body: `${person} says that you approved the start of ${id} (${row.title}) by voice, plan ${row.digest}. It counts once you confirm it: \`interlock verbal confirm ${id} ${claim.id}\`. If you did not, leave it.`,
    });
    return done({
      value: verbalWordView(id, claim),
      reason: `claimed that \`${speaker}\` approved the start by voice`,
      digests: { plan: row.digest },
      details: { speaker, claim: claim.id.toString() },
    });
  });
}

/** Confirms, as its speaker and still on call, what one is said to have said: the approval by voice is given by this act. */
export async function confirmOwnWord(
  context: AppContext,
  call: Call,
  id: string,
  number: bigint,
): Promise<Outcome<VerbalWordView>> {
  const deed = { type: 'change.verbal-confirmed', action: 'confirm-verbal-word', object: `change/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    const row = await lockChange(tx, id);
    const claim = row && (await verbalWordsOf(tx, id)).find((one) => one.id === number);
    if (!row || !claim) return refuse('not_found', `expected a verbal word of \`${id}\`, got \`${number}\``);
    const refused = whyNotConfirmed(claim, row, call.actor.person);
    if (refused) return refused;
    const approval = { as: 'eoc', for: 'start', digest: claim.digest } as const;
    const given = await giveWord(tx, { context, call }, id, { via: 'voice', approval });
    if (!given.ok) return given;
    const confirmed = await confirmVerbalWord(tx, number, BigInt(given.value.value.id));
    return done({
      ...given.value,
      value: verbalWordView(id, confirmed),
      reason: `confirmed what \`${claim.claimed_by}\` claimed: approved start as eoc, via voice`,
      details: { ...given.value.details, claim: number.toString() },
    });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

function whyNotConfirmed(claim: VerbalWordRow, row: ChangeRow, person: string): Refused | null {
  if (claim.speaker !== person) {
    return refuse(
      'not_permitted',
      `expected \`${claim.speaker}\`, whose word it is said to be, got \`${person}\``,
    );
  }
  if (claim.approval !== null)
    return refuse('conflict', 'expected a word that is not confirmed, got one that is');
  if (claim.slot_edition !== row.slot_edition) {
    return refuse('stale', 'expected the slot that was spoken of, got another one by now');
  }
  return null;
}

/** What is said to have been said for a request, confirmed or not. */
export async function readVerbalWords(db: Queries, id: string): Promise<VerbalWordView[]> {
  if (!(await findChange(db, id)))
    throw new AppError('not_found', `expected a change, got \`${id}\`, which there is none of`);
  return (await verbalWordsOf(db, id)).map((claim) => verbalWordView(id, claim));
}

function verbalWordView(change: string, claim: VerbalWordRow): VerbalWordView {
  return {
    id: claim.id.toString(),
    change,
    speaker: claim.speaker,
    digest: claim.digest,
    claimedBy: claim.claimed_by,
    claimedAt: claim.claimed_at.toISOString(),
    approval: claim.approval?.toString() ?? null,
    confirmedAt: claim.confirmed_at?.toISOString() ?? null,
  };
}
