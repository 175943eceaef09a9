import type { RotaName } from '../../contract/people.ts';
import type { NewShift, Rota, RotaFile } from '../../contract/rota.ts';
import type { Transaction } from '../../store/database.ts';
import { insertEntry, retirePlan } from '../../store/rota-entries.ts';
import { sourceOf } from '../../store/rota-sources.ts';
import { lockRota, transactionInstant, type ShiftRow } from '../../store/rota.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { layRota, type Laying } from './lay.ts';
import { peopleWhoAnswer } from './people.ts';
import { rotaIn } from './read.ts';

const DAY_MS = 86_400_000;
const SHOWN_DAYS = 14;

/**
 * Sets who is on call from now on, in each rota that the file names. What lies before now stays as it was recorded, and what
 * covers a part of the rota stays laid over it. Two shifts of one rota never overlap: at any instant one person answers.
 */
export async function setRota(
  context: AppContext,
  call: Call,
  file: RotaFile,
): Promise<Outcome<Recorded<Rota>>> {
  const deed = { type: 'rota.set', action: 'set-rota', object: 'rota/all' };
  return carryOut(context, call, deed, async (tx) => {
    await lockRota(tx);
    const now = await transactionInstant(tx);
    const wanted = rotasOf(file);
    const refused =
      (await unknownPerson(tx, wanted)) ??
      (await imported(tx, wanted)) ??
      (await replace(tx, context, wanted, { now, by: call.actor.person }));
    if (refused) return refused;
    const value = await rotaIn(tx, now, new Date(now.getTime() + SHOWN_DAYS * DAY_MS));
    const names = wanted.map(([name]) => name).join(', ');
    return done({ value, reason: `set from now on: ${names}`, after: digestOf(context, file) });
  });
}

type Wanted = readonly (readonly [RotaName, readonly NewShift[]])[];

function rotasOf(file: RotaFile): Wanted {
  const names: readonly RotaName[] = ['eoc', 'imoc', 'cmoc'];
  return names.flatMap((name) => {
    const shifts = file[name];
    return shifts ? [[name, shifts] as const] : [];
  });
}

async function unknownPerson(tx: Transaction, wanted: Wanted): Promise<Refused | null> {
  const known = await peopleWhoAnswer(tx);
  for (const [rota, shifts] of wanted) {
    const stranger = shifts.find((shift) => !known.has(shift.person));
    if (stranger) {
      return refuse('invalid', `${rota}: expected a person with an account, got \`${stranger.person}\``);
    }
  }
  return null;
}

async function imported(tx: Transaction, wanted: Wanted): Promise<Refused | null> {
  for (const [rota] of wanted) {
    const source = await sourceOf(tx, rota);
    if (source) {
      return refuse(
        'conflict',
        `expected a rota that is set by hand, got \`${rota}\`, which a calendar sets`,
      );
    }
  }
  return null;
}

async function replace(
  tx: Transaction,
  context: AppContext,
  wanted: Wanted,
  laying: Laying,
): Promise<Refused | null> {
  for (const [rota, shifts] of wanted) {
    await retirePlan(tx, rota, laying.now, laying.by);
    const refused = await insertAll(
      tx,
      shifts.flatMap((shift) => fromNow(rota, shift, laying.now)),
      laying.by,
    );
    if (refused) return refused;
    await layRota(tx, context, rota, laying);
  }
  return null;
}

/** The part of a shift that is not past yet; none, or one. */
function fromNow(rota: RotaName, shift: NewShift, now: Date): ShiftRow[] {
  if (shift.end <= now.getTime()) return [];
  const start = new Date(Math.max(shift.start, now.getTime()));
  return [{ rota, person: shift.person, start, end: new Date(shift.end) }];
}

async function insertAll(tx: Transaction, shifts: readonly ShiftRow[], by: string): Promise<Refused | null> {
  const sorted = shifts.toSorted((a, b) => a.start.getTime() - b.start.getTime());
  for (const [index, shift] of sorted.entries()) {
    const before = sorted[index - 1];
    if (before && before.end > shift.start) {
      return refuse(
        'overlap',
        `${shift.rota}: expected shifts one after the other, got ${spanText(before)} and ${spanText(shift)}`,
      );
    }
    await insertEntry(tx, 'plan', { ...shift, source: null }, by);
  }
  return null;
}

function spanText({ person, start, end }: ShiftRow): string {
  return `\`${person} ${start.toISOString()} to ${end.toISOString()}\``;
}
