import { DAY_MS, HOUR_MS, modulo } from '../kernel/calendar/hours.ts';
import { formatInstant } from '../kernel/calendar/instant.ts';
import type { Opening, OpeningSearch } from '../kernel/calendar/opening.ts';
import { overlapping } from '../kernel/calendar/span.ts';

const CELL_MS = HOUR_MS / 2;
const WEEKDAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];

/** The days of a search as rows of half hours: open to a start, locked, or out of hours. */
export function calendarText(what: string, found: readonly Opening[], search: OpeningSearch): string {
  const firstDay = search.from - modulo(search.from, DAY_MS);
  const days = Math.ceil((search.until + 1 - firstDay) / DAY_MS);
  const rows = Array.from({ length: days }, (_, day) => rowOf(firstDay + day * DAY_MS, found, search));
  const hours = Array.from({ length: 8 }, (_, third) =>
    String(third * 3)
      .padStart(2, '0')
      .padEnd(6),
  ).join('');
  return [`${what} (UTC)`, `${' '.repeat(16)}${hours}`, ...rows, '█ may start  ▒ locked  · not now', ''].join(
    '\n',
  );
}

function rowOf(day: number, found: readonly Opening[], search: OpeningSearch): string {
  const cells = Array.from({ length: 48 }, (_, half) => cellOf(day + half * CELL_MS, found, search)).join('');
  const weekday = WEEKDAYS[modulo(day / DAY_MS, 7)] ?? '';
  return `${weekday} ${formatInstant(day).slice(0, 10)}  ${cells}`;
}

function cellOf(start: number, found: readonly Opening[], search: OpeningSearch): string {
  if (start + CELL_MS <= search.from || start > search.until) return ' ';
  if (found.some(({ first, last }) => first < start + CELL_MS && last >= start)) return '█';
  return search.blocked.some(({ list }) => overlapping(list, start, start + CELL_MS).length > 0) ? '▒' : '·';
}
