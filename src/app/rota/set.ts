import type { RotaName } from '../../contract/people.ts';
import type { NewShift, Rota, RotaFile } from '../../contract/rota.ts';
import type { Transaction } from '../../store/database.ts';
import { listPeople } from '../../store/people.ts';
import { clearRotaFrom, insertShift, lockRota, transactionInstant, type ShiftRow } from '../../store/rota.ts';
import type { Call } from '../actor.ts';
import { carryOut, type Recorded } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome, type Refused } from '../outcome.ts';
import { rotaIn } from './read.ts';

const DAY_MS = 86_400_000;
const SHOWN_DAYS = 14;

/**
 * Sets who is on call from now on, in each rota that the file names. What lies before now stays as it was recorded: a shift
 * that began earlier begins now. Two shifts of one rota never overlap: at any instant one person answers.
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
    const refused = (await unknownPerson(tx, wanted)) ?? (await replace(tx, wanted, now, call.actor.person));
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
  const known = new Set(
    (await listPeople(tx))
      .filter((person) => person.kind === 'person' && person.disabled_at === null)
      .map((person) => person.name),
  );
  for (const [rota, shifts] of wanted) {
    const stranger = shifts.find((shift) => !known.has(shift.person));
    if (stranger) {
      return refuse('invalid', `${rota}: expected a person with an account, got \`${stranger.person}\``);
    }
  }
  return null;
}

async function replace(tx: Transaction, wanted: Wanted, now: Date, by: string): Promise<Refused | null> {
  for (const [rota, shifts] of wanted) {
    await clearRotaFrom(tx, rota, now, by);
    const refused = await insertAll(
      tx,
      shifts.flatMap((shift) => fromNow(rota, shift, now)),
      by,
    );
    if (refused) return refused;
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
    await insertShift(tx, shift, by);
  }
  return null;
}

function spanText({ person, start, end }: ShiftRow): string {
  return `\`${person} ${start.toISOString()} to ${end.toISOString()}\``;
}
