import type { ColumnType } from 'kysely';

interface Workdays {
  person: string;
  zone: string;
  begins: string;
  ends: string;
  set_at: ColumnType<Date, never, Date>;
}

interface CalendarFeeds {
  id: string;
  person: string;
  label: string;
  secret_hash: Uint8Array;
  created_at: ColumnType<Date, never, never>;
  revoked_at: ColumnType<Date | null, never, Date | null>;
  revoked_by: ColumnType<string | null, never, string | null>;
}

interface CalendarCopies {
  place: string;
  uid: string;
  generation: number;
  event: unknown;
  wanted: string | null;
  written: string | null;
  tag: string | null;
  sequence: bigint | null;
}

interface CalendarPlaces {
  place: string;
  log_size: bigint;
  compared_at: Date;
}

/** The tables of `0020-calendar.sql` and `0066-calendar-copies.sql`. */
export interface CalendarTables {
  workdays: Workdays;
  calendar_feeds: CalendarFeeds;
  calendar_copies: CalendarCopies;
  calendar_places: CalendarPlaces;
}
