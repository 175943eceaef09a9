import { NO_SPANS, overlapping, spanList, type SpanList } from './span.ts';

export type Shift = { readonly person: string; readonly start: number; readonly end: number };

/** A shift of which something is not known. */
export type UnclearShift = {
  readonly person: string | undefined;
  readonly start: number | undefined;
  readonly end: number | undefined;
};

/** The shifts of one duty. */
export type Rota = { readonly shifts: SpanList<Shift>; readonly unclear: readonly UnclearShift[] };

export const EMPTY_ROTA: Rota = { shifts: NO_SPANS, unclear: [] };

/** Sorts the shifts of a duty and sets those apart of which something is unknown. */
export function rotaOf(shifts: readonly UnclearShift[]): Rota {
  const known: Shift[] = [];
  const unclear: UnclearShift[] = [];
  for (const shift of shifts) {
    const { person, start, end } = shift;
    if (person === undefined || start === undefined || end === undefined) unclear.push(shift);
    else known.push({ person, start, end });
  }
  return { shifts: spanList(known), unclear };
}

/** Who is on duty at an instant: the persons known to be, and whether an unreadable shift may add others. */
export type OnDuty = { readonly persons: readonly string[]; readonly maybeOthers: boolean };

/** Looks a duty up. Persons come sorted by name and once each. */
export function onDuty(rota: Rota, instant: number): OnDuty {
  const shifts = overlapping(rota.shifts, instant, instant);
  const maybeOthers = rota.unclear.some((shift) => mayCover(shift, instant));
  const first = shifts[0];
  if (first === undefined) return { persons: [], maybeOthers };
  if (shifts.length === 1) return { persons: [first.person], maybeOthers };
  const persons = [...new Set(shifts.map((shift) => shift.person))].toSorted();
  return { persons, maybeOthers };
}

function mayCover(shift: UnclearShift, instant: number): boolean {
  return (
    (shift.start === undefined || shift.start <= instant) && (shift.end === undefined || shift.end > instant)
  );
}
