import { firstFit, within } from '../calendar/hours.ts';
import { formatInstant } from '../calendar/instant.ts';
import { deny, missing, pass, type Finding } from './finding.ts';
import { lengthInWords } from './in-words.ts';
import type { Judged } from './judged.ts';
import { lengthMs } from './interval.ts';
import { asks } from './question.ts';

// When it may happen: due date, calendar, hours of the day, slot.

export function dueDate(question: Judged): Finding | null {
  const applies = asks(question, 'due-date');
  if (applies === false) return null;
  if (applies === undefined) return missing('the criticality');
  const { slot, criticality } = question.change;
  if (slot === null) return deny(`A ${criticality ?? ''} change needs a slot; it has none.`);
  if (slot.start === undefined || slot.end === undefined) return slotNotKnown(slot);
  return pass(`Its slot starts at ${formatInstant(slot.start)}.`);
}

export function onCalendar(question: Judged): Finding | null {
  const applies = asks(question, 'on-calendar');
  if (applies === false) return null;
  if (applies === undefined) return missing('the criticality');
  const { slot, criticality } = question.change;
  if (slot === null)
    return deny(`A ${criticality ?? ''} change needs a slot on the Production calendar; it has no slot.`);
  if (question.change.onCalendar === undefined)
    return missing('whether the slot is on the Production calendar');
  return question.change.onCalendar
    ? pass('Its slot is on the Production calendar.')
    : deny(`A ${criticality ?? ''} change needs a slot on the Production calendar; its slot is not on it.`);
}

export function allowedHours({ ceremony, interval, change }: Judged): Finding {
  if (ceremony === undefined) return missing('the criticality');
  const { start, end, sureEnd } = interval;
  if (start === undefined || sureEnd === undefined) return slotNotKnown({ start, end });
  const allowed = ceremony.hoursInWords;
  if (!within(ceremony.hours, start, sureEnd)) {
    const clears =
      interval.movesWithTime && end !== undefined ? firstFit(ceremony.hours, start, end - start) : null;
    const longer =
      firstFit(ceremony.hours, start, sureEnd - start) === null ? ', and is longer than they last' : '';
    const because = `${change.criticality} may run ${allowed}; ${stretchInWords(start, end)} is not wholly inside${longer}.`;
    return besides(deny(because, clears), end === undefined);
  }
  if (end === undefined) return missing('how long it takes with its rollback');
  return pass(`${change.criticality} may run ${allowed}, and the whole interval is inside.`);
}

/** A denial that says whether more is not known besides: an exception of what is seen does not cover that. */
function besides(denial: Finding, alsoUnknown: boolean): Finding {
  return alsoUnknown ? { ...denial, alsoUnknown } : denial;
}

export function stretchInWords(start: number, end: number | undefined): string {
  if (end === undefined) return `from ${formatInstant(start)} for a time that is not known`;
  return end <= start ? formatInstant(start) : `${formatInstant(start)} to ${formatInstant(end)}`;
}

export function inSlot(question: Judged): Finding | null {
  const { slot } = question.change;
  if (slot === null) return null;
  return question.action === 'schedule' ? slotCanBeTaken(question, slot) : nowIsInSlot(question, slot);
}

type Slot = NonNullable<Judged['change']['slot']>;

function slotCanBeTaken({ at, facts }: Judged, slot: Slot): Finding {
  const { start, end } = slot;
  const length = lengthMs(facts);
  // A slot that has ended has begun, whenever that was.
  const begun = start ?? end;
  if (begun !== undefined && begun <= at) {
    const when = start === undefined ? 'ended' : 'starts';
    const because = `A slot has to lie ahead; this one ${when} at ${formatInstant(begun)}, and it is ${formatInstant(at)}.`;
    return besides(deny(because), start === undefined || end === undefined || length === undefined);
  }
  if (length !== undefined && isTooShort(slot, length)) return tooShort(slot, length);
  if (start === undefined || end === undefined) return slotNotKnown(slot);
  if (length === undefined) return missing('how long it takes with its rollback');
  return pass(
    `The slot lies ahead, and its ${lengthInWords(end - start)} hold steps and rollback (${lengthInWords(length)}).`,
  );
}

function isTooShort({ start, end }: Slot, length: number): boolean {
  return start !== undefined && end !== undefined && end - start < length;
}

function tooShort({ start, end }: Slot, length: number): Finding {
  const has = start === undefined || end === undefined ? 'less' : lengthInWords(end - start);
  return deny(`Steps and rollback need ${lengthInWords(length)}; the slot has ${has}.`);
}

function nowIsInSlot({ at, facts }: Judged, slot: Slot): Finding {
  const { start, end } = slot;
  const length = lengthMs(facts);
  // No instant of such a slot would do, so it is not said when to come again.
  if (length !== undefined && isTooShort(slot, length)) return tooShort(slot, length);
  if (start !== undefined && at < start) {
    const fits = end !== undefined && length !== undefined;
    const because = `It may start in its slot; that begins at ${formatInstant(start)}, and it is ${formatInstant(at)}.`;
    return besides(deny(because, fits ? start : null), !fits);
  }
  if (end !== undefined && (at >= end || (length !== undefined && at + length > end))) {
    return besides(deny(tooLate(at, end, length)), start === undefined || length === undefined);
  }
  if (start === undefined || end === undefined) return slotNotKnown(slot);
  if (length === undefined) return missing('how long it takes with its rollback');
  return pass(`It is inside its slot, which ends at ${formatInstant(end)}, with time for the rollback.`);
}

function tooLate(at: number, end: number, length: number | undefined): string {
  const now = `and it is ${formatInstant(at)}`;
  if (length === undefined || length === 0)
    return `It has to start before its slot ends, at ${formatInstant(end)}, ${now}.`;
  return `Steps and rollback (${lengthInWords(length)}) have to end inside the slot, which ends at ${formatInstant(end)}; the last moment to start was ${formatInstant(end - length)}, ${now}.`;
}

/** What is not known of a slot that is there. */
function slotNotKnown({ start, end }: Slot): Finding {
  if (start !== undefined) return missing('when the slot ends');
  return missing(end === undefined ? 'start and end of the slot' : 'when the slot starts');
}
