import { sql } from 'kysely';
import type { Queries } from './database.ts';

/** A start or an end of a run, or of a pipeline's claim, that was not marked yet. */
export interface UnmarkedChange {
  /** Of the effect that marks it. */
  readonly key: string;
  readonly what: 'start' | 'end';
  readonly of: 'run' | 'claim';
  readonly id: string;
  /** The request that runs, or whose claim it is. */
  readonly whose: string;
  readonly state: string;
  readonly environment: string;
  readonly at: Date;
}

/** What began or ended within a day and was not marked at a peer; what is older is no news there. */
export async function unmarkedChanges(db: Queries, connection: string): Promise<UnmarkedChange[]> {
  return (
    await sql<UnmarkedChange>`
      select 'mark:' || id || ':' || what || ':' || ${connection} as key, marks.*
      from (
        select 'start' as what, 'run' as of, id, change_id as whose, state, environment, started_at as at from runs
        union all
        select 'end', 'run', id, change_id, state, environment, ended_at from runs where ended_at is not null
        union all
        select 'start', 'claim', id, person, state, environment, started_at from claims
        union all
        select 'end', 'claim', id, person, state, environment, ended_at from claims where ended_at is not null
      ) marks
      where at > now() - interval '1 day'
        and not exists (select from outbox where key = 'mark:' || id || ':' || what || ':' || ${connection})
      order by at`.execute(db)
  ).rows;
}
