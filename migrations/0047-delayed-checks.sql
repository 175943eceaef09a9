-- Checks that are measured a while after a change is complete: slow harm shows late, and watching blocks nobody.
create table delayed_checks (
  run_id text not null references runs (id),
  position integer not null check (position >= 0),
  name text not null,
  due_at timestamptz not null,
  -- When people were told that nobody had measured it.
  overdue_at timestamptz,
  -- Of the newest measurement; one that could not tell leaves the check open.
  because text,
  result jsonb,
  person text references people (name),
  host text,
  verdict text check (verdict in ('pass', 'fail')),
  measured_at timestamptz,
  primary key (run_id, position),
  check ((verdict is null) = (measured_at is null))
);
create index delayed_checks_open on delayed_checks (due_at) where measured_at is null;
create index delayed_checks_failed on delayed_checks (run_id) where verdict = 'fail';
create trigger delayed_checks_stand before update on delayed_checks
  for each row when (old.measured_at is not null) execute function words_stand();
create trigger delayed_checks_stay before delete or truncate on delayed_checks
  for each statement execute function words_stand();
revoke delete on delayed_checks from interlock_app;

-- A delayed check that failed counts against a procedure as a run that did; a word that is waited for is work by people.
create or replace view procedure_runs as
  select v.procedure, v.procedure_version as version, r.number, r.id as run_id, r.change_id, r.state, r.started_at, r.ended_at,
    r.state = 'succeeded' and h.held_at is null and not undone.tried and not late.failed as good,
    r.state in ('failed', 'rolled-back', 'unknown') or h.held_at is not null or undone.tried or late.failed as bad,
    undone.worked as rolled_back,
    jsonb_path_exists(v.plan, '$.steps[*].manual') or jsonb_path_exists(v.plan, '$.steps[*].approval')
      or jsonb_path_exists(v.plan, '$.rollback.steps[*].manual') as manual,
    jsonb_array_length(v.plan -> 'assumptions') = 0 or jsonb_path_exists(v.plan, '$.assumptions[*].exception') as unchecked,
    jsonb_array_length(v.plan -> 'exceptions') > 0
      or exists (select from exceptions e where e.change_id = r.change_id and e.approved_by is not null) as excepted
  from runs r
  cross join lateral (
    select procedure, procedure_version, plan from change_revisions
    where change_id = r.change_id and digest = r.plan_digest order by revision limit 1
  ) v
  cross join lateral (select min(at) as held_at from run_holds where run_id = r.id) h
  cross join lateral (
    select coalesce(bool_or(attempts > 0), false) as tried, coalesce(bool_or(state = 'succeeded'), false) as worked
    from run_steps where run_id = r.id and list = 'rollback'
  ) undone
  cross join lateral (
    select exists (select from delayed_checks where run_id = r.id and verdict = 'fail') as failed
  ) late
  where v.procedure is not null;
