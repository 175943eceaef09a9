import { DAY_MS, HOUR_MS, MINUTE_MS } from './hours.ts';

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/**
 * Epoch milliseconds of an RFC 3339 instant, or `null` if the text is none: no offset, or a day or time that does
 * not exist. What is finer than a millisecond is cut off; a leap second has no epoch millisecond and is none.
 */
export function parseInstant(text: string): number | null {
  const match = INSTANT.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as Six;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  const offset = offsetMs(match[8], Number(match[9] ?? 0), Number(match[10] ?? 0));
  if (offset === null) return null;
  const fraction = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const timeOfDay = hour * HOUR_MS + minute * MINUTE_MS + second * 1_000 + fraction;
  return daysFromEpoch(year, month, day) * DAY_MS + timeOfDay - offset;
}
type Six = [number, number, number, number, number, number];

function offsetMs(sign: string | undefined, hours: number, minutes: number): number | null {
  if (hours > 23 || minutes > 59) return null;
  const size = hours * HOUR_MS + minutes * MINUTE_MS;
  return sign === '-' ? -size : size;
}

/** The RFC 3339 text of an instant, in UTC; milliseconds only where there are any. */
export function formatInstant(instant: number): string {
  const days = Math.floor(instant / DAY_MS);
  // A day's milliseconds fit into 31 bits, and whole numbers of that size are quick to divide.
  const timeOfDay = (instant - days * DAY_MS) | 0;
  const { year, month, day } = civilDay(days);
  const seconds = (timeOfDay / 1_000) | 0;
  const minutes = (seconds / 60) | 0;
  const hours = (minutes / 60) | 0;
  const ms = timeOfDay - seconds * 1_000;
  const fraction = ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`;
  return `${yearText(year)}-${two(month)}-${two(day)}T${two(hours)}:${two(minutes - hours * 60)}:${two(seconds - minutes * 60)}${fraction}Z`;
}

const TWO_DIGITS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));

function two(value: number): string {
  return TWO_DIGITS[value] as string;
}

function yearText(year: number): string {
  return year >= 1_000 ? String(year) : String(year).padStart(4, '0');
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days since 1970-01-01 in the Gregorian calendar, counted in years that begin in March. */
export function daysFromEpoch(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The calendar day of a number of days since 1970-01-01. */
export function civilDay(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  // From here on everything is a whole number below 2^31 and not negative, so `| 0` is rounding down.
  const dayOfEra = (shifted - era * 146_097) | 0;
  const leapDays = ((dayOfEra / 1_460) | 0) - ((dayOfEra / 36_524) | 0) + ((dayOfEra / 146_096) | 0);
  const yearOfEra = ((dayOfEra - leapDays) / 365) | 0;
  const dayOfYear = dayOfEra - (365 * yearOfEra + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0));
  const shiftedMonth = ((5 * dayOfYear + 2) / 153) | 0;
  const day = dayOfYear - (((153 * shiftedMonth + 2) / 5) | 0) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}
