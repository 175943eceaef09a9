-- Effects that leave the house: to whom, what the peer answered, and a log of every attempt.

alter table outbox
  -- The connection of `integrations.yaml` that carries it; null: it is made here, in a transaction.
  add column connection text check (connection ~ '^[a-z][a-z0-9-]*$'),
  -- What it is about, `kind/id`.
  add column about text check (about <> ''),
  -- What the peer gave for it, such as the number of a message.
  add column receipt text,
  add column given_up_at timestamptz,
  add check (delivered_at is null or given_up_at is null),
  add check (given_up_at is null or connection is not null);

drop index outbox_due;
create index outbox_due on outbox (next_attempt_at) where delivered_at is null and given_up_at is null;
create index outbox_of_connection on outbox (connection, id desc) where connection is not null;
create index outbox_of_object on outbox (about, connection, id) where about is not null;

create table outbox_attempts (
  number bigint generated always as identity primary key,
  effect bigint not null references outbox (id),
  at timestamptz not null default clock_timestamp(),
  outcome text not null check (outcome in ('taken', 'later', 'refused')),
  -- Why not, without secrets.
  because text,
  check ((outcome = 'taken') = (because is null))
);
create index outbox_attempts_of_effect on outbox_attempts (effect, number);

revoke update, delete on outbox_attempts from interlock_app;
