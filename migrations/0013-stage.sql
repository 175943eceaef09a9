-- One stage for whatever works on production: runs from a bastion, and the claims of pipelines.

-- INVARIANT: what is of severity S1 or S2 has the stage for itself, across runs and claims. On the stage one of S3 or S4
-- takes one place of its own, one of S1 or S2 takes all of them; the constraint refuses two that overlap. Only the triggers
-- below write here, so that whoever works has a place and whoever has a place works.
create table stage_places (
  holder text primary key check (holder ~ '^(RUN|CLAIM)-[1-9]'),
  number bigint generated always as identity unique,
  severity text not null check (severity in ('S1', 'S2', 'S3', 'S4')),
  stage int8range not null generated always as (
    case when severity in ('S1', 'S2') then int8range(null, null) else int8range(number, number, '[]') end
  ) stored,
  constraint stage_alone exclude using gist (stage with &&)
);

-- Work of a pipeline that no plan stands behind: it runs while it is claimed, and its claimant says how it ended.
create table claims (
  number bigint generated always as identity unique,
  id text generated always as ('CLAIM-' || number::text) stored primary key,
  person text not null references people (name),
  idempotency_key text not null,
  request_digest text not null,
  -- What was asked and answered with yes, and the ledger's entry of that answer.
  asked jsonb not null,
  decision bigint not null references decisions (ledger_index),
  environment text not null,
  severity text not null check (severity in ('S1', 'S2', 'S3', 'S4')),
  host text,
  host_role text check (host_role in ('bastion', 'deployer')),
  -- `unknown`: it was not renewed. It keeps its place until a person on duty states how it ended.
  state text not null default 'running' check (state in ('running', 'unknown', 'succeeded', 'failed')),
  lease_expires_at timestamptz,
  settle_from timestamptz,
  -- The rules that the last recorded answer to a heartbeat named; a new set is recorded anew.
  denied text[] not null default '{}',
  settled_by text references people (name),
  started_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  unique (person, idempotency_key),
  check ((host is null) = (host_role is null)),
  check ((ended_at is not null) = (state in ('succeeded', 'failed'))),
  check ((lease_expires_at is not null) = (state = 'running')),
  check ((settle_from is not null) = (state = 'unknown'))
);
create index claims_live on claims (lease_expires_at) where ended_at is null;

create function stage_follows() returns trigger
language plpgsql
security definer
set search_path = public, pg_temp
as $$
begin
  if new.ended_at is null and new.state <> 'suspended' then
    insert into stage_places (holder, severity) values (new.id, new.severity);
  else
    delete from stage_places where holder = new.id;
  end if;
  return null;
end $$;

insert into stage_places (holder, severity)
  select id, severity from runs where ended_at is null and state <> 'suspended' order by number;
alter table runs drop constraint runs_stage;
alter table runs drop column stage;

create trigger runs_take_the_stage after insert on runs
  for each row when (new.ended_at is null and new.state <> 'suspended') execute function stage_follows();
create trigger runs_keep_the_stage after update on runs
  for each row when ((old.ended_at is null and old.state <> 'suspended') <> (new.ended_at is null and new.state <> 'suspended'))
  execute function stage_follows();
create trigger claims_take_the_stage after insert on claims for each row execute function stage_follows();
create trigger claims_leave_the_stage after update on claims
  for each row when (old.ended_at is null and new.ended_at is not null) execute function stage_follows();

create function claims_keep_their_word() returns trigger language plpgsql as $$
begin
  if old.ended_at is not null then
    raise exception 'a claim that has ended is not changed: %', old.id using errcode = 'IL004';
  end if;
  if old.state = 'unknown' and new.state = 'running' then
    raise exception 'a claim that was lost does not run again: %', old.id using errcode = 'IL004';
  end if;
  return new;
end $$;
create trigger claims_keep_their_word before update on claims
  for each row execute function claims_keep_their_word();
create trigger claims_stand before delete or truncate on claims for each statement execute function runs_refuse();
create trigger stage_places_stand before truncate on stage_places for each statement execute function runs_refuse();

revoke insert, update, delete on stage_places from interlock_app;
revoke update, delete on claims from interlock_app;
grant update (state, lease_expires_at, settle_from, denied, settled_by, ended_at) on claims to interlock_app;
