-- Requests for changes: what is asked for in which revision, who said yes to which digest, what stands in the way, and what
-- was decided. A word once given is never altered or removed: it is withdrawn, lifted, resolved or followed by a new one.

create table changes (
  number bigint generated always as identity unique,
  id text generated always as ('CHG-' || number::text) stored primary key,
  state text not null default 'unscheduled' check (state in ('draft', 'unscheduled', 'scheduled', 'in-progress',
    'complete', 'aborted', 'rejected', 'cancelled')),
  revision integer not null check (revision > 0),
  -- Grows with every change of the request, so that two people cannot overwrite each other.
  version bigint not null default 1,
  author text not null references people (name),
  author_bot_of text references people (name),
  -- The slot, half open; tentative until a verdict has accepted it.
  slot tstzrange check (
    not isempty(slot) and lower_inc(slot) and not upper_inc(slot) and not lower_inf(slot) and not upper_inf(slot)
  ),
  -- Grows with every other slot: what was said of a former one does not count for it.
  slot_edition integer not null default 0,
  slot_accepted boolean not null default false,
  on_calendar boolean not null default false,
  retry_of text references changes (id),
  opened_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  -- Of the newest revision, for lists and search.
  title text not null,
  environment text not null,
  services text[] not null,
  criticality text not null check (criticality in ('C1', 'C2', 'C3', 'C4')),
  severity text not null check (severity in ('S1', 'S2', 'S3', 'S4')),
  kind text not null check (kind in ('service', 'maintenance')),
  executor text not null,
  digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
  search tsvector generated always as (to_tsvector('simple', title || ' ' || environment)) stored,
  check (slot is not null or not slot_accepted),
  check (slot_accepted or not on_calendar),
  -- Whether it may do without a date is the verdict's to say; with one, the verdict has accepted it.
  check (state <> 'scheduled' or slot_accepted or slot is null)
);
create index changes_by_state on changes (state, number desc);
create index changes_by_environment on changes (environment, number desc);
create index changes_by_author on changes (author, number desc);
create index changes_by_criticality on changes (criticality, number desc);
create index changes_by_service on changes using gin (services);
create index changes_by_text on changes using gin (search);
create index changes_by_slot on changes using gist (slot) where slot is not null;

create table change_revisions (
  change_id text not null references changes (id),
  revision integer not null check (revision > 0),
  -- The file as it was sent, with the scripts it names; what runs is byte for byte this.
  plan_file text not null,
  plan_text text not null,
  scripts jsonb not null,
  -- The plan as it was read from that text, durations in milliseconds.
  plan jsonb not null,
  digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
  parts jsonb not null,
  -- The counts that the facts hold, and what the linter found.
  summary jsonb not null,
  findings jsonb not null,
  by text not null references people (name),
  at timestamptz not null default now(),
  primary key (change_id, revision)
);

-- The column `kind` makes the database itself refuse the approval of a service account.
create table approvals (
  id bigint generated always as identity primary key,
  change_id text not null references changes (id),
  person text not null,
  kind text not null default 'person' check (kind = 'person'),
  capacity text not null check (capacity in ('reviewer', 'management', 'director', 'eoc', 'imoc', 'vpe')),
  subject text not null check (subject ~ '^(plan|start|emergency|lock:.+)$'),
  -- The door it came through; the product says which, never the person.
  via text not null check (via in ('app', 'issue', 'chat', 'voice')),
  digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
  at timestamptz not null default now(),
  expires_at timestamptz check (expires_at > at),
  withdrawn_at timestamptz,
  foreign key (person, kind) references people (name, kind)
);
create index approvals_of_change on approvals (change_id, id);

create table exceptions (
  id bigint generated always as identity primary key,
  change_id text not null references changes (id),
  rule text not null,
  reason text not null check (btrim(reason) <> ''),
  -- An exception is of one plan, and to a rule about time of one slot: another asks anew.
  digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
  slot_edition integer not null,
  by text not null references people (name),
  asked_at timestamptz not null default now(),
  approved_by text references people (name),
  approved_at timestamptz,
  check ((approved_by is null) = (approved_at is null)),
  check (approved_by <> by)
);
create index exceptions_of_change on exceptions (change_id, id);

-- `change_id` null is a veto of all changes.
create table vetoes (
  id bigint generated always as identity primary key,
  change_id text references changes (id),
  by text not null references people (name),
  reason text not null check (btrim(reason) <> ''),
  stops_rollback boolean not null default false,
  at timestamptz not null default now(),
  lifted_at timestamptz,
  lifted_by text references people (name),
  check ((lifted_at is null) = (lifted_by is null))
);
create index vetoes_standing on vetoes (change_id) where lifted_at is null;

create table incidents (
  number bigint generated always as identity unique,
  id text generated always as ('INC-' || number::text) stored primary key,
  title text not null check (btrim(title) <> ''),
  severity text not null check (severity in ('S1', 'S2', 'S3', 'S4')),
  -- Who said so: a person, or a part of the product. One source has one active incident of one key.
  source text not null,
  source_key text,
  opened_by text not null,
  opened_at timestamptz not null default now(),
  resolved_at timestamptz,
  resolved_by text,
  check ((resolved_at is null) = (resolved_by is null))
);
create index incidents_active on incidents (number) where resolved_at is null;
create unique index incidents_one_of_source on incidents (source, source_key) where resolved_at is null;

-- A lock of one person is a proposal until another confirms it; an emergency lock acts at once, for a limited time.
create table locks (
  number bigint generated always as identity unique,
  id text generated always as ('LOCK-' || number::text) stored primary key,
  kind text not null check (kind in ('soft', 'hard')),
  environments text[] not null check (cardinality(environments) > 0),
  category text not null check (category in ('company-event', 'leave-of-absence', 'instability', 'other')),
  reason text not null check (btrim(reason) <> ''),
  during tstzrange not null check (
    not isempty(during) and lower_inc(during) and not upper_inc(during)
    and not lower_inf(during) and not upper_inf(during)
  ),
  emergency boolean not null default false,
  proposed_by text not null references people (name),
  proposed_at timestamptz not null default now(),
  confirmed_by text references people (name),
  confirmed_at timestamptz,
  -- Released before its end; the past of a lock stays as it was.
  released_by text references people (name),
  released_at timestamptz,
  check ((confirmed_by is null) = (confirmed_at is null)),
  check (confirmed_by <> proposed_by),
  check ((released_by is null) = (released_at is null)),
  check (released_by <> proposed_by)
);
create index locks_by_time on locks using gist (during);

-- The built-in tracker, each request's own discussion, and the built-in production channel.
create table messages (
  id bigint generated always as identity primary key,
  place text not null check (place in ('discussion', 'channel')),
  change_id text references changes (id),
  person text not null,
  body text not null check (btrim(body) <> '' and octet_length(body) <= 80000),
  at timestamptz not null default now(),
  check (place = 'channel' or change_id is not null)
);
create index messages_of_change on messages (change_id, id);
create index messages_of_place on messages (place, id desc);

-- The announcement of a start; it counts from its delivery in the channel, whose message is the receipt.
create table announcements (
  id bigint generated always as identity primary key,
  change_id text not null references changes (id),
  digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
  slot_edition integer not null,
  by text not null references people (name),
  asked_at timestamptz not null default now(),
  delivered_at timestamptz,
  receipt bigint references messages (id),
  check ((delivered_at is null) = (receipt is null))
);
create index announcements_of_change on announcements (change_id, id);

-- When a person last acted on a change, by themselves and signed in, and when they joined its situation room.
create table presences (
  change_id text not null references changes (id),
  person text not null references people (name),
  seen_at timestamptz not null,
  joined_at timestamptz,
  primary key (change_id, person)
);

-- Every answer of the interlock that mattered, with the facts it was given: asked again, it gives the same bytes.
create table decisions (
  ledger_index bigint primary key,
  change_id text references changes (id),
  action text not null check (action in ('ask', 'schedule', 'start', 'step', 'rollback', 'complete')),
  actor text not null,
  allowed boolean not null,
  facts text not null,
  answer text not null,
  at timestamptz not null default now()
);
create index decisions_of_change on decisions (change_id, ledger_index desc);

-- Effects outside, written in the transaction that decided them and delivered after it, once.
create table outbox (
  id bigint generated always as identity primary key,
  key text not null unique,
  topic text not null,
  payload jsonb not null,
  created_at timestamptz not null default now(),
  attempts integer not null default 0,
  last_error text,
  next_attempt_at timestamptz not null default now(),
  delivered_at timestamptz
);
create index outbox_due on outbox (next_attempt_at) where delivered_at is null;

-- The answer to a request that bears a key: the same person's same key gets it again, and nothing is done twice.
create table idempotent_answers (
  person text not null,
  key text not null,
  route text not null,
  request_digest text not null,
  answer jsonb not null,
  at timestamptz not null default now(),
  primary key (person, key)
);

revoke update, delete on change_revisions, approvals, exceptions, vetoes, incidents, locks, messages, announcements,
  decisions, idempotent_answers from interlock_app;
revoke delete on changes, presences, outbox from interlock_app;
grant update (withdrawn_at) on approvals to interlock_app;
grant update (approved_by, approved_at) on exceptions to interlock_app;
grant update (lifted_at, lifted_by) on vetoes to interlock_app;
grant update (resolved_at, resolved_by) on incidents to interlock_app;
grant update (confirmed_by, confirmed_at, released_by, released_at) on locks to interlock_app;
grant update (delivered_at, receipt) on announcements to interlock_app;

create function words_stand() returns trigger language plpgsql as $$
begin
  raise exception '% keeps what was said: % is refused', tg_table_name, lower(tg_op) using errcode = 'IL005';
end $$;
create trigger revisions_stand before update or delete or truncate on change_revisions
  for each statement execute function words_stand();
create trigger approvals_stand before delete or truncate on approvals for each statement execute function words_stand();
create trigger exceptions_stand before delete or truncate on exceptions for each statement execute function words_stand();
create trigger vetoes_stand before delete or truncate on vetoes for each statement execute function words_stand();
create trigger incidents_stand before delete or truncate on incidents for each statement execute function words_stand();
create trigger locks_stand before delete or truncate on locks for each statement execute function words_stand();
create trigger messages_stand before update or delete or truncate on messages
  for each statement execute function words_stand();
create trigger decisions_stand before update or delete or truncate on decisions
  for each statement execute function words_stand();
create trigger announcements_stand before delete or truncate on announcements
  for each statement execute function words_stand();
create trigger changes_stand before delete or truncate on changes for each statement execute function words_stand();

-- What was once settled (withdrawn, approved, lifted, resolved, confirmed, released, delivered) stays as it was settled.
create function settled_once() returns trigger language plpgsql as $$
declare
  settled text;
begin
  foreach settled in array tg_argv loop
    if to_jsonb(old) -> settled <> 'null' and to_jsonb(old) -> settled is distinct from to_jsonb(new) -> settled then
      raise exception '% keeps what was said: another % is refused', tg_table_name, settled using errcode = 'IL005';
    end if;
  end loop;
  return new;
end $$;
create trigger approvals_settled before update on approvals for each row execute function settled_once('withdrawn_at');
create trigger exceptions_settled before update on exceptions
  for each row execute function settled_once('approved_by', 'approved_at');
create trigger vetoes_settled before update on vetoes
  for each row execute function settled_once('lifted_by', 'lifted_at');
create trigger incidents_settled before update on incidents
  for each row execute function settled_once('resolved_by', 'resolved_at');
create trigger locks_settled before update on locks
  for each row execute function settled_once('confirmed_by', 'confirmed_at', 'released_by', 'released_at');
create trigger announcements_settled before update on announcements
  for each row execute function settled_once('delivered_at', 'receipt');

-- The kernel's table of transitions, and who filed a request: the database lets nothing else through.
create function change_moves() returns trigger language plpgsql as $$
begin
  if (old.number, old.author, old.author_bot_of, old.retry_of, old.opened_at)
    is distinct from (new.number, new.author, new.author_bot_of, new.retry_of, new.opened_at) then
    raise exception 'who filed a request, and when, is not changed: %', old.id using errcode = 'IL006';
  end if;
  if old.state <> new.state and (old.state, new.state) not in (
    ('draft', 'unscheduled'), ('draft', 'cancelled'),
    ('unscheduled', 'scheduled'), ('unscheduled', 'in-progress'), ('unscheduled', 'rejected'),
    ('unscheduled', 'cancelled'),
    ('scheduled', 'unscheduled'), ('scheduled', 'in-progress'), ('scheduled', 'rejected'), ('scheduled', 'cancelled'),
    ('in-progress', 'complete'), ('in-progress', 'aborted')
  ) then
    raise exception 'a request that is % does not become %: %', old.state, new.state, old.id using errcode = 'IL006';
  end if;
  return new;
end $$;
create trigger changes_move before update on changes for each row execute function change_moves();
