-- The Production calendar: slots that expire, the working day of a person, addresses at which calendars may be read.

alter table changes add column slot_set_at timestamptz;
-- The newest slot there was, so that a calendar can say that it was cancelled.
alter table changes add column last_slot tstzrange;
update changes set slot_set_at = changed_at, last_slot = slot where slot is not null;

-- Slots that may have run out: looked at every minute.
create index changes_slots_pending on changes (number) where slot is not null and state in ('unscheduled', 'scheduled');
create index changes_by_last_slot on changes using gist (last_slot) where last_slot is not null;

-- When a person works, in their own zone: for a hint when a slot is chosen, never for a verdict.
create table workdays (
  person text primary key references people (name),
  zone text not null,
  begins time not null,
  ends time not null check (ends > begins),
  set_at timestamptz not null default now()
);

-- A secret address at which calendars are read; the secret is shown once and kept as its hash.
create table calendar_feeds (
  id text primary key check (id ~ '^cal_'),
  person text not null references people (name),
  label text not null check (btrim(label) <> ''),
  secret_hash bytea not null unique check (octet_length(secret_hash) = 32),
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  revoked_by text,
  -- The same person's same key is the same feed.
  idempotency_key text,
  constraint calendar_feeds_key unique (person, idempotency_key),
  check ((revoked_at is null) = (revoked_by is null))
);
create index calendar_feeds_of_person on calendar_feeds (person, created_at);

revoke delete on workdays from interlock_app;
revoke update, delete on calendar_feeds from interlock_app;
grant update (revoked_at, revoked_by) on calendar_feeds to interlock_app;
create trigger calendar_feeds_settled before update on calendar_feeds
  for each row execute function settled_once('revoked_at', 'revoked_by');
