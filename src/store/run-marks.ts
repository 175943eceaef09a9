import { sql } from 'kysely';
import type { Queries } from './database.ts';

/** A start or an end of a run that was not marked yet. */
export interface UnmarkedRun {
  /** Of the effect that marks it. */
  readonly key: string;
  readonly what: 'start' | 'end';
  readonly run: string;
  readonly change_id: string;
  readonly state: string;
  readonly at: Date;
}

/** What began or ended within a day and was not marked at a peer; what is older is no news there. */
export async function unmarkedRuns(db: Queries, connection: string): Promise<UnmarkedRun[]> {
  return (
    await sql<UnmarkedRun>`
      select 'mark:' || run || ':' || what || ':' || ${connection} as key, what, run, change_id, state, at
      from (
        select 'start' as what, id as run, change_id, state, started_at as at from runs
        union all
        select 'end', id, change_id, state, ended_at from runs where ended_at is not null
      ) marks
      where at > now() - interval '1 day'
        and not exists (select from outbox where key = 'mark:' || run || ':' || what || ':' || ${connection})
      order by at`.execute(db)
  ).rows;
}
