import type { CalendarSlot } from '../../contract/calendar.ts';
import type { SlotRow } from '../../store/slots.ts';

/** A request as the calendar shows it. */
export function slotView(row: SlotRow): CalendarSlot {
  const { id, title, state, environment, services, criticality, executor, start, end, accepted } = row;
  return {
    change: id,
    title,
    state,
    environment,
    services,
    criticality,
    executor,
    start: start.toISOString(),
    end: end.toISOString(),
    accepted,
  };
}
