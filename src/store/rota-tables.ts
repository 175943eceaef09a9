import type { ColumnType, Generated } from 'kysely';
import type { RotaName } from '../contract/people.ts';

type CreatedAt = ColumnType<Date, never, never>;
type Later<T> = ColumnType<T | null, never, T | null>;

interface RotaSources {
  id: ColumnType<bigint, never, never>;
  rota: RotaName;
  url: string | null;
  zone: string | null;
  format: Generated<'icalendar' | 'timeline'>;
  connection: string | null;
  schedule: string | null;
  people: unknown;
  added_at: CreatedAt;
  added_by: string;
  removed_at: Later<Date>;
  removed_by: Later<string>;
  tried_at: Later<Date>;
  failure: Later<string>;
  good_at: Later<Date>;
  good_until: Later<Date>;
  read_at: Later<Date>;
  etag: Later<string>;
  modified: Later<string>;
  unmapped: Generated<unknown>;
  overrides: Generated<unknown>;
}

interface RotaEntries {
  id: ColumnType<bigint, never, never>;
  rota: RotaName;
  layer: 'plan' | 'cover';
  person: string;
  kind: Generated<'person'>;
  /** `[start,end)` as PostgreSQL writes it. */
  during: string;
  source: bigint | null;
  set_at: CreatedAt;
  set_by: string;
  retired_at: Later<Date>;
  retired_by: Later<string>;
  layer_number: ColumnType<number, never, never>;
}

interface RotaHandOvers {
  number: ColumnType<bigint, never, never>;
  id: ColumnType<string, never, never>;
  rota: RotaName;
  giver: string;
  receiver: string;
  until: Date;
  offered_at: CreatedAt;
  answered_at: Later<Date>;
  answer: Later<'accepted' | 'declined' | 'withdrawn'>;
}

/** The tables of `0019-rotas.sql`. */
export interface RotaTables {
  rota_sources: RotaSources;
  rota_entries: RotaEntries;
  rota_hand_overs: RotaHandOvers;
}
