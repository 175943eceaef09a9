import type { RotaName } from '../../contract/people.ts';
import type { Duty } from '../../contract/rota-covers.ts';
import type { Rota, RotaGap } from '../../contract/rota.ts';
import { transact, type Transaction } from '../../store/database.ts';
import { rotaVersion } from '../../store/rota-entries.ts';
import { onDutyAt, rotasInUse, shiftsBetween, transactionInstant, type ShiftRow } from '../../store/rota.ts';
import type { AppContext } from '../context.ts';

const DAY_MS = 86_400_000;

/** The rotas from now for so many days, with their gaps. */
export async function readRota(context: AppContext, days: number): Promise<Rota> {
  return transact(
    context.db,
    async (tx) => {
      const now = await transactionInstant(tx);
      return rotaIn(tx, now, new Date(now.getTime() + days * DAY_MS));
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

/** Who is, or was, on duty at an instant; without one, now. */
export async function dutyAt(context: AppContext, instant: number | undefined): Promise<Duty> {
  return transact(
    context.db,
    async (tx) => {
      const at = instant === undefined ? await transactionInstant(tx) : new Date(instant);
      return { instant: at.toISOString(), onDuty: await onDutyAt(tx, at) };
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

/** The rotas of `[from, to)`; `from` is the instant at which somebody is on duty or not. */
export async function rotaIn(tx: Transaction, from: Date, to: Date): Promise<Rota> {
  const rows = await shiftsBetween(tx, from, to);
  const onDuty = rows.filter((row) => row.start <= from && from < row.end);
  const used = await rotasInUse(tx);
  return {
    at: from.toISOString(),
    version: await rotaVersion(tx),
    onDuty: Object.fromEntries(onDuty.map((row) => [row.rota, row.person])),
    shifts: rows.map((row) => ({
      rota: row.rota,
      person: row.person,
      start: row.start.toISOString(),
      end: row.end.toISOString(),
    })),
    gaps: used.flatMap((rota) =>
      gapsOf(
        rota,
        rows.filter((row) => row.rota === rota),
        from,
        to,
      ),
    ),
  };
}

function gapsOf(rota: RotaName, shifts: readonly ShiftRow[], from: Date, to: Date): RotaGap[] {
  const gaps: RotaGap[] = [];
  let covered = from;
  const add = (end: Date) => {
    if (end > covered) gaps.push({ rota, start: covered.toISOString(), end: end.toISOString() });
  };
  for (const shift of shifts) {
    add(shift.start);
    if (shift.end > covered) covered = shift.end;
  }
  add(to);
  return gaps;
}
