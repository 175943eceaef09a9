-- What a plan was made from, and the record of its runs. Nothing here is counted up or set: a record is computed from the runs, so
-- there is nothing that somebody could write by hand.

-- A version of a procedure is what it does and how that is proven, whoever does it and to what: the digest over five parts of the plan.
create function procedure_version(parts jsonb) returns text language sql immutable strict parallel safe as $$
  select 'sha256:' || encode(sha256(convert_to(jsonb_build_object(
    'assumptions', parts -> 'assumptions', 'checks', parts -> 'checks', 'rollback', parts -> 'rollback',
    'steps', parts -> 'steps', 'watch', parts -> 'watch')::text, 'UTF8')), 'hex')
$$;
alter table change_revisions add column procedure text generated always as (plan ->> 'procedure') stored;
alter table change_revisions add column procedure_version text
  generated always as (case when plan ->> 'procedure' is not null then procedure_version(parts) end) stored;
create index change_revisions_of_procedure on change_revisions (procedure, procedure_version) where procedure is not null;

-- That a run was held stays known when it goes on. Only the trigger writes here.
create table run_holds (
  id bigint generated always as identity primary key,
  run_id text not null references runs (id),
  cause text not null,
  at timestamptz not null default clock_timestamp()
);
create index run_holds_of_run on run_holds (run_id);
insert into run_holds (run_id, cause) select id, hold ->> 'cause' from runs where hold is not null order by number;
create function run_holds_follow() returns trigger
language plpgsql
security definer
set search_path = public, pg_temp
as $$
begin
  insert into run_holds (run_id, cause) values (new.id, new.hold ->> 'cause');
  return null;
end $$;
create trigger runs_are_held after update on runs
  for each row when (old.hold is null and new.hold is not null) execute function run_holds_follow();
create trigger run_holds_stand before update or delete or truncate on run_holds
  for each statement execute function runs_refuse();
revoke insert, update, delete on run_holds from interlock_app;

-- An incident that is laid at the door of a change.
create table incident_causes (
  incident_id text not null references incidents (id),
  change_id text not null references changes (id),
  reason text not null check (btrim(reason) <> '' and octet_length(reason) <= 16000),
  by text not null references people (name),
  at timestamptz not null default clock_timestamp(),
  primary key (incident_id, change_id)
);
create index incident_causes_of_change on incident_causes (change_id);
create trigger incident_causes_stand before update or delete or truncate on incident_causes
  for each statement execute function words_stand();
revoke update, delete on incident_causes from interlock_app;

-- The runs of procedures, each with the version that it ran.
create view procedure_runs as
  select v.procedure, v.procedure_version as version, r.number, r.id as run_id, r.change_id, r.state, r.started_at, r.ended_at,
    r.state = 'succeeded' and h.held_at is null and not undone.tried as good,
    r.state in ('failed', 'rolled-back', 'unknown') or h.held_at is not null or undone.tried as bad,
    undone.worked as rolled_back,
    jsonb_path_exists(v.plan, '$.steps[*].manual') or jsonb_path_exists(v.plan, '$.rollback.steps[*].manual') as manual,
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
  where v.procedure is not null;

-- The record of each version. `row_excepted` has an entry for each success since the last trouble, the newest first: only runs that
-- began after the trouble was over are of the row, and while it lasts there is none.
create view procedure_records as
  select r.procedure, r.version, count(*)::integer as runs,
    coalesce(array_agg(r.excepted order by r.number desc) filter (where r.good and r.started_at > r.troubled_until), '{}')
      as row_excepted,
    max(r.ended_at) filter (where r.state in ('failed', 'rolled-back', 'unknown')) as last_failed,
    bool_or(r.rolled_back) as rolled_back,
    bool_or(r.manual) as manual,
    bool_or(r.unchecked) as unchecked,
    (array_agg(r.change_id order by r.number))[1] as first_change,
    min(r.started_at) as first_started,
    (
      select max(c.at) from incident_causes c
      where exists (select from change_revisions v where v.change_id = c.change_id and v.procedure = r.procedure)
    ) as last_incident
  from (
    select *, coalesce(
      max(case when bad then coalesce(ended_at, 'infinity') end) over (partition by procedure, version), '-infinity'
    ) as troubled_until
    from procedure_runs
  ) r
  group by r.procedure, r.version;
revoke insert, update, delete on procedure_runs, procedure_records from interlock_app;
