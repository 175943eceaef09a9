-- What a person is told, each in an inbox of their own, and what has to be caught up on afterwards.

-- One reason tells one person once: the same key again is the same notice.
create table notices (
  id bigint generated always as identity primary key,
  key text not null check (key <> ''),
  person text not null references people (name),
  kind text not null check (kind ~ '^[a-z][a-z0-9-]*$'),
  -- What it is about, as `kind/id`, as the ledger names it.
  about text not null check (about ~ '^[a-z][a-z-]*/.'),
  body text not null check (btrim(body) <> '' and octet_length(body) <= 8000),
  at timestamptz not null default clock_timestamp(),
  read_at timestamptz,
  unique (person, key)
);
create index notices_of_person on notices (person, id desc);
create index notices_unread on notices (person) where read_at is null;

-- Something that was skipped or waits, with who has to do it and by when. It is done once, by a person, or not at all.
create table tasks (
  number bigint generated always as identity unique,
  id text generated always as ('TASK-' || number::text) stored primary key,
  key text not null unique check (key <> ''),
  kind text not null check (kind ~ '^[a-z][a-z0-9-]*$'),
  change_id text references changes (id),
  incident_id text references incidents (id),
  title text not null check (btrim(title) <> '' and octet_length(title) <= 2000),
  owner text not null references people (name),
  opened_at timestamptz not null default clock_timestamp(),
  due_at timestamptz not null,
  -- How often its owner was reminded that it is due, and when for the last time.
  reminders integer not null default 0,
  reminded_at timestamptz,
  done_at timestamptz,
  done_by text references people (name),
  note text,
  check ((done_at is null) = (done_by is null))
);
create index tasks_open on tasks (due_at) where done_at is null;
create index tasks_of_owner on tasks (owner, number desc);
create index tasks_of_change on tasks (change_id, number) where change_id is not null;

revoke update, delete on notices, tasks from interlock_app;
grant update (read_at) on notices to interlock_app;
grant update (reminders, reminded_at, done_at, done_by, note) on tasks to interlock_app;

create trigger notices_stand before delete or truncate on notices for each statement execute function words_stand();
create trigger tasks_stand before delete or truncate on tasks for each statement execute function words_stand();
create trigger notices_settled before update on notices for each row execute function settled_once('read_at');
create trigger tasks_settled before update on tasks
  for each row execute function settled_once('done_at', 'done_by', 'note');
