import type { HandOver, NewHandOver } from '../../contract/rota-covers.ts';
import type { Queries, Transaction } from '../../store/database.ts';
import {
  answerHandOver,
  insertHandOver,
  listHandOvers,
  lockHandOver,
  openHandOvers,
  type HandOverRow,
} from '../../store/rota-hand-overs.ts';
import { lockRota, shiftsBetween, transactionInstant, type ShiftRow } from '../../store/rota.ts';
import type { Call } from '../actor.ts';
import { carryOut, carryOutValue } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { tellPeople } from '../notice/tell.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { layCover } from './cover.ts';
import { peopleWhoAnswer } from './people.ts';

/** Offers the rest of one's own shift to somebody. Until they accept, whoever offers is on duty. */
export async function offerHandOver(
  context: AppContext,
  call: Call,
  { rota, to }: NewHandOver,
): Promise<Outcome<HandOver>> {
  const giver = call.actor.person;
  const deed = { type: 'rota.hand-over-offered', action: 'offer-hand-over', object: `rota/${rota}` };
  return carryOutValue(context, call, deed, async (tx) => {
    await lockRota(tx);
    const shift = await shiftNow(tx, rota);
    if (shift?.person !== giver)
      return refuse('not_permitted', `expected whoever is ${rota} now, got \`${giver}\``);
    if (to === giver || !(await peopleWhoAnswer(tx)).has(to))
      return refuse('invalid', `expected another person with an account, got \`${to}\``);
    // A new offer takes the place of one that nobody answered.
    for (const open of await openHandOvers(tx, rota, giver)) await answerHandOver(tx, open.id, 'withdrawn');
    const row = await insertHandOver(tx, { rota, giver, receiver: to, until: shift.end });
    await tellPeople(tx, {
      to: [to],
      key: `hand-over:${row.id}`,
      kind: 'hand-over-offered',
      about: `hand-over/${row.id}`,
      body: `\`${giver}\` asks you to take over as ${rota.toUpperCase()} until ${shift.end.toISOString()}: ${row.id}. Until you accept, they stay on duty.`,
    });
    return done({ value: handOverView(row), object: `hand-over/${row.id}`, reason: `offered to ${to}` });
  });
}

/** Answers an offer: the receiver accepts or declines, the giver withdraws. */
export async function settleHandOver(
  context: AppContext,
  call: Call,
  id: string,
  answer: NonNullable<HandOverRow['answer']>,
): Promise<Outcome<HandOver>> {
  const deed = { type: `rota.hand-over-${answer}`, action: 'answer-hand-over', object: `hand-over/${id}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    await lockRota(tx);
    const row = await lockHandOver(tx, id);
    if (!row) return refuse('not_found', `expected a hand-over, got \`${id}\``);
    const refused = mayAnswer(row, call.actor.person, answer);
    if (refused) return refused;
    if (answer === 'accepted') {
      const stale = await takeOver(tx, context, row);
      if (stale) return stale;
    }
    await answerHandOver(tx, id, answer);
    const told = answer === 'withdrawn' ? row.receiver : row.giver;
    await tellPeople(tx, {
      to: [told],
      key: `hand-over:${id}:${answer}`,
      kind: `hand-over-${answer}`,
      about: `hand-over/${id}`,
      body: `\`${call.actor.person}\` has ${answer} ${id}, the rest of the ${row.rota.toUpperCase()} shift until ${row.until.toISOString()}.`,
    });
    const after = await lockHandOver(tx, id);
    return done({ value: handOverView(after ?? row), reason: `hand-over ${answer}` });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

export async function readHandOvers(db: Queries): Promise<HandOver[]> {
  return (await listHandOvers(db)).map(handOverView);
}

function mayAnswer(row: HandOverRow, person: string, answer: HandOverRow['answer']): Refused | null {
  const who = answer === 'withdrawn' ? row.giver : row.receiver;
  if (person !== who) return refuse('not_permitted', `expected \`${who}\`, got \`${person}\``);
  return row.answer === null
    ? null
    : refuse('conflict', `expected a hand-over that waits, got one that is ${row.answer}`);
}

/** Only what was offered passes on: the giver has to be on duty still, in the shift that ends then. */
async function takeOver(tx: Transaction, context: AppContext, row: HandOverRow): Promise<Refused | null> {
  const { rota, giver, receiver, until } = row;
  const now = await transactionInstant(tx);
  const shift = await shiftNow(tx, rota);
  if (shift?.person !== giver || shift.end.getTime() !== until.getTime()) {
    return refuse(
      'conflict',
      `expected \`${giver}\` to be ${rota} until ${until.toISOString()}, got ${shift ? `\`${shift.person}\` until ${shift.end.toISOString()}` : 'nobody'}`,
    );
  }
  // Whoever was let in when they asked may have been shut out since: the rota is held only from here on.
  if (!(await peopleWhoAnswer(tx)).has(receiver))
    return refuse('conflict', `expected a receiver who may sign in, got \`${receiver}\`, who may not`);
  await layCover(tx, context, { rota, person: receiver, start: now, end: until }, { now, by: receiver });
  return null;
}

async function shiftNow(tx: Transaction, rota: ShiftRow['rota']): Promise<ShiftRow | undefined> {
  const now = await transactionInstant(tx);
  const shifts = await shiftsBetween(tx, now, new Date(now.getTime() + 1));
  return shifts.find((shift) => shift.rota === rota && shift.start <= now && now < shift.end);
}

function handOverView(row: HandOverRow): HandOver {
  return {
    id: row.id,
    rota: row.rota,
    giver: row.giver,
    receiver: row.receiver,
    until: row.until.toISOString(),
    offeredAt: row.offered_at.toISOString(),
    answeredAt: row.answered_at?.toISOString() ?? null,
    answer: row.answer,
  };
}
