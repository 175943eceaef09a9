/** One event of a calendar, as far as it says who is on call. Instants in epoch milliseconds. */
export interface ShiftEvent {
  readonly summary: string;
  /** Of its attendees, in small letters. */
  readonly emails: readonly string[];
  /** Ids of accounts where it comes from a peer that has some. */
  readonly accounts?: readonly string[];
  /** Whether somebody there put it over what was planned. */
  readonly override?: boolean;
  /** `null` where it cannot be told: then `because` says why. */
  readonly span: { readonly start: number; readonly end: number } | null;
  readonly because: string | null;
}

export interface ShiftCalendarQuestion {
  readonly url: string;
  readonly format: 'icalendar' | 'timeline';
  /** What the last answer bore, so that the next one may be that nothing changed. */
  readonly etag: string | null;
  readonly modified: string | null;
  /** Zone of times and days that name none. */
  readonly zone: string | null;
  /** What recurs is laid out in this span. */
  readonly from: number;
  readonly to: number;
}

export interface ShiftCalendarAnswer {
  readonly events: readonly ShiftEvent[];
  readonly etag: string | null;
  readonly modified: string | null;
}

/** Calendars elsewhere that say who is on call. */
export interface ShiftCalendar {
  /**
   * The events of a calendar; `null` where nothing changed.
   *
   * @throws {Error} where it cannot be had, or not be read; its message names no secret.
   */
  read(question: ShiftCalendarQuestion): Promise<ShiftCalendarAnswer | null>;
}
