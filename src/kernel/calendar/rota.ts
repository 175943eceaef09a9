import { firstReaching, NO_SPANS, overlapping, spanList, type SpanList } from './span.ts';

export type Shift = {
  readonly person: string;
  readonly start: number;
  readonly end: number;
  /** The answer where this shift is the only one and the whole rota can be read. */
  readonly alone: OnDuty;
};

/** A shift of which something is not known. */
export type UnclearShift = {
  readonly person: string | undefined;
  readonly start: number | undefined;
  readonly end: number | undefined;
};

/** The shifts of one duty. */
export type Rota = {
  readonly shifts: SpanList<Shift>;
  readonly unclear: readonly UnclearShift[];
  /** Whether it has any shift at all, also one of no length, in which nobody ever is on duty. */
  readonly kept: boolean;
};

export const EMPTY_ROTA: Rota = { shifts: NO_SPANS, unclear: [], kept: false };

/** Sorts the shifts of a duty and sets those apart of which something is unknown. */
export function rotaOf(shifts: readonly UnclearShift[]): Rota {
  const known: Shift[] = [];
  const unclear: UnclearShift[] = [];
  for (const shift of shifts) {
    const { person, start, end } = shift;
    if (person === undefined || start === undefined || end === undefined) unclear.push(shift);
    else known.push({ person, start, end, alone: { persons: [person], maybeOthers: false } });
  }
  return { shifts: spanList(known), unclear, kept: shifts.length > 0 };
}

/** Who is on duty at an instant: the persons known to be, and whether an unreadable shift may add others. */
export type OnDuty = { readonly persons: readonly string[]; readonly maybeOthers: boolean };

const NOBODY: OnDuty = { persons: [], maybeOthers: false };

/** Looks a duty up. Persons come sorted by name and once each. */
export function onDuty(rota: Rota, instant: number): OnDuty {
  const shifts = overlapping(rota.shifts, instant, instant);
  const maybeOthers = mayHaveOthers(rota, instant);
  const [first] = shifts;
  if (shifts.length < 2 && !maybeOthers) return first?.alone ?? NOBODY;
  const persons = [...new Set(shifts.map((shift) => shift.person))].toSorted();
  return { persons, maybeOthers };
}

/** Whether a person is on duty at an instant; `undefined` if the rota cannot be read far enough to tell. */
export function isOnDuty(rota: Rota, person: string, instant: number): boolean | undefined {
  const { spans } = rota.shifts;
  for (let index = firstReaching(rota.shifts, instant); index < spans.length; index += 1) {
    const shift = spans[index] as Shift;
    if (shift.start > instant) break;
    if (shift.end > instant && shift.person === person) return true;
  }
  return mayHaveOthers(rota, instant) ? undefined : false;
}

function mayHaveOthers({ unclear }: Rota, instant: number): boolean {
  return unclear.some((shift) => mayCover(shift, instant));
}

function mayCover(shift: UnclearShift, instant: number): boolean {
  return (
    (shift.start === undefined || shift.start <= instant) && (shift.end === undefined || shift.end > instant)
  );
}
