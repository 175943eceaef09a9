-- Requests for changes and everything people say about them. What was said stands: a plan gets a new revision, an approval
-- is withdrawn, a veto is lifted, a lock gets a new version; nothing is rewritten and nothing is deleted.
-- Words that people write lie here with a salt; the ledger holds the hash of both, so that words can go and the record stands.

create function changes_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'records of changes only grow: % on % is refused', lower(tg_op), tg_table_name using errcode = 'IL003';
end $$;

-- One request as it is now; its plan, and what it was before, are in change_revisions.
create table changes (
  number bigint generated always as identity unique,
  id text generated always as ('CHG-' || number::text) stored primary key,
  state text not null check (state in ('draft', 'unscheduled', 'scheduled', 'in-progress', 'complete', 'aborted',
    'rejected', 'cancelled')),
  revision integer not null default 1 check (revision > 0),
  author text not null references people (name),
  -- The human behind the bot that opened it.
  author_bot_of text references people (name),
  -- The aborted change that this one tries again.
  retry_of text references changes (id),
  -- From here on as the plan of the current revision says it.
  title text not null,
  purpose text not null,
  environment text not null,
  services text[] not null check (cardinality(services) > 0),
  kind text not null check (kind in ('service', 'maintenance')),
  deployment text check (deployment in ('canary', 'production')),
  criticality text not null check (criticality in ('C1', 'C2', 'C3', 'C4')),
  severity text not null check (severity in ('S1', 'S2', 'S3', 'S4')),
  executor text not null references people (name),
  plan_digest text not null check (plan_digest ~ '^sha256:[0-9a-f]{64}$'),
  -- Tentative until it was accepted.
  slot tstzrange check (
    not isempty(slot) and lower_inc(slot) and not upper_inc(slot) and not lower_inf(slot) and not upper_inf(slot)
  ),
  slot_accepted_at timestamptz,
  opened_at timestamptz not null default clock_timestamp(),
  changed_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  words tsvector not null generated always as (to_tsvector('simple', title || ' ' || purpose)) stored,
  check (slot_accepted_at is null or state <> 'unscheduled'),
  check ((ended_at is not null) = (state in ('complete', 'aborted', 'rejected', 'cancelled')))
);
create index changes_by_state on changes (state, number);
create index changes_by_author on changes (author, number);
create index changes_by_environment on changes (environment, number);
create index changes_by_criticality on changes (criticality, number);
create index changes_by_service on changes using gin (services);
create index changes_by_words on changes using gin (words);
create index changes_by_slot on changes using gist (slot) where slot is not null;

create function changes_keep_their_word() returns trigger language plpgsql as $$
begin
  if old.ended_at is not null then
    raise exception 'a change that has ended is not changed: %', old.id using errcode = 'IL003';
  end if;
  if new.number <> old.number or new.author <> old.author or new.author_bot_of is distinct from old.author_bot_of
    or new.retry_of is distinct from old.retry_of or new.opened_at <> old.opened_at or new.revision < old.revision then
    raise exception 'who opened a change, and when, is not changed: %', old.id using errcode = 'IL003';
  end if;
  return new;
end $$;
create trigger changes_keep_their_word before update on changes
  for each row execute function changes_keep_their_word();
create trigger changes_stand before delete or truncate on changes for each statement execute function changes_refuse();

create table change_revisions (
  change_id text not null references changes (id),
  revision integer not null check (revision > 0),
  -- The plan as it was written, and the scripts it names, by path.
  file text not null,
  plan_text text not null,
  scripts jsonb not null,
  -- The plan as it was read from that text, durations in milliseconds.
  plan jsonb not null,
  plan jsonb not null,
  digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
  parts jsonb not null,
  summary jsonb not null,
  findings jsonb not null,
  written_by text not null references people (name),
  written_at timestamptz not null default clock_timestamp(),
  primary key (change_id, revision)
);

-- Given for the digest of a plan. Which of them count is decided at each question, from the roles and rotas of that instant.
create table approvals (
  id bigint generated always as identity primary key,
  change_id text not null references changes (id),
  person text not null,
  kind text not null default 'person' check (kind = 'person'),
  as_role text not null check (as_role in ('reviewer', 'management', 'director', 'eoc', 'imoc', 'vpe')),
  purpose text not null check (purpose in ('plan', 'start', 'emergency') or purpose like 'lock:_%'),
  via text not null check (via in ('app', 'issue', 'chat', 'voice')),
  digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
  revision integer not null,
  -- Why; only an exemption from a lock has to say it.
  reason text check (reason <> ''),
  salt bytea,
  at timestamptz not null default clock_timestamp(),
  expires_at timestamptz check (expires_at > at),
  withdrawn_at timestamptz,
  withdrawn_by text references people (name),
  -- INVARIANT: a service account approves nothing.
  foreign key (person, kind) references people (name, kind),
  foreign key (change_id, revision) references change_revisions (change_id, revision),
  check ((withdrawn_at is null) = (withdrawn_by is null)),
  check (purpose not like 'lock:%' or (reason is not null and expires_at is not null))
);
create index approvals_of_change on approvals (change_id, id);

create table exceptions (
  id bigint generated always as identity primary key,
  change_id text not null references changes (id),
  rule text not null check (rule <> ''),
  reason text not null check (reason <> ''),
  salt bytea not null,
  by text not null references people (name),
  at timestamptz not null default clock_timestamp(),
  -- Written in the plan file, so that an edit of the plan can take it back.
  in_plan boolean not null,
  withdrawn_at timestamptz,
  withdrawn_by text references people (name),
  check ((withdrawn_at is null) = (withdrawn_by is null))
);
create index exceptions_of_change on exceptions (change_id, id);

-- Binds to the plan, and to the slot where the rule is about time.
create table exception_approvals (
  id bigint generated always as identity primary key,
  exception_id bigint not null references exceptions (id),
  person text not null,
  kind text not null default 'person' check (kind = 'person'),
  digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
  slot tstzrange,
  at timestamptz not null default clock_timestamp(),
  foreign key (person, kind) references people (name, kind)
);
create index exception_approvals_of_exception on exception_approvals (exception_id, id);

create table vetoes (
  number bigint generated always as identity unique,
  id text generated always as ('VETO-' || number::text) stored primary key,
  -- `null` is every change.
  change_id text references changes (id),
  by text not null references people (name),
  reason text not null check (reason <> ''),
  salt bytea not null,
  stops_rollback boolean not null,
  at timestamptz not null default clock_timestamp(),
  lifted_at timestamptz,
  lifted_by text references people (name),
  check ((lifted_at is null) = (lifted_by is null))
);
create index vetoes_standing on vetoes (change_id) where lifted_at is null;
create index vetoes_of_change on vetoes (change_id, number);

create table incidents (
  number bigint generated always as identity unique,
  id text generated always as ('INC-' || number::text) stored primary key,
  -- Who told of it, and under which name they know it.
  source text not null check (source <> ''),
  source_id text,
  severity text not null check (severity in ('S1', 'S2', 'S3', 'S4')),
  title text not null check (title <> ''),
  salt bytea not null,
  opened_by text not null,
  opened_at timestamptz not null default clock_timestamp(),
  resolved_at timestamptz,
  resolved_by text,
  unique (source, source_id),
  check ((resolved_at is null) = (resolved_by is null))
);
create index incidents_active on incidents (number) where resolved_at is null;

-- Production change locks beside those of the policy file. Of a lock the newest version counts that was confirmed; an emergency
-- version counts from its writing until it expires, or for good once it was confirmed.
create table locks (
  number bigint generated always as identity unique,
  id text generated always as ('LOCK-' || number::text) stored primary key,
  created_at timestamptz not null default clock_timestamp()
);
create table lock_versions (
  lock_id text not null references locks (id),
  version integer not null check (version > 0),
  kind text not null check (kind in ('soft', 'hard')),
  environments text[] not null check (cardinality(environments) > 0),
  category text not null check (category in ('company-event', 'high-leave', 'instability', 'other')),
  reason text not null check (reason <> ''),
  salt bytea not null,
  during tstzrange not null check (
    lower_inc(during) and not upper_inc(during) and not lower_inf(during) and not upper_inf(during)
    and not isempty(during)
  ),
  emergency boolean not null,
  proposed_by text not null references people (name),
  proposed_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  confirmed_by text references people (name),
  confirmed_at timestamptz,
  primary key (lock_id, version),
  check (emergency = (expires_at is not null)),
  check ((confirmed_at is null) = (confirmed_by is null)),
  -- INVARIANT: nobody confirms their own proposal.
  check (confirmed_by <> proposed_by)
);
create index lock_versions_by_time on lock_versions using gist (during);

-- What is to reach the outside, written in the transaction of what caused it and delivered afterwards.
create table outbox (
  id bigint generated always as identity primary key,
  kind text not null check (kind ~ '^[a-z][a-z.-]*$'),
  payload jsonb not null,
  due_at timestamptz not null default clock_timestamp(),
  written_at timestamptz not null default clock_timestamp(),
  attempts integer not null default 0,
  last_error text,
  delivered_at timestamptz,
  receipt jsonb,
  check ((delivered_at is null) = (receipt is null))
);
create index outbox_due on outbox (due_at) where delivered_at is null;

create function outbox_receipts_stand() returns trigger language plpgsql as $$
begin
  if old.delivered_at is not null or new.kind <> old.kind or new.payload <> old.payload then
    raise exception 'a delivery is not changed: %', old.id using errcode = 'IL003';
  end if;
  return new;
end $$;
create trigger outbox_receipts_stand before update on outbox
  for each row execute function outbox_receipts_stand();

-- The start of a change in its slot, told in the production channel. Told is what was delivered.
create table announcements (
  id bigint generated always as identity primary key,
  change_id text not null references changes (id),
  slot tstzrange,
  by text not null references people (name),
  outbox_id bigint not null unique references outbox (id),
  at timestamptz not null default clock_timestamp()
);
create index announcements_of_change on announcements (change_id, id);

-- The product's own production channel, and its own discussion of a change.
create table channel_messages (
  id bigint generated always as identity primary key,
  -- `null` is the product itself.
  person text references people (name),
  change_id text references changes (id),
  text text not null check (text <> ''),
  salt bytea not null,
  outbox_id bigint unique references outbox (id),
  at timestamptz not null default clock_timestamp()
);
create index channel_messages_of_change on channel_messages (change_id, id);
create table discussion_messages (
  id bigint generated always as identity primary key,
  change_id text not null references changes (id),
  person text not null references people (name),
  text text not null check (text <> ''),
  salt bytea not null,
  at timestamptz not null default clock_timestamp()
);
create index discussion_messages_of_change on discussion_messages (change_id, id);

-- When a person who was EOC last did something on a change. Only the last time counts, so only that is kept here.
create table eoc_presence (
  change_id text not null references changes (id),
  person text not null references people (name),
  at timestamptz not null,
  primary key (change_id, person)
);
create table situation_rooms (
  change_id text not null references changes (id),
  person text not null references people (name),
  at timestamptz not null default clock_timestamp(),
  primary key (change_id, person)
);

-- Every answer of the interlock that mattered, with the facts it rests on; both replay to the same bytes.
create table decisions (
  id bigint generated always as identity primary key,
  change_id text,
  action text not null check (action in ('ask', 'schedule', 'start', 'step', 'rollback', 'complete')),
  actor text not null,
  allowed boolean not null,
  facts text not null,
  facts_digest text not null check (facts_digest ~ '^sha256:[0-9a-f]{64}$'),
  document text not null,
  policy text not null check (policy ~ '^sha256:[0-9a-f]{64}$'),
  at timestamptz not null
);
create index decisions_of_change on decisions (change_id, id);

-- One intention of a client, told twice, is done once.
create table idempotent_requests (
  person text not null references people (name),
  key text not null check (length(key) between 8 and 120),
  purpose text not null,
  body_digest text not null,
  answer jsonb,
  at timestamptz not null default clock_timestamp(),
  primary key (person, key)
);

-- What ends is marked as ended, once; nothing else of the row is touched.
create function changes_end_once() returns trigger language plpgsql as $$
declare
  was jsonb := to_jsonb(old);
  now_is jsonb := to_jsonb(new);
  field text;
begin
  foreach field in array tg_argv loop
    if was -> field <> 'null'::jsonb then
      raise exception 'what has ended is not changed: % of %', field, tg_table_name using errcode = 'IL003';
    end if;
    was := was - field;
    now_is := now_is - field;
  end loop;
  if was <> now_is then
    raise exception 'records of changes only grow: update on % is refused', tg_table_name using errcode = 'IL003';
  end if;
  return new;
end $$;
create trigger approvals_end_once before update on approvals
  for each row execute function changes_end_once('withdrawn_at', 'withdrawn_by');
create trigger exceptions_end_once before update on exceptions
  for each row execute function changes_end_once('withdrawn_at', 'withdrawn_by');
create trigger vetoes_end_once before update on vetoes
  for each row execute function changes_end_once('lifted_at', 'lifted_by');
create trigger incidents_end_once before update on incidents
  for each row execute function changes_end_once('resolved_at', 'resolved_by');
create trigger lock_versions_end_once before update on lock_versions
  for each row execute function changes_end_once('confirmed_at', 'confirmed_by');

do $$
declare
  name text;
begin
  foreach name in array array['approvals', 'exceptions', 'vetoes', 'incidents', 'lock_versions', 'outbox'] loop
    execute format('create trigger %I before delete or truncate on %I for each statement execute function changes_refuse()',
      name || '_stand', name);
    execute format('revoke delete on %I from interlock_app', name);
  end loop;
  foreach name in array array['change_revisions', 'exception_approvals', 'locks', 'announcements', 'channel_messages',
    'discussion_messages', 'situation_rooms', 'decisions'] loop
    execute format(
      'create trigger %I before update or delete or truncate on %I for each statement execute function changes_refuse()',
      name || '_stand', name);
    execute format('revoke update, delete on %I from interlock_app', name);
  end loop;
end $$;
revoke delete on changes, eoc_presence, idempotent_requests from interlock_app;
revoke update on approvals, exceptions, vetoes, incidents, lock_versions from interlock_app;
grant update (withdrawn_at, withdrawn_by) on approvals, exceptions to interlock_app;
grant update (lifted_at, lifted_by) on vetoes to interlock_app;
grant update (resolved_at, resolved_by) on incidents to interlock_app;
grant update (confirmed_at, confirmed_by) on lock_versions to interlock_app;
