-- Executors that wait at the bastion for a lock, the hours or a slot; and the turns that let them start one by one.

create table start_waits (
  number bigint generated always as identity unique,
  id text generated always as ('WAIT-' || number::text) stored primary key,
  change_id text not null references changes (id),
  idempotency_key text not null,
  person text not null references people (name),
  host text not null,
  host_environment text not null,
  -- When time alone no longer stops it, as its last beat found.
  clears_at timestamptz not null,
  -- Since when its beats find that time no longer stops it.
  open_since timestamptz,
  beaten_at timestamptz not null default clock_timestamp(),
  lease_expires_at timestamptz not null,
  began_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  outcome text check (outcome in ('started', 'refused', 'left', 'vanished')),
  unique (change_id, idempotency_key),
  check ((ended_at is null) = (outcome is null))
);
create unique index start_waits_one_live_of_change on start_waits (change_id) where ended_at is null;
create index start_waits_live on start_waits (lease_expires_at) where ended_at is null;

-- INVARIANT: of all who waited, one starts a pace, however many servers there are: no two turns overlap.
create table start_turns (
  wait text primary key references start_waits (id),
  during tstzrange not null check (not isempty(during)),
  constraint start_turns_paced exclude using gist (during with &&)
);

revoke update, delete on start_waits, start_turns from interlock_app;
grant update (clears_at, open_since, beaten_at, lease_expires_at, ended_at, outcome) on start_waits to interlock_app;
grant update (during) on start_turns to interlock_app;
