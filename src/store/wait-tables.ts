import type { ColumnType, GeneratedAlways } from 'kysely';

type Fixed<T> = ColumnType<T, T, never>;

export type WaitOutcome = 'started' | 'refused' | 'left' | 'vanished';

interface StartWaits {
  number: GeneratedAlways<bigint>;
  id: GeneratedAlways<string>;
  change_id: Fixed<string>;
  idempotency_key: Fixed<string>;
  person: Fixed<string>;
  host: Fixed<string>;
  host_environment: Fixed<string>;
  clears_at: Date;
  open_since: Date | null;
  beaten_at: ColumnType<Date, never, Date>;
  lease_expires_at: Date;
  began_at: ColumnType<Date, never, never>;
  ended_at: Date | null;
  outcome: WaitOutcome | null;
}

interface StartTurns {
  wait: Fixed<string>;
  during: string;
}

/** The tables of `migrations/0022-start-waits.sql`. */
export interface WaitTables {
  start_waits: StartWaits;
  start_turns: StartTurns;
}
