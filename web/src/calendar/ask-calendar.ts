import { queryOptions } from '@tanstack/react-query';
import type { Calendar, CalendarDays } from '../../../src/contract/calendar.ts';
import { api } from '../server/api.ts';
import type { Range } from './search.ts';

/** Everything of a few days, in one environment or in all (``). */
export const askCalendar = (range: Range, environment: string) =>
  queryOptions({
    queryKey: ['calendar', range.from, range.to, environment],
    queryFn: () => api<Calendar>(`/calendar?${queryOf(range, environment)}`),
  });

/** The days of a month, each with what is drawn of it. */
export const askDays = (range: Range, environment: string) =>
  queryOptions({
    queryKey: ['calendar', 'days', range.from, range.to, environment],
    queryFn: () => api<CalendarDays>(`/calendar/days?${queryOf(range, environment)}`),
  });

function queryOf({ from, to }: Range, environment: string): string {
  const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  return new URLSearchParams({ ...span, ...(environment !== '' && { environment }) }).toString();
}
