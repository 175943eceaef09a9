import type { SlotWarning } from '../../contract/calendar.ts';
import type { Workday } from '../../contract/workday.ts';
import { formatInstant } from '../../kernel/calendar/instant.ts';
import { lockPerson } from '../../store/people.ts';
import { setWorkday, workdayOf } from '../../store/workdays.ts';
import type { Call } from '../actor.ts';
import { carryOut } from '../carry-out.ts';
import type { AppContext } from '../context.ts';
import { digestOf } from '../digest.ts';
import { done, refuse, type Outcome } from '../outcome.ts';

const HOUR_MS = 3_600_000;

/** Sets when the caller works: a hint where a slot of theirs is chosen. */
export async function setOwnWorkday(
  context: AppContext,
  call: Call,
  workday: Workday,
): Promise<Outcome<Workday>> {
  const { person } = call.actor;
  const deed = { type: 'person.workday-set', action: 'set-workday', object: `person/${person}` };
  const outcome = await carryOut(context, call, deed, async (tx) => {
    if (!isZone(workday.zone))
      return refuse('invalid', `expected a time zone such as \`Europe/Berlin\`, got \`${workday.zone}\``);
    await lockPerson(tx, person);
    await setWorkday(tx, person, workday);
    return done({ value: workday, reason: 'working day set', after: digestOf(context, workday) });
  });
  return outcome.ok ? done(outcome.value.value) : outcome;
}

/** When the caller works; `null` where they never said. */
export async function ownWorkday(context: AppContext, call: Call): Promise<{ workday: Workday | null }> {
  return { workday: (await workdayOf(context.db, call.actor.person)) ?? null };
}

/** What the executor's own day says of a slot: outside it, or how much of it is left at the end. */
export function workdayWarnings(
  executor: string,
  { zone, begins, ends }: Workday,
  { start, end }: { readonly start: number; readonly end: number },
): SlotWarning[] {
  const local = Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(zone);
  const at = (clock: string) => local.withPlainTime(clock).epochMilliseconds;
  const day = `${begins} to ${ends} ${zone}`;
  if (start < at(begins) || start >= at(ends)) {
    return [{ kind: 'workday', text: `it begins outside the working day of \`${executor}\` (${day})` }];
  }
  const left = at(ends) - end;
  const hours = Math.floor(Math.abs(left) / (HOUR_MS / 10)) / 10;
  const text =
    left < 0
      ? `it ends ${hours} h after the working day of \`${executor}\` (${day}), at ${formatInstant(end)}`
      : `${hours} h are left of the working day of \`${executor}\` (${day}) when it ends`;
  return [{ kind: 'workday', text }];
}

function isZone(zone: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
