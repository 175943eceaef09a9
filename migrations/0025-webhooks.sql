-- Where others want to hear of what is recorded, and what became of each message to them.

create table webhook_endpoints (
  id text primary key check (id ~ '^hook_'),
  url text not null check (url ~ '^https?://'),
  description text not null check (btrim(description) <> ''),
  -- Types of ledger entries: `change.approved`, or `change.*` for all of a kind.
  types text[] not null check (cardinality(types) > 0),
  -- The same person's same key is the same endpoint.
  idempotency_key text,
  created_by text not null references people (name),
  created_at timestamptz not null default now(),
  -- The secret is derived from the key of the log and this number: none stands here.
  generation integer not null default 1 check (generation > 0),
  rotated_at timestamptz,
  -- The first entry of the ledger that was not looked at yet.
  cursor bigint not null check (cursor >= 0),
  disabled_at timestamptz,
  disabled_because text,
  unique (created_by, idempotency_key),
  check ((disabled_at is null) = (disabled_because is null))
);

-- One message to one endpoint: about one entry of the ledger, or a trial. Sent until it was taken or given up.
create table webhook_deliveries (
  id text primary key check (id ~ '^msg_'),
  endpoint text not null references webhook_endpoints (id),
  ledger_index bigint,
  type text not null,
  body text not null,
  created_at timestamptz not null default now(),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  delivered_at timestamptz,
  given_up_at timestamptz,
  unique (endpoint, ledger_index),
  check (delivered_at is null or given_up_at is null)
);
create index webhook_deliveries_due on webhook_deliveries (next_attempt_at)
  where delivered_at is null and given_up_at is null;
create index webhook_deliveries_of_endpoint on webhook_deliveries (endpoint, created_at desc, id);

create table webhook_attempts (
  number bigint generated always as identity primary key,
  delivery text not null references webhook_deliveries (id),
  at timestamptz not null default clock_timestamp(),
  -- The status of the answer, or why there was none.
  status integer,
  error text,
  check ((status is null) <> (error is null))
);
create index webhook_attempts_of_delivery on webhook_attempts (delivery, number);

revoke update, delete on webhook_endpoints, webhook_deliveries, webhook_attempts from interlock_app;
grant update (generation, rotated_at, cursor, disabled_at, disabled_because) on webhook_endpoints to interlock_app;
grant update (attempts, next_attempt_at, delivered_at, given_up_at) on webhook_deliveries to interlock_app;
