import { sql } from 'kysely';
import type { CheckResult } from '../contract/check.ts';
import type { MeasuredCheck } from '../contract/check-results.ts';
import type { Queries } from './database.ts';

/** A result of a check as a runner reported it, without its raw answers. */
export type ResultRow = Omit<MeasuredCheck, 'measuredAt'> & { readonly measured_at: Date };

/** The newest result of each check of a plan's digest, over all its runs; what came too late to count is left out. */
export async function checkResultsOf(
  db: Queries,
  { changeId, digest }: { readonly changeId: string; readonly digest: string },
): Promise<ResultRow[]> {
  const { rows } = await sql<ResultRow>`
    with kept as (
      select t.id as report, t.received_at as at, r.id as run, r.number, t.kind, t.body->>'list' as list,
        (t.body->>'position')::int as position, part.name as part, part.results
      from runs r join run_reports t on t.run_id = r.id
      cross join lateral (values ('results', t.body->'results'), ('before', t.body->'before'), ('after', t.body->'after'),
        ('result', case when t.body ? 'result' then jsonb_build_array(t.body->'result') end)) as part (name, results)
      where r.change_id = ${changeId} and r.plan_digest = ${digest} and not t.late
        and t.kind in ('preflight', 'step', 'recheck', 'probe', 'postchecks') and jsonb_typeof(part.results) = 'array'
    ), reported as (
      select case part when 'result' then report || '.result' else report || '.' || part || '.' || (place - 1) end as id, run,
        case when kind = 'preflight' then 'preflight' when kind = 'postchecks' then 'postcheck' when part = 'result' then 'probe'
          else part end as moment,
        list, position, at, number, report, result
      from kept cross join lateral jsonb_array_elements(results) with ordinality as e (result, place)
    ), delayed as (
      select d.run_id || '.' || d.position as id, d.run_id as run, 'delayed' as moment, null as list, d.position,
        coalesce(d.measured_at, r.ended_at, r.started_at) as at, r.number, 0::bigint as report, d.result
      from delayed_checks d join runs r on r.id = d.run_id
      where r.change_id = ${changeId} and r.plan_digest = ${digest} and d.result is not null
    ), every as (select * from reported union all select * from delayed)
    select distinct on (moment, list, position, result->>'name') id, run, moment, list, position, result->>'name' as name,
      result->>'verdict' as verdict, result->>'because' as because, result->'measurements'->-1->'value' as value,
      coalesce((result->'measurements'->-1->>'measuredAt')::timestamptz, at) as measured_at,
      jsonb_array_length(result->'measurements') as measurements
    from every order by moment, list, position, result->>'name', number desc, report desc`.execute(db);
  return rows;
}

/** One kept result of a change, whole; `undefined` where the change has none of that id. */
export async function checkResult(
  db: Queries,
  changeId: string,
  id: string,
): Promise<CheckResult | undefined> {
  const [first = '', ...path] = id.split('.');
  const { rows } = first.startsWith('RUN-')
    ? await sql<{ result: CheckResult | null }>`
        select d.result from delayed_checks d join runs r on r.id = d.run_id
        where r.change_id = ${changeId} and d.run_id = ${first} and d.position = ${Number(path[0])}`.execute(
        db,
      )
    : await sql<{ result: CheckResult | null }>`
        select t.body #> ${path}::text[] as result from run_reports t join runs r on r.id = t.run_id
        where r.change_id = ${changeId} and t.id = ${first}::bigint`.execute(db);
  return rows[0]?.result ?? undefined;
}
