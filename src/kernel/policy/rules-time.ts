import { firstFit, within } from '../calendar/hours.ts';
import { formatInstant } from '../calendar/instant.ts';
import { deny, missing, pass, type Finding } from './finding.ts';
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
  if (slot.start === undefined || slot.end === undefined) return missing('start and end of the slot');
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
  if (start === undefined || sureEnd === undefined) return missing('start and end of the slot');
  const allowed = ceremony.hoursInWords;
  if (!within(ceremony.hours, start, sureEnd)) {
    const clears =
      interval.movesWithTime && end !== undefined ? firstFit(ceremony.hours, start, end - start) : null;
    const because = `${change.criticality} may run ${allowed} UTC; ${stretchInWords(start, end)} is not wholly inside.`;
    return besides(deny(because, clears), end === undefined);
  }
  if (end === undefined) return missing('how long it takes with its rollback');
  return pass(`${change.criticality} may run ${allowed} UTC, and the whole interval is inside.`);
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

function slotCanBeTaken({ at, facts }: Judged, { start, end }: Slot): Finding {
  const length = lengthMs(facts);
  if (start !== undefined && start <= at) {
    const because = `A slot has to lie ahead; this one starts at ${formatInstant(start)}, and it is ${formatInstant(at)}.`;
    return besides(deny(because), end === undefined || length === undefined);
  }
  if (start !== undefined && end !== undefined && length !== undefined && end - start < length) {
    return deny(`Steps and rollback need ${minutes(length)} minutes; the slot has ${minutes(end - start)}.`);
  }
  if (start === undefined || end === undefined) return missing('start and end of the slot');
  if (length === undefined) return missing('how long it takes with its rollback');
  return pass(
    `The slot lies ahead, and its ${minutes(end - start)} minutes hold steps and rollback (${minutes(length)}).`,
  );
}

function nowIsInSlot({ at, facts }: Judged, { start, end }: Slot): Finding {
  const length = lengthMs(facts);
  const fits = start !== undefined && end !== undefined && length !== undefined && start + length <= end;
  if (start !== undefined && at < start) {
    const because = `It may start in its slot; that begins at ${formatInstant(start)}, and it is ${formatInstant(at)}.`;
    return besides(deny(because, fits ? start : null), end === undefined || length === undefined);
  }
  const needed = length ?? 0;
  if (end !== undefined && (at >= end || at + needed > end)) {
    const because = `Steps and rollback (${minutes(needed)} minutes) have to end inside the slot; it is ${formatInstant(at)}, and the slot ends at ${formatInstant(end)}.`;
    return besides(deny(because), start === undefined || length === undefined);
  }
  if (start === undefined || end === undefined) return missing('start and end of the slot');
  if (length === undefined) return missing('how long it takes with its rollback');
  return pass(`It is inside its slot, which ends at ${formatInstant(end)}, with time for the rollback.`);
}

function minutes(ms: number): number {
  return Math.round(ms / 6_000) / 10;
}
