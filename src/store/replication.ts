import { sql } from 'kysely';
import type { Queries } from './database.ts';

/** Who replicates this server, and what a commit waits for. */
export interface Replication {
  readonly replicas: number;
  /** Whether a commit waits for replicas that are named. */
  readonly waits: boolean;
  /** `synchronous_standby_names` as it stands. */
  readonly names: string;
}

/** Everybody may count the processes that send; their states are for superusers. */
export async function replicationOf(db: Queries): Promise<Replication> {
  const { rows } = await sql<{ replicas: number; commit: string; names: string }>`
    select (select count(*)::int from pg_stat_replication) as replicas,
      current_setting('synchronous_commit') as commit,
      current_setting('synchronous_standby_names') as names`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('expected a row of settings, got none');
  return { replicas: row.replicas, waits: !['off', 'local'].includes(row.commit), names: row.names };
}
