import type { ColumnType } from 'kysely';

interface IncidentEvents {
  id: ColumnType<bigint, never, never>;
  incident_id: string;
  kind: 'opened' | 'severity' | 'note' | 'quiet' | 'firing' | 'resolved';
  by: string;
  text: string;
  at: ColumnType<Date, never, never>;
}

interface HeardDeliveries {
  source: string;
  delivery: string;
  heard_at: ColumnType<Date, never, never>;
}

/** The tables of `0023-incident-records.sql`. */
export interface IncidentTables {
  incident_events: IncidentEvents;
  heard_deliveries: HeardDeliveries;
}
