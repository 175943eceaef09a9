-- Runs: what is executed now and was before, under which grants, with which results. What has ended is never changed.

-- INVARIANT: one change has at most one live run. INVARIANT: a live run of severity S1 or S2 has the stage for itself.
-- Both are constraints, so that two starts at one instant cannot both pass a check. On the stage a run of S3 or S4 takes
-- one place of its own, one of S1 or S2 takes all of them; a suspended run takes none.
create table runs (
  number bigint generated always as identity unique,
  id text generated always as ('RUN-' || number::text) stored primary key,
  change_id text not null references changes (id),
  idempotency_key text not null,
  severity text not null check (severity in ('S1', 'S2', 'S3', 'S4')),
  plan_digest text not null check (plan_digest ~ '^sha256:[0-9a-f]{64}$'),
  -- Where, and what monitoring has to see there; `null` where the plan names no target.
  environment text not null,
  targets text[],
  -- The bones of the plan, as the coordinator follows them.
  outline jsonb not null,
  executor text not null references people (name),
  -- The host and the multiplexer of the runner of this epoch.
  host text not null,
  host_role text not null check (host_role in ('bastion', 'deployer')),
  host_environment text not null,
  multiplexer text check (multiplexer in ('tmux', 'screen')),
  state text not null check (state in ('preflight', 'running', 'held', 'suspended', 'verifying', 'rolling-back',
    'succeeded', 'failed', 'rolled-back', 'unknown')),
  phase text not null check (phase in ('preflight', 'steps', 'postchecks', 'rollback')),
  preflight text not null check (preflight in ('due', 'correct', 'passed', 'failed')),
  postchecks text not null check (postchecks in ('due', 'correct', 'passed', 'failed')),
  preflight_results jsonb not null default '[]',
  watched_results jsonb not null default '[]',
  postcheck_results jsonb not null default '[]',
  -- Pre-flight checks whose corrective command was executed: once is the most.
  corrected text[] not null default '{}',
  hold jsonb,
  hold_wanted jsonb,
  -- Who of the two that must both say so has asked for its suspension.
  suspend_words jsonb not null default '{}',
  -- The rules that the last recorded verdict of this run named; a new set is recorded anew.
  denied text[] not null default '{}',
  epoch integer not null default 1 check (epoch > 0),
  runner_key text not null,
  runner_person text not null references people (name),
  -- The last request of the runner: the same again gets the same grant.
  last_request text,
  lease_expires_at timestamptz,
  take_over_from timestamptz,
  version bigint not null default 0,
  started_at timestamptz not null default now(),
  ended_at timestamptz,
  stage int8range not null generated always as (
    case when severity in ('S1', 'S2') then int8range(null, null) else int8range(number, number, '[]') end
  ) stored,
  unique (change_id, idempotency_key),
  check ((ended_at is not null) = (state in ('succeeded', 'failed', 'rolled-back', 'unknown'))),
  check ((hold is not null) = (state in ('held', 'suspended'))),
  constraint runs_stage exclude using gist (stage with &&) where (ended_at is null and state <> 'suspended')
);
create unique index runs_one_live_of_change on runs (change_id) where ended_at is null;
create index runs_of_change on runs (change_id, number);
create index runs_leases on runs (lease_expires_at) where ended_at is null and lease_expires_at is not null;

create table run_steps (
  run_id text not null references runs (id),
  list text not null check (list in ('steps', 'rollback')),
  position integer not null check (position >= 0),
  name text not null,
  state text not null default 'pending' check (state in ('pending', 'granted', 'running', 'succeeded', 'failed',
    'cancelled', 'skipped', 'unknown')),
  attempts integer not null default 0 check (attempts >= 0),
  failed_at text check (failed_at in ('before', 'spawn', 'command', 'after')),
  because text,
  settlement text check (settlement in ('happened', 'did-not-happen', 'undetermined')),
  settled_by text,
  recheck boolean not null default false,
  retry boolean not null default false,
  probed boolean not null default false,
  started_at timestamptz,
  ended_at timestamptz,
  primary key (run_id, list, position)
);
-- INVARIANT: a run has at most one step that works or of which nobody knows whether it does.
create unique index run_steps_one_open on run_steps (run_id) where state in ('granted', 'running', 'unknown');

-- Steps, and the corrective commands of pre-flight checks, are executed only under a grant.
create table grants (
  number bigint generated always as identity,
  id text generated always as ('GRANT-' || number::text) stored primary key,
  run_id text not null references runs (id),
  list text not null check (list in ('preflight', 'steps', 'rollback')),
  segment integer not null check (segment >= 0),
  attempt integer not null check (attempt > 0),
  epoch integer not null check (epoch > 0),
  granted_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  closed_at timestamptz,
  closed_because text,
  check ((closed_at is null) = (closed_because is null))
);
-- INVARIANT: at most one live grant a run, hence a step.
create unique index grants_one_live on grants (run_id) where closed_at is null;
create index grants_of_run on grants (run_id, number);

-- Everything a runner reported, as it came. A late one (of an older epoch, or of a grant that is closed) is kept and
-- changes nothing.
create table run_reports (
  id bigint generated always as identity primary key,
  run_id text not null references runs (id),
  epoch integer not null,
  request_key text not null,
  kind text not null,
  late boolean not null,
  body jsonb not null,
  received_at timestamptz not null default clock_timestamp(),
  unique (run_id, epoch, request_key)
);

-- Outputs, recordings and journals, by digest in the ledger.
create table run_files (
  id bigint generated always as identity primary key,
  run_id text not null references runs (id),
  kind text not null check (kind in ('output', 'recording', 'journal')),
  name text not null,
  digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
  bytes bytea not null,
  received_at timestamptz not null default clock_timestamp(),
  unique (run_id, kind, name, digest)
);

create table dry_runs (
  id bigint generated always as identity primary key,
  change_id text not null references changes (id),
  idempotency_key text not null,
  plan_digest text not null check (plan_digest ~ '^sha256:[0-9a-f]{64}$'),
  -- Repeated just before a start, to be compared with the one that was reviewed.
  twin boolean not null,
  ok boolean not null,
  steps jsonb not null,
  output bytea not null,
  output_digest text not null check (output_digest ~ '^sha256:[0-9a-f]{64}$'),
  person text not null references people (name),
  host text not null,
  at timestamptz not null default now(),
  compared_with bigint references dry_runs (id),
  same boolean,
  unique (change_id, idempotency_key),
  check (twin or (compared_with is null and same is null)),
  check ((compared_with is null) = (same is null))
);
create index dry_runs_of_change on dry_runs (change_id, id);

create table dry_run_acceptances (
  dry_run bigint primary key references dry_runs (id),
  person text not null references people (name),
  because text not null check (because <> ''),
  at timestamptz not null default now()
);

-- What a starter says to know of: other changes that run.
create table start_acknowledgements (
  change_id text not null references changes (id),
  running_change text not null,
  person text not null references people (name),
  at timestamptz not null default now(),
  primary key (change_id, running_change)
);

create table hand_offs (
  change_id text primary key references changes (id),
  run_id text not null references runs (id),
  state text not null,
  silences text[] not null,
  graphs text[] not null,
  person text not null references people (name),
  at timestamptz not null default now()
);

create function runs_keep_their_word() returns trigger language plpgsql as $$
begin
  if old.ended_at is not null then
    raise exception 'a run that has ended is not changed: %', old.id using errcode = 'IL004';
  end if;
  if new.epoch < old.epoch or new.version < old.version then
    raise exception 'epochs and versions of a run only grow: %', old.id using errcode = 'IL004';
  end if;
  if new.change_id <> old.change_id or new.plan_digest <> old.plan_digest or new.severity <> old.severity
    or new.outline <> old.outline or new.idempotency_key <> old.idempotency_key or new.started_at <> old.started_at then
    raise exception 'what a run was started with is not changed: %', old.id using errcode = 'IL004';
  end if;
  return new;
end $$;

create function grants_are_of_now() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    if old.closed_at is not null or new.closed_at is null or new.expires_at <> old.expires_at then
      raise exception 'a grant is only closed, once: %', old.id using errcode = 'IL004';
    end if;
  elsif not exists (select from runs where id = new.run_id and ended_at is null and epoch = new.epoch) then
    raise exception 'a grant is of the epoch of a live run: % has another than %', new.run_id, new.epoch
      using errcode = 'IL004';
  end if;
  return new;
end $$;

create function runs_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'records of runs only grow: % on % is refused', lower(tg_op), tg_table_name using errcode = 'IL004';
end $$;

create trigger runs_keep_their_word before update on runs for each row execute function runs_keep_their_word();
create trigger grants_are_of_now before insert or update on grants for each row execute function grants_are_of_now();
create trigger runs_stand before delete or truncate on runs for each statement execute function runs_refuse();
create trigger run_steps_stand before delete or truncate on run_steps for each statement execute function runs_refuse();
create trigger grants_stand before delete or truncate on grants for each statement execute function runs_refuse();
create trigger run_reports_stand before update or delete or truncate on run_reports
  for each statement execute function runs_refuse();
create trigger run_files_stand before update or delete or truncate on run_files
  for each statement execute function runs_refuse();
create trigger dry_runs_stand before update or delete or truncate on dry_runs
  for each statement execute function runs_refuse();
create trigger dry_run_acceptances_stand before update or delete or truncate on dry_run_acceptances
  for each statement execute function runs_refuse();
create trigger hand_offs_stand before update or delete or truncate on hand_offs
  for each statement execute function runs_refuse();
revoke delete on runs, run_steps, grants, run_reports, run_files, dry_runs, dry_run_acceptances, hand_offs
  from interlock_app;
revoke update on run_reports, run_files, dry_runs, dry_run_acceptances, hand_offs from interlock_app;
