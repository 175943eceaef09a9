import { sql } from 'kysely';
import type { ChangeState } from '../kernel/change/state.ts';
import type { Severity } from '../kernel/policy/facts.ts';
import type { RuleId } from '../kernel/policy/rule.ts';
import type { Queries } from './database.ts';

/** Half open. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}

export interface StartedRow {
  readonly changes: number;
  readonly service: number;
  readonly automated: number;
  readonly median_minutes: number | null;
  readonly p90_minutes: number | null;
}

/** Changes whose first run began in a time. As a service change started what was asked for no quorum of reviewers then. */
export async function startedIn(db: Queries, { from, to }: Period): Promise<StartedRow> {
  const { rows } = await sql<StartedRow>`
    select count(*)::integer as changes,
      count(*) filter (where kind = 'service' and not maintenance)::integer as service,
      count(*) filter (where not by_hand)::integer as automated,
      percentile_cont(0.5) within group (order by lead) as median_minutes,
      percentile_cont(0.9) within group (order by lead) as p90_minutes
    from (
      select v.plan ->> 'kind' as kind, jsonb_path_exists(v.plan, '$.steps[*].manual') as by_hand,
        extract(epoch from r.started_at - c.opened_at)::float8 / 60 as lead,
        coalesce(jsonb_path_exists(d.answer::jsonb, '$.verdicts[*] ? (@.rule == "review-quorum")'), false) as maintenance
      from runs r
      join changes c on c.id = r.change_id
      cross join lateral (
        select plan from change_revisions where change_id = r.change_id and digest = r.plan_digest limit 1
      ) v
      left join lateral (
        select answer from decisions
        where change_id = r.change_id and action = 'start' and allowed and at <= r.started_at
        order by ledger_index desc limit 1
      ) d on true
      where r.started_at >= ${from} and r.started_at < ${to}
        and not exists (select from runs e where e.change_id = r.change_id and e.number < r.number)
    ) first_runs`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('expected the counts of what started, got no row');
  return row;
}

/** Changes whose last run ended in a time, and those of them that failed: by how it ended, or by an incident. */
export async function ranIn(
  db: Queries,
  { from, to }: Period,
): Promise<{ readonly ran: number; readonly failed: number }> {
  const { rows } = await sql<{ ran: number; failed: number }>`
    select count(*)::integer as ran,
      count(*) filter (where r.state <> 'succeeded'
        or exists (select from incident_causes i where i.change_id = r.change_id))::integer as failed
    from runs r
    where r.ended_at >= ${from} and r.ended_at < ${to}
      and not exists (select from runs l where l.change_id = r.change_id and l.number > r.number)`.execute(
    db,
  );
  return rows[0] ?? { ran: 0, failed: 0 };
}

/** How many changes came to which end in a time: what ran when its run ended, what did not when it was closed. */
export async function endStatesIn(
  db: Queries,
  { from, to }: Period,
): Promise<{ readonly state: ChangeState; readonly changes: number }[]> {
  return (
    await sql<{ state: ChangeState; changes: number }>`
      select state, count(*)::integer as changes from (
        select c.state, coalesce((select max(ended_at) from runs where change_id = c.id), c.changed_at) as at from changes c
        where c.state in ('complete', 'aborted', 'rejected', 'cancelled')
      ) ended where at >= ${from} and at < ${to} group by state order by state`.execute(db)
  ).rows;
}

export interface RefusalRow {
  readonly rule: RuleId;
  readonly refused: number;
  readonly blocked_minutes: number;
}

/** What refused in a time, and for how long requests stood before the next answer about them, or their end. */
export async function refusalsIn(db: Queries, { from, to }: Period): Promise<RefusalRow[]> {
  return (
    await sql<RefusalRow>`
      select verdict ->> 'rule' as rule, count(*)::integer as refused,
        coalesce(sum(extract(epoch from greatest(least(until, ${to}, now()) - at, interval '0'))) / 60, 0)::float8
          as blocked_minutes
      from (
        select d.answer, d.at, case when d.change_id is null then d.at else coalesce(
          (select min(n.at) from decisions n where n.change_id = d.change_id and n.ledger_index > d.ledger_index),
          (select changed_at from changes where id = d.change_id
            and state in ('complete', 'aborted', 'rejected', 'cancelled')),
          ${to}) end as until
        from decisions d where d.at >= ${from} and d.at < ${to} and not d.allowed
      ) refused
      cross join lateral jsonb_array_elements(refused.answer::jsonb -> 'verdicts') as verdict
      where verdict ->> 'verdict' in ('deny', 'unknown')
      group by 1 order by 3 desc, 2 desc, 1`.execute(db)
  ).rows;
}

export interface ByHandRow {
  readonly kind: 'procedure' | 'topic';
  readonly name: string;
  readonly runs: number;
  readonly worst: Severity;
  readonly services: readonly string[];
  readonly last_run: Date;
}

/** What ran with a step by hand: by its procedure, else by each of its topics. */
export async function ranByHand(db: Queries): Promise<ByHandRow[]> {
  return (
    await sql<ByHandRow>`
      select kind, name, count(distinct id)::integer as runs, min(severity) as worst,
        array_agg(distinct service order by service) as services, max(started_at) as last_run
      from (
        select r.id, r.severity, r.started_at, v.plan,
          case when v.procedure is null then 'topic' else 'procedure' end as kind,
          case when v.procedure is null then v.plan -> 'topics' else jsonb_build_array(v.procedure) end as names
        from runs r
        cross join lateral (
          select plan, procedure from change_revisions where change_id = r.change_id and digest = r.plan_digest limit 1
        ) v
        where jsonb_path_exists(v.plan, '$.steps[*].manual')
      ) by_hand
      cross join lateral jsonb_array_elements_text(names) as name
      cross join lateral jsonb_array_elements_text(plan -> 'services') as service
      group by kind, name`.execute(db)
  ).rows;
}
