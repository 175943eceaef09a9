import type { ColumnType } from 'kysely';

/** A column that nobody may change. */
type Fixed<T> = ColumnType<T, T, never>;

interface GuardedCommands {
  number: ColumnType<bigint, never, never>;
  id: ColumnType<string, never, never>;
  key: Fixed<string>;
  person: Fixed<string>;
  bastion: Fixed<string>;
  incident_said: Fixed<string | null>;
  incident_id: Fixed<string | null>;
  targets: Fixed<string>;
  argv: Fixed<string>;
  observer: Fixed<string | null>;
  started_at: Fixed<Date>;
  heard_at: ColumnType<Date, never, never>;
  ended: string | null;
  end_heard_at: Date | null;
  reviewed_by: string | null;
  reviewed_at: Date | null;
  review: string | null;
}

/** The tables of `migrations/0048-guarded-commands.sql`. */
export interface GuardedCommandTables {
  guarded_commands: GuardedCommands;
}
