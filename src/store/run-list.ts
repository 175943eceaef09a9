import { sql, type Selectable } from 'kysely';
import type { StepList } from '../kernel/run/state.ts';
import type { Queries } from './database.ts';
import type { RunTables } from './run-tables.ts';

/** A run without what was planned and measured, and how far it is. */
export type RunListRow = Pick<
  Selectable<RunTables['runs']>,
  | 'id'
  | 'change_id'
  | 'state'
  | 'phase'
  | 'epoch'
  | 'version'
  | 'plan_digest'
  | 'executor'
  | 'host'
  | 'started_at'
  | 'ended_at'
  | 'hold'
  | 'hold_wanted'
  | 'lease_expires_at'
  | 'take_over_from'
> & {
  readonly list: StepList;
  readonly done: number;
  readonly of: number;
  readonly at: string | null;
};

/** Every run that is live, the oldest first. */
export async function liveRunList(db: Queries): Promise<RunListRow[]> {
  const { rows } = await sql<RunListRow>`
    /* prepared: run_list */ select id, change_id, state, phase, epoch, version, plan_digest, executor, host, started_at,
      ended_at, hold, hold_wanted, lease_expires_at, take_over_from, progress.*
    from runs,
      lateral (select case when phase = 'rollback' then 'rollback' else 'steps' end as list) at_now,
      lateral (
        select at_now.list, count(*) filter (where s.state in ('succeeded', 'skipped'))::int as done, count(*)::int as of,
          (array_agg(s.name order by s.position) filter (where s.state in ('granted', 'running')))[1] as at
        from run_steps s where s.run_id = runs.id and s.list = at_now.list
      ) progress
    where ended_at is null order by number`.execute(db);
  return rows;
}
