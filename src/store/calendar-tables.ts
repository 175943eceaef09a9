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

/** The tables of `0020-calendar.sql`. */
export interface CalendarTables {
  workdays: Workdays;
  calendar_feeds: CalendarFeeds;
}
