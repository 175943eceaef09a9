/** One event of a calendar that others read. Instants in epoch milliseconds. */
export interface PublishedEvent {
  /** The same for as long as it is the same event, whatever changes in it. */
  readonly uid: string;
  /** Grows with each change. */
  readonly sequence: number;
  /** When it last changed. */
  readonly changedAt: number;
  readonly start: number;
  readonly end: number;
  /** One line of plain text. */
  readonly title: string;
  readonly place: string | null;
  readonly url: string | null;
  readonly status: 'confirmed' | 'tentative' | 'cancelled';
  /** Whether it takes the time of whoever reads it. */
  readonly busy: boolean;
}

export interface PublishedCalendar {
  readonly name: string;
  /** How often it is worth reading again. */
  readonly refreshMs: number;
  readonly events: readonly PublishedEvent[];
}

/** Writes a calendar as iCalendar text (RFC 5545). */
export type CalendarText = (calendar: PublishedCalendar) => string;
