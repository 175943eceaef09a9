import { sql } from 'kysely';
import type { Database } from '../src/store/database.ts';

/** What must be true of the records of every history of runs, whatever went wrong (SAFETY section 1). Gives what is not. */
export async function violationsInRecords(db: Database): Promise<readonly string[]> {
  const { rows } = await sql<{ what: string; run_id: string }>`
    select 'two live grants' as what, run_id from grants where closed_at is null group by run_id having count(*) > 1
    union all
    select 'epochs that do not grow', run_id from (
      select run_id, epoch, lag(epoch) over (partition by run_id order by number) as before from grants) g
      where before > epoch
    union all
    select 'an open step without a grant or an unknown one', s.run_id from run_steps s
      where s.state in ('granted', 'running')
        and not exists (select from grants g where g.run_id = s.run_id and g.closed_at is null)
    union all
    select 'a step executed without a grant', s.run_id from run_steps s
      where s.attempts > 0 and not exists (select from grants g where g.run_id = s.run_id and g.list = s.list)
    union all
    select 'S1 or S2 beside another', a.id from runs a, runs b
      where a.id <> b.id and a.severity in ('S1', 'S2') and a.ended_at is null and b.ended_at is null
        and a.state <> 'suspended' and b.state <> 'suspended'
    union all
    select 'an unknown step of a run that has ended', s.run_id from run_steps s join runs r on r.id = s.run_id
      where s.state = 'unknown' and r.ended_at is not null
    union all
    select 'a run that started before it was allowed', r.id from runs r
      where not exists (select from decisions d where d.change_id = r.change_id and d.action = 'start' and d.allowed
        and d.at <= r.started_at + interval '1 second')
  `.execute(db);
  return rows.map(({ what, run_id }) => `${run_id}: ${what}`);
}

export type Entry = Readonly<Record<string, unknown>>;

/** The same of what the ledger tells: each grant stands after a decision, and a journal tells of nothing but grants. */
export function violationsInLedger(entries: readonly Entry[]): readonly string[] {
  const violations: string[] = [];
  const decided = new Set<unknown>();
  for (const entry of entries) {
    const { type, object, outcome } = entry;
    if (type === 'decision') decided.add(object);
    if (type === 'run.granted' && !decided.has(object))
      violations.push(`a grant without a decision before it: ${JSON.stringify(entry)}`);
    if (type === 'run.evidence' && outcome === 'error')
      violations.push(`a journal that tells of more than was granted: ${JSON.stringify(entry)}`);
  }
  return violations;
}
