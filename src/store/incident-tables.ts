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

interface IncidentCauses {
  incident_id: string;
  change_id: string;
  reason: string;
  by: string;
  at: ColumnType<Date, never, never>;
}

/** The tables of `0023-incident-records.sql`, with what came to them later. */
export interface IncidentTables {
  incident_events: IncidentEvents;
  heard_deliveries: HeardDeliveries;
  incident_causes: IncidentCauses;
}
