-- Generated from the catalogs of a migrated database; not edited. `npm run schema` writes it anew.

set check_function_bodies = off;

CREATE OR REPLACE FUNCTION public.account_links_stay()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (old.external_user is not null and new.external_user is distinct from old.external_user)
    or (old.confirmed_at is not null and new.confirmed_at is distinct from old.confirmed_at)
    or (old.ended_at is not null and new.ended_at is distinct from old.ended_at) then
    raise exception 'a link is claimed, confirmed and ended once' using errcode = 'check_violation';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.change_moves()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (old.number, old.author, old.author_bot_of, old.retry_of, old.cloned_from, old.opened_at)
    is distinct from (new.number, new.author, new.author_bot_of, new.retry_of, new.cloned_from, new.opened_at) then
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
end $function$
;
CREATE OR REPLACE FUNCTION public.claims_keep_their_word()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.ended_at is not null then
    raise exception 'a claim that has ended is not changed: %', old.id using errcode = 'IL004';
  end if;
  if old.state = 'unknown' and new.state = 'running' then
    raise exception 'a claim that was lost does not run again: %', old.id using errcode = 'IL004';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.grants_are_of_now()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$
;
CREATE OR REPLACE FUNCTION public.guarded_commands_grow()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (old.ended is not null and (new.ended, new.end_heard_at) is distinct from (old.ended, old.end_heard_at))
    or (old.reviewed_at is not null
      and (new.reviewed_by, new.reviewed_at, new.review) is distinct from (old.reviewed_by, old.reviewed_at, old.review)) then
    raise exception 'a guarded command stays as it was' using errcode = 'IL005';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.human_of(account text)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(h.same_human_as, h.name)
  from people p join people h on h.name = coalesce(p.bot_of, p.name) where p.name = account
$function$
;
CREATE OR REPLACE FUNCTION public.incidents_closed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.resolved_at is not null and new is distinct from old then
    raise exception 'an incident that is resolved stays as it was' using errcode = 'IL005';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.ledger_append(heads text[], tails text[])
 RETURNS TABLE(appended_index bigint, appended_at text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  tree_size bigint;
  tree_peaks bytea[];
  lines text[] := '{}';
  leaves bytea[] := '{}';
  line text;
  node bytea;
  place bigint;
  height integer;
begin
  if cardinality(heads) <> cardinality(tails) then
    raise exception 'expected as many heads as tails, got % and %', cardinality(heads), cardinality(tails);
  end if;
  select size, peaks into strict tree_size, tree_peaks from ledger_head for update;
  -- Read under the lock, so that the order of times is the order of indexes as long as the clock goes forward.
  appended_at := to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
  appended_index := tree_size;
  for i in 1 .. cardinality(heads) loop
    line := heads[i] || appended_at || tails[i];
    node := sha256('\x00'::bytea || convert_to(line, 'UTF8'));
    lines[i] := line;
    leaves[i] := node;
    place := appended_index;
    height := 0;
    while place % 2 = 1 loop
      node := sha256('\x01'::bytea || tree_peaks[cardinality(tree_peaks)] || node);
      tree_peaks := trim_array(tree_peaks, 1);
      place := place / 2;
      height := height + 1;
      if height % 8 = 0 then
        insert into ledger_nodes (level, index, hash) values (height / 8, place, node);
      end if;
    end loop;
    tree_peaks := array_append(tree_peaks, node);
    return next;
    appended_index := appended_index + 1;
  end loop;
  insert into ledger_entries (index, entry, leaf_hash, object, type, subject, outcome)
  select tree_size + number - 1, read.line, read.leaf, read.fields ->> 'object',
    read.fields ->> 'type', read.fields #>> '{actor,subject}', read.fields ->> 'outcome'
  from (
    -- `offset 0`: otherwise each of them would read the entry by itself.
    select given.line, given.leaf, given.number, given.line::jsonb as fields
    from unnest(lines, leaves) with ordinality as given (line, leaf, number) offset 0
  ) as read;
  update ledger_head set size = appended_index, peaks = tree_peaks;
end $function$
;
CREATE OR REPLACE FUNCTION public.ledger_head_grows()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.size < old.size or new.size = old.size and new.peaks <> old.peaks then
    raise exception 'the ledger only grows: size % after % is refused', new.size, old.size using errcode = 'IL001';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.ledger_refuse()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the ledger only grows: % on % is refused', lower(tg_op), tg_table_name using errcode = 'IL001';
end $function$
;
CREATE OR REPLACE FUNCTION public.ledger_tell()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('interlock_recorded', json_build_object('index', new.index::text, 'object', new.object)::text);
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION public.monitoring_proofs_stand()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'a proof that something rests on is never deleted' using errcode = 'IL002';
end $function$
;
CREATE OR REPLACE FUNCTION public.own_words_stay()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if old.settled_at is not null then
    raise exception 'a word is settled once' using errcode = 'check_violation';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.peer_answers_stand()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'an answer that a decision rests on is never deleted' using errcode = 'IL002';
end $function$
;
CREATE OR REPLACE FUNCTION public.people_keep_humans_flat()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.same_human_as is not null and (
    exists (select from people where name = new.same_human_as and (same_human_as is not null or kind <> 'person'))
    or exists (select from people where same_human_as = new.name)
  ) then
    raise exception 'an account is linked to the first account of its human, which is a person' using errcode = 'check_violation';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.procedure_version(parts jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select 'sha256:' || encode(sha256(convert_to(jsonb_build_object(
    'assumptions', parts -> 'assumptions', 'checks', parts -> 'checks', 'rollback', parts -> 'rollback',
    'steps', parts -> 'steps', 'watch', parts -> 'watch')::text, 'UTF8')), 'hex')
$function$
;
CREATE OR REPLACE FUNCTION public.run_holds_follow()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  insert into run_holds (run_id, cause) values (new.id, new.hold ->> 'cause');
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION public.runs_keep_their_word()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$
;
CREATE OR REPLACE FUNCTION public.runs_refuse()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'records of runs only grow: % on % is refused', lower(tg_op), tg_table_name using errcode = 'IL004';
end $function$
;
CREATE OR REPLACE FUNCTION public.settled_once()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  settled text;
begin
  foreach settled in array tg_argv loop
    if to_jsonb(old) -> settled <> 'null' and to_jsonb(old) -> settled is distinct from to_jsonb(new) -> settled then
      raise exception '% keeps what was said: another % is refused', tg_table_name, settled using errcode = 'IL005';
    end if;
  end loop;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.stage_follows()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if new.ended_at is null and new.state <> 'suspended' then
    insert into stage_places (holder, severity) values (new.id, new.severity);
  else
    delete from stage_places where holder = new.id;
  end if;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION public.verbal_words_are_confirmed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'INSERT' then
    if new.approval is not null then
      raise exception 'a claim begins unconfirmed: %', new.change_id using errcode = 'IL005';
    end if;
    return new;
  end if;
  if (old.change_id, old.speaker, old.digest, old.slot_edition, old.claimed_by, old.claimed_at)
    is distinct from (new.change_id, new.speaker, new.digest, new.slot_edition, new.claimed_by, new.claimed_at) then
    raise exception 'a claim stays as it was made: %', old.change_id using errcode = 'IL005';
  end if;
  if not exists (
    select from approvals a where a.id = new.approval and a.change_id = new.change_id and a.person = new.speaker
      and a.digest = new.digest and a.via = 'voice' and a.capacity = 'eoc' and a.subject = 'start'
      and a.at >= new.claimed_at
  ) then
    raise exception 'a verbal word is confirmed by its speaker''s approval: %', old.change_id using errcode = 'IL005';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.word_fates_are_recorded()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  former word_fates;
  stands text;
begin
  select * into former from word_fates
    where approval is not distinct from new.approval and exception is not distinct from new.exception
    order by id desc limit 1;
  if former.fate = 'voided' then
    raise exception 'a word that was voided does not come back: %', new.change_id using errcode = 'IL007';
  end if;
  stands := coalesce(former.to_digest,
    (select digest from approvals where id = new.approval and change_id = new.change_id),
    (select digest from exceptions where id = new.exception and change_id = new.change_id));
  if stands is distinct from new.from_digest then
    raise exception 'a word is carried from where it stands: %', new.change_id using errcode = 'IL007';
  end if;
  if new.fate = 'carried' and not exists (
    select from ledger_entries, lateral (select entry::jsonb as e) as read
    where index = new.ledger_index and e ->> 'type' = 'change.word-carried' and e ->> 'object' = 'change/' || new.change_id
      and e ->> 'before' = new.from_digest and e ->> 'after' = new.to_digest
      and e -> 'details' ->> case when new.approval is null then 'exception' else 'approval' end
        = coalesce(new.approval, new.exception)::text
  ) then
    raise exception 'a word is carried by the entry that says so: %', new.change_id using errcode = 'IL007';
  end if;
  return new;
end $function$
;
CREATE OR REPLACE FUNCTION public.words_stand()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% keeps what was said: % is refused', tg_table_name, lower(tg_op) using errcode = 'IL005';
end $function$
;

create table account_links (
  id text not null,
  person text not null,
  kind text default 'person'::text not null,
  connection text not null,
  code_hash bytea not null,
  asked_at timestamp with time zone default now() not null,
  code_until timestamp with time zone not null,
  external_user text,
  shown_as text,
  claimed_at timestamp with time zone,
  confirmed_at timestamp with time zone,
  ended_at timestamp with time zone,
  ended_by text,
  ended_because text,
  asked_with text,
  constraint account_links_pkey PRIMARY KEY (id),
  constraint account_links_code_hash_key UNIQUE (code_hash),
  constraint account_links_asked_with_check CHECK ((asked_with <> ''::text)),
  constraint account_links_check CHECK ((code_until > asked_at)),
  constraint account_links_check1 CHECK ((((external_user IS NULL) = (claimed_at IS NULL)) AND ((shown_as IS NULL) = (claimed_at IS NULL)))),
  constraint account_links_check2 CHECK (((confirmed_at IS NULL) OR (claimed_at IS NOT NULL))),
  constraint account_links_check3 CHECK ((((ended_at IS NULL) = (ended_by IS NULL)) AND ((ended_at IS NULL) = (ended_because IS NULL)))),
  constraint account_links_code_hash_check CHECK ((octet_length(code_hash) = 32)),
  constraint account_links_connection_check CHECK ((connection ~ '^[a-z][a-z0-9-]*$'::text)),
  constraint account_links_ended_because_check CHECK ((ended_because = ANY (ARRAY['revoked'::text, 'replaced'::text, 'claimed twice'::text, 'refused'::text]))),
  constraint account_links_external_user_check CHECK ((external_user <> ''::text)),
  constraint account_links_kind_check CHECK ((kind = 'person'::text))
);
create table announcements (
  id bigint generated always as identity not null,
  change_id text not null,
  digest text not null,
  slot_edition integer not null,
  by text not null,
  asked_at timestamp with time zone default now() not null,
  delivered_at timestamp with time zone,
  receipt bigint,
  constraint announcements_pkey PRIMARY KEY (id),
  constraint announcements_check CHECK (((delivered_at IS NULL) = (receipt IS NULL))),
  constraint announcements_digest_check CHECK ((digest ~ '^sha256:[0-9a-f]{64}$'::text))
);
create table approvals (
  id bigint generated always as identity not null,
  change_id text not null,
  person text not null,
  kind text default 'person'::text not null,
  capacity text not null,
  subject text not null,
  via text not null,
  digest text not null,
  at timestamp with time zone default now() not null,
  expires_at timestamp with time zone,
  withdrawn_at timestamp with time zone,
  reason text,
  constraint approvals_pkey PRIMARY KEY (id),
  constraint approvals_capacity_check CHECK ((capacity = ANY (ARRAY['reviewer'::text, 'management'::text, 'director'::text, 'eoc'::text, 'imoc'::text, 'vpe'::text]))),
  constraint approvals_check CHECK ((expires_at > at)),
  constraint approvals_digest_check CHECK ((digest ~ '^sha256:[0-9a-f]{64}$'::text)),
  constraint approvals_kind_check CHECK ((kind = 'person'::text)),
  constraint approvals_reason_check CHECK ((btrim(reason) <> ''::text)),
  constraint approvals_subject_check CHECK ((subject ~ '^(plan|start|emergency|lock:.+)$'::text)),
  constraint approvals_via_check CHECK ((via = ANY (ARRAY['app'::text, 'issue'::text, 'chat'::text, 'voice'::text])))
);
create table attachments (
  change_id text not null,
  number integer not null,
  name text not null,
  media_type text not null,
  bytes bytea storage external not null,
  digest text not null,
  by text not null,
  at timestamp with time zone default clock_timestamp() not null,
  constraint attachments_pkey PRIMARY KEY (change_id, number),
  constraint attachments_bytes_check CHECK (((octet_length(bytes) >= 1) AND (octet_length(bytes) <= 5242880))),
  constraint attachments_check CHECK ((digest = ('sha256:'::text || encode(sha256(bytes), 'hex'::text)))),
  constraint attachments_media_type_check CHECK ((media_type = ANY (ARRAY['image/png'::text, 'image/jpeg'::text, 'image/gif'::text, 'application/pdf'::text, 'text/plain'::text, 'application/json'::text, 'application/yaml'::text, 'text/csv'::text, 'text/x-diff'::text]))),
  constraint attachments_name_check CHECK (((length(name) > 0) AND (length(name) <= 150) AND (name !~ '[/\\[:cntrl:]]'::text))),
  constraint attachments_number_check CHECK (((number >= 1) AND (number <= 100)))
);
create table authentications (
  id bigint generated always as identity not null,
  person text not null,
  credential text not null,
  method text not null,
  at timestamp with time zone not null,
  noted_at timestamp with time zone default now() not null,
  constraint authentications_pkey PRIMARY KEY (id),
  constraint authentications_check CHECK ((at <= noted_at)),
  constraint authentications_credential_check CHECK ((credential <> ''::text)),
  constraint authentications_method_check CHECK ((method = ANY (ARRAY['password'::text, 'oidc'::text])))
);
create table bastions (
  id text not null,
  name text not null,
  environment text not null,
  role text not null,
  key_hash bytea not null,
  registered_at timestamp with time zone default now() not null,
  registered_by text not null,
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  revoked_by text,
  last_seen_at timestamp with time zone,
  privileged boolean default false not null,
  constraint bastions_pkey PRIMARY KEY (id),
  constraint bastions_key_hash_key UNIQUE (key_hash),
  constraint bastions_check CHECK ((expires_at > registered_at)),
  constraint bastions_check1 CHECK (((revoked_at IS NULL) = (revoked_by IS NULL))),
  constraint bastions_environment_check CHECK ((environment <> ''::text)),
  constraint bastions_key_hash_check CHECK ((octet_length(key_hash) = 32)),
  constraint bastions_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9._-]{0,252}$'::text)),
  constraint bastions_role_check CHECK ((role = ANY (ARRAY['bastion'::text, 'deployer'::text])))
);
create table calendar_copies (
  place text not null,
  uid text not null,
  generation integer not null,
  event jsonb,
  wanted text,
  written text,
  tag text,
  sequence bigint,
  constraint calendar_copies_pkey PRIMARY KEY (place, uid),
  constraint calendar_copies_check CHECK (((event IS NULL) = (wanted IS NULL))),
  constraint calendar_copies_generation_check CHECK ((generation > 0)),
  constraint calendar_copies_place_check CHECK ((place <> ''::text)),
  constraint calendar_copies_uid_check CHECK ((uid <> ''::text))
);
create table calendar_feeds (
  id text not null,
  person text not null,
  label text not null,
  secret_hash bytea not null,
  created_at timestamp with time zone default now() not null,
  revoked_at timestamp with time zone,
  revoked_by text,
  constraint calendar_feeds_pkey PRIMARY KEY (id),
  constraint calendar_feeds_secret_hash_key UNIQUE (secret_hash),
  constraint calendar_feeds_check CHECK (((revoked_at IS NULL) = (revoked_by IS NULL))),
  constraint calendar_feeds_id_check CHECK ((id ~ '^cal_'::text)),
  constraint calendar_feeds_label_check CHECK ((btrim(label) <> ''::text)),
  constraint calendar_feeds_secret_hash_check CHECK ((octet_length(secret_hash) = 32))
);
create table calendar_places (
  place text not null,
  log_size bigint not null,
  compared_at timestamp with time zone not null,
  constraint calendar_places_pkey PRIMARY KEY (place),
  constraint calendar_places_log_size_check CHECK ((log_size >= 0)),
  constraint calendar_places_place_check CHECK ((place <> ''::text))
);
create table change_endings (
  change_id text not null,
  state text not null,
  reason text not null,
  by text not null,
  at timestamp with time zone default clock_timestamp() not null,
  constraint change_endings_pkey PRIMARY KEY (change_id),
  constraint change_endings_reason_check CHECK ((btrim(reason) <> ''::text)),
  constraint change_endings_state_check CHECK ((state = ANY (ARRAY['cancelled'::text, 'rejected'::text])))
);
create table change_issues (
  change_id text not null,
  connection text not null,
  generation integer not null,
  signature text not null,
  issue text,
  kept text,
  restored_at timestamp with time zone,
  ended boolean not null,
  constraint change_issues_pkey PRIMARY KEY (change_id),
  constraint change_issues_connection_issue_key UNIQUE (connection, issue),
  constraint change_issues_connection_check CHECK ((connection ~ '^[a-z][a-z0-9-]*$'::text)),
  constraint change_issues_generation_check CHECK ((generation > 0)),
  constraint change_issues_issue_check CHECK ((issue <> ''::text))
);
create table change_revisions (
  change_id text not null,
  revision integer not null,
  plan_file text not null,
  plan_text text storage external not null,
  scripts jsonb storage external not null,
  plan jsonb storage external not null,
  digest text not null,
  parts jsonb storage external not null,
  summary jsonb storage external not null,
  findings jsonb storage external not null,
  by text not null,
  at timestamp with time zone default now() not null,
  procedure text generated always as ((plan ->> 'procedure'::text)) stored,
  procedure_version text generated always as (
CASE
    WHEN ((plan ->> 'procedure'::text) IS NOT NULL) THEN procedure_version(parts)
    ELSE NULL::text
END) stored,
  constraint change_revisions_pkey PRIMARY KEY (change_id, revision),
  constraint change_revisions_digest_check CHECK ((digest ~ '^sha256:[0-9a-f]{64}$'::text)),
  constraint change_revisions_revision_check CHECK ((revision > 0))
);
create table change_silences (
  id bigint generated always as identity not null,
  change_id text not null,
  run_id text not null,
  matchers jsonb not null,
  reason text not null,
  by text not null,
  at timestamp with time zone default clock_timestamp() not null,
  ends_at timestamp with time zone not null,
  silence text,
  handed_to text,
  handed_because text,
  ended_at timestamp with time zone,
  constraint change_silences_pkey PRIMARY KEY (id),
  constraint change_silences_check CHECK ((ends_at > at)),
  constraint change_silences_check1 CHECK (((handed_to IS NULL) = (handed_because IS NULL))),
  constraint change_silences_matchers_check CHECK (((jsonb_typeof(matchers) = 'object'::text) AND (matchers <> '{}'::jsonb))),
  constraint change_silences_reason_check CHECK ((btrim(reason) <> ''::text))
);
create table change_updates (
  id bigint generated always as identity not null,
  change_id text not null,
  audience text not null,
  body text not null,
  by text,
  at timestamp with time zone default clock_timestamp() not null,
  what text default 'word'::text not null,
  occasion text,
  slot tstzrange,
  constraint change_updates_pkey PRIMARY KEY (id),
  constraint change_updates_change_id_audience_occasion_key UNIQUE (change_id, audience, occasion),
  constraint change_updates_audience_check CHECK ((audience = ANY (ARRAY['end-users'::text, 'executive-staff'::text, 'support'::text, 'all-employees'::text, 'change-channel'::text]))),
  constraint change_updates_body_check CHECK ((btrim(body) <> ''::text)),
  constraint change_updates_check CHECK (((what = 'word'::text) = (occasion IS NULL))),
  constraint change_updates_check1 CHECK (((what = 'word'::text) = (by IS NOT NULL))),
  constraint change_updates_occasion_check CHECK ((occasion <> ''::text)),
  constraint change_updates_what_check CHECK ((what = ANY (ARRAY['word'::text, 'ahead'::text, 'start'::text, 'end'::text, 'off'::text])))
);
create table changes (
  number bigint generated always as identity not null,
  id text generated always as (('CHG-'::text || (number)::text)) stored not null,
  state text default 'unscheduled'::text not null,
  revision integer not null,
  version bigint default 1 not null,
  author text not null,
  author_bot_of text,
  slot tstzrange,
  slot_edition integer default 0 not null,
  slot_accepted boolean default false not null,
  on_calendar boolean default false not null,
  retry_of text,
  opened_at timestamp with time zone default now() not null,
  changed_at timestamp with time zone default now() not null,
  title text not null,
  environment text not null,
  services text[] not null,
  criticality text not null,
  severity text not null,
  kind text not null,
  executor text not null,
  digest text not null,
  slot_set_at timestamp with time zone,
  last_slot tstzrange,
  words text default ''::text not null,
  search tsvector generated always as (to_tsvector('simple'::regconfig, ((((title || ' '::text) || environment) || ' '::text) || words))) stored not null,
  cloned_from text,
  constraint changes_pkey PRIMARY KEY (id),
  constraint changes_number_key UNIQUE (number),
  constraint changes_check CHECK (((slot IS NOT NULL) OR (NOT slot_accepted))),
  constraint changes_check1 CHECK ((slot_accepted OR (NOT on_calendar))),
  constraint changes_check2 CHECK (((state <> 'scheduled'::text) OR slot_accepted OR (slot IS NULL))),
  constraint changes_criticality_check CHECK ((criticality = ANY (ARRAY['C1'::text, 'C2'::text, 'C3'::text, 'C4'::text]))),
  constraint changes_digest_check CHECK ((digest ~ '^sha256:[0-9a-f]{64}$'::text)),
  constraint changes_kind_check CHECK ((kind = ANY (ARRAY['service'::text, 'maintenance'::text]))),
  constraint changes_revision_check CHECK ((revision > 0)),
  constraint changes_severity_check CHECK ((severity = ANY (ARRAY['S1'::text, 'S2'::text, 'S3'::text, 'S4'::text]))),
  constraint changes_slot_check CHECK (((NOT isempty(slot)) AND lower_inc(slot) AND (NOT upper_inc(slot)) AND (NOT lower_inf(slot)) AND (NOT upper_inf(slot)))),
  constraint changes_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'unscheduled'::text, 'scheduled'::text, 'in-progress'::text, 'complete'::text, 'aborted'::text, 'rejected'::text, 'cancelled'::text])))
);
create table claims (
  number bigint generated always as identity not null,
  id text generated always as (('CLAIM-'::text || (number)::text)) stored not null,
  person text not null,
  idempotency_key text not null,
  request_digest text not null,
  asked jsonb not null,
  decision bigint not null,
  environment text not null,
  severity text not null,
  host text,
  host_role text,
  state text default 'running'::text not null,
  lease_expires_at timestamp with time zone,
  settle_from timestamp with time zone,
  denied text[] default '{}'::text[] not null,
  settled_by text,
  started_at timestamp with time zone default clock_timestamp() not null,
  ended_at timestamp with time zone,
  constraint claims_pkey PRIMARY KEY (id),
  constraint claims_number_key UNIQUE (number),
  constraint claims_person_idempotency_key_key UNIQUE (person, idempotency_key),
  constraint claims_check CHECK (((host IS NULL) = (host_role IS NULL))),
  constraint claims_check1 CHECK (((ended_at IS NOT NULL) = (state = ANY (ARRAY['succeeded'::text, 'failed'::text])))),
  constraint claims_check2 CHECK (((lease_expires_at IS NOT NULL) = (state = 'running'::text))),
  constraint claims_check3 CHECK (((settle_from IS NOT NULL) = (state = 'unknown'::text))),
  constraint claims_host_role_check CHECK ((host_role = ANY (ARRAY['bastion'::text, 'deployer'::text]))),
  constraint claims_severity_check CHECK ((severity = ANY (ARRAY['S1'::text, 'S2'::text, 'S3'::text, 'S4'::text]))),
  constraint claims_state_check CHECK ((state = ANY (ARRAY['running'::text, 'unknown'::text, 'succeeded'::text, 'failed'::text])))
);
create table decisions (
  ledger_index bigint not null,
  change_id text,
  action text not null,
  actor text not null,
  allowed boolean not null,
  facts text not null,
  answer text not null,
  at timestamp with time zone default now() not null,
  constraint decisions_pkey PRIMARY KEY (ledger_index),
  constraint decisions_action_check CHECK ((action = ANY (ARRAY['ask'::text, 'schedule'::text, 'start'::text, 'step'::text, 'rollback'::text, 'complete'::text])))
);
create table delayed_checks (
  run_id text not null,
  "position" integer not null,
  name text not null,
  due_at timestamp with time zone not null,
  overdue_at timestamp with time zone,
  because text,
  result jsonb,
  person text,
  host text,
  verdict text,
  measured_at timestamp with time zone,
  constraint delayed_checks_pkey PRIMARY KEY (run_id, "position"),
  constraint delayed_checks_check CHECK (((verdict IS NULL) = (measured_at IS NULL))),
  constraint delayed_checks_position_check CHECK (("position" >= 0)),
  constraint delayed_checks_verdict_check CHECK ((verdict = ANY (ARRAY['pass'::text, 'fail'::text])))
);
create table directories (
  id bigint generated always as identity not null,
  document jsonb not null,
  digest text not null,
  applied_at timestamp with time zone default now() not null,
  applied_by text not null,
  constraint directories_pkey PRIMARY KEY (id),
  constraint directories_digest_check CHECK ((digest ~ '^sha256:[0-9a-f]{64}$'::text))
);
create table dry_run_acceptances (
  dry_run bigint not null,
  person text not null,
  because text not null,
  at timestamp with time zone default now() not null,
  capacity text not null,
  constraint dry_run_acceptances_pkey PRIMARY KEY (dry_run, capacity),
  constraint dry_run_acceptances_dry_run_person_key UNIQUE (dry_run, person),
  constraint dry_run_acceptances_because_check CHECK ((because <> ''::text)),
  constraint dry_run_acceptances_capacity_check CHECK ((capacity = ANY (ARRAY['eoc'::text, 'reviewer'::text])))
);
create table dry_runs (
  id bigint generated always as identity not null,
  change_id text not null,
  idempotency_key text not null,
  plan_digest text not null,
  twin boolean not null,
  ok boolean not null,
  steps jsonb not null,
  output bytea not null,
  output_digest text not null,
  person text not null,
  host text not null,
  at timestamp with time zone default now() not null,
  compared_with bigint,
  same boolean,
  fingerprint text,
  constraint dry_runs_pkey PRIMARY KEY (id),
  constraint dry_runs_change_id_idempotency_key_key UNIQUE (change_id, idempotency_key),
  constraint dry_runs_check CHECK ((twin OR ((compared_with IS NULL) AND (same IS NULL)))),
  constraint dry_runs_check1 CHECK (((compared_with IS NULL) = (same IS NULL))),
  constraint dry_runs_fingerprint_check CHECK ((fingerprint ~ '^sha256:[0-9a-f]{64}$'::text)),
  constraint dry_runs_output_digest_check CHECK ((output_digest ~ '^sha256:[0-9a-f]{64}$'::text)),
  constraint dry_runs_plan_digest_check CHECK ((plan_digest ~ '^sha256:[0-9a-f]{64}$'::text))
);
create table error_budget_readings (
  id bigint generated always as identity not null,
  service text not null,
  query text not null,
  remaining double precision,
  because text not null,
  raw jsonb not null,
  read_at timestamp with time zone default clock_timestamp() not null,
  constraint error_budget_readings_pkey PRIMARY KEY (id),
  constraint error_budget_readings_because_check CHECK ((because <> ''::text)),
  constraint error_budget_readings_query_check CHECK ((query <> ''::text)),
  constraint error_budget_readings_remaining_check CHECK ((remaining <= (1)::double precision)),
  constraint error_budget_readings_service_check CHECK ((service <> ''::text))
);
create table exceptions (
  id bigint generated always as identity not null,
  change_id text not null,
  rule text not null,
  reason text not null,
  digest text not null,
  slot_edition integer not null,
  by text not null,
  asked_at timestamp with time zone default now() not null,
  approved_by text,
  approved_at timestamp with time zone,
  withdrawn_by text,
  withdrawn_at timestamp with time zone,
  withdrawn_because text,
  constraint exceptions_pkey PRIMARY KEY (id),
  constraint exceptions_check CHECK (((approved_by IS NULL) = (approved_at IS NULL))),
  constraint exceptions_check1 CHECK ((approved_by <> by)),
  constraint exceptions_digest_check CHECK ((digest ~ '^sha256:[0-9a-f]{64}$'::text)),
  constraint exceptions_reason_check CHECK ((btrim(reason) <> ''::text)),
  constraint exceptions_withdrawn_because_check CHECK ((btrim(withdrawn_because) <> ''::text)),
  constraint exceptions_withdrawn_by_check CHECK (((withdrawn_by = by) OR (NOT (withdrawn_by IS DISTINCT FROM approved_by)) OR (withdrawn_by IS NULL))),
  constraint exceptions_withdrawn_check CHECK ((((withdrawn_by IS NULL) = (withdrawn_at IS NULL)) AND ((withdrawn_by IS NULL) = (withdrawn_because IS NULL))))
);
create table grants (
  number bigint generated always as identity not null,
  id text generated always as (('GRANT-'::text || (number)::text)) stored not null,
  run_id text not null,
  list text not null,
  segment integer not null,
  attempt integer not null,
  epoch integer not null,
  granted_at timestamp with time zone default clock_timestamp() not null,
  expires_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  closed_because text,
  constraint grants_pkey PRIMARY KEY (id),
  constraint grants_attempt_check CHECK ((attempt > 0)),
  constraint grants_check CHECK (((closed_at IS NULL) = (closed_because IS NULL))),
  constraint grants_epoch_check CHECK ((epoch > 0)),
  constraint grants_list_check CHECK ((list = ANY (ARRAY['preflight'::text, 'steps'::text, 'rollback'::text]))),
  constraint grants_segment_check CHECK ((segment >= 0))
);
create table guarded_commands (
  number bigint generated always as identity not null,
  id text generated always as (('GUARD-'::text || number)) stored not null,
  key uuid not null,
  person text not null,
  bastion text not null,
  incident_said text,
  incident_id text,
  targets jsonb not null,
  argv jsonb not null,
  observer text,
  started_at timestamp with time zone not null,
  heard_at timestamp with time zone default clock_timestamp() not null,
  ended jsonb,
  end_heard_at timestamp with time zone,
  reviewed_by text,
  reviewed_at timestamp with time zone,
  review text,
  constraint guarded_commands_pkey PRIMARY KEY (number),
  constraint guarded_commands_id_key UNIQUE (id),
  constraint guarded_commands_key_key UNIQUE (key),
  constraint guarded_commands_argv_check CHECK (((jsonb_typeof(argv) = 'array'::text) AND (jsonb_array_length(argv) > 0))),
  constraint guarded_commands_check CHECK (((ended IS NULL) = (end_heard_at IS NULL))),
  constraint guarded_commands_check1 CHECK ((((reviewed_by IS NULL) = (reviewed_at IS NULL)) AND ((reviewed_by IS NULL) = (review IS NULL)))),
  constraint guarded_commands_check2 CHECK ((reviewed_by <> person)),
  constraint guarded_commands_review_check CHECK ((btrim(review) <> ''::text)),
  constraint guarded_commands_targets_check CHECK ((jsonb_typeof(targets) = 'array'::text))
);
create table hand_off_acceptances (
  change_id text not null,
  person text not null,
  at timestamp with time zone default clock_timestamp() not null,
  constraint hand_off_acceptances_pkey PRIMARY KEY (change_id)
);
create table hand_off_sendings (
  change_id text not null,
  facts jsonb not null,
  sent_to text,
  at timestamp with time zone default clock_timestamp() not null,
  constraint hand_off_sendings_pkey PRIMARY KEY (change_id),
  constraint hand_off_sendings_facts_check CHECK ((jsonb_typeof(facts) = 'object'::text))
);
create table hand_offs (
  change_id text not null,
  run_id text not null,
  state text not null,
  silences text[] not null,
  graphs text[] not null,
  person text not null,
  at timestamp with time zone default now() not null,
  constraint hand_offs_pkey PRIMARY KEY (change_id)
);
create table heard_deliveries (
  source text not null,
  delivery text not null,
  heard_at timestamp with time zone default clock_timestamp() not null,
  constraint heard_deliveries_pkey PRIMARY KEY (source, delivery),
  constraint heard_deliveries_delivery_check CHECK ((delivery <> ''::text)),
  constraint heard_deliveries_source_check CHECK ((source <> ''::text))
);
create table idempotent_answers (
  person text not null,
  key text not null,
  route text not null,
  request_digest text,
  answer jsonb storage external,
  at timestamp with time zone default now() not null,
  ledger_index bigint not null,
  constraint idempotent_answers_pkey PRIMARY KEY (person, key),
  constraint idempotent_answers_sealed CHECK (((request_digest IS NULL) = (answer IS NULL)))
);
create table incident_causes (
  incident_id text not null,
  change_id text not null,
  reason text not null,
  by text not null,
  at timestamp with time zone default clock_timestamp() not null,
  constraint incident_causes_pkey PRIMARY KEY (incident_id, change_id),
  constraint incident_causes_reason_check CHECK (((btrim(reason) <> ''::text) AND (octet_length(reason) <= 16000)))
);
create table incident_events (
  id bigint generated always as identity not null,
  incident_id text not null,
  kind text not null,
  by text not null,
  text text not null,
  at timestamp with time zone default clock_timestamp() not null,
  constraint incident_events_pkey PRIMARY KEY (id),
  constraint incident_events_kind_check CHECK ((kind = ANY (ARRAY['opened'::text, 'severity'::text, 'note'::text, 'quiet'::text, 'firing'::text, 'resolved'::text]))),
  constraint incident_events_text_check CHECK (((btrim(text) <> ''::text) AND (octet_length(text) <= 16000)))
);
create table incidents (
  number bigint generated always as identity not null,
  id text generated always as (('INC-'::text || (number)::text)) stored not null,
  title text not null,
  severity text not null,
  source text not null,
  source_key text,
  opened_by text not null,
  opened_at timestamp with time zone default now() not null,
  resolved_at timestamp with time zone,
  resolved_by text,
  resolution text,
  quiet_since timestamp with time zone,
  constraint incidents_pkey PRIMARY KEY (id),
  constraint incidents_number_key UNIQUE (number),
  constraint incidents_check CHECK (((resolved_at IS NULL) = (resolved_by IS NULL))),
  constraint incidents_resolution_check CHECK ((btrim(resolution) <> ''::text)),
  constraint incidents_severity_check CHECK ((severity = ANY (ARRAY['S1'::text, 'S2'::text, 'S3'::text, 'S4'::text]))),
  constraint incidents_title_check CHECK ((btrim(title) <> ''::text))
);
create table ledger_checkpoints (
  size bigint not null,
  note text not null,
  signed_at timestamp with time zone default now() not null,
  constraint ledger_checkpoints_pkey PRIMARY KEY (size),
  constraint ledger_checkpoints_note_check CHECK ((octet_length(note) <= 16384)),
  constraint ledger_checkpoints_size_check CHECK ((size >= 0))
);
create table ledger_cosignatures (
  size bigint not null,
  witness text not null,
  line text not null,
  cosigned_at timestamp with time zone not null,
  constraint ledger_cosignatures_pkey PRIMARY KEY (witness, size),
  constraint ledger_cosignatures_line_check CHECK ((octet_length(line) <= 1024)),
  constraint ledger_cosignatures_witness_check CHECK ((witness <> ''::text))
);
create table ledger_entries (
  index bigint not null,
  entry text not null,
  leaf_hash bytea not null,
  object text not null,
  type text,
  subject text,
  outcome text,
  constraint ledger_entries_pkey PRIMARY KEY (index),
  constraint ledger_entries_entry_check CHECK (((octet_length(entry) >= 2) AND (octet_length(entry) <= 65535))),
  constraint ledger_entries_index_check CHECK ((index >= 0)),
  constraint ledger_entries_leaf_hash_check CHECK ((octet_length(leaf_hash) = 32))
);
create table ledger_freezes (
  number bigint generated always as identity not null,
  because text not null,
  anchor text,
  found_at timestamp with time zone default clock_timestamp() not null,
  lifted_at timestamp with time zone,
  constraint ledger_freezes_pkey PRIMARY KEY (number),
  constraint ledger_freezes_anchor_check CHECK ((octet_length(anchor) <= 16384)),
  constraint ledger_freezes_because_check CHECK ((because <> ''::text))
);
create table ledger_head (
  singleton boolean default true not null,
  size bigint not null,
  peaks bytea[] not null,
  constraint ledger_head_pkey PRIMARY KEY (singleton),
  constraint ledger_head_singleton_check CHECK (singleton),
  constraint ledger_head_size_check CHECK ((size >= 0))
) with (fillfactor=10);
create table ledger_nodes (
  level smallint not null,
  index bigint not null,
  hash bytea not null,
  constraint ledger_nodes_pkey PRIMARY KEY (level, index),
  constraint ledger_nodes_hash_check CHECK ((octet_length(hash) = 32)),
  constraint ledger_nodes_index_check CHECK ((index >= 0)),
  constraint ledger_nodes_level_check CHECK (((level >= 1) AND (level <= 7)))
);
create table ledger_signer (
  singleton boolean default true not null,
  vkey text not null,
  constraint ledger_signer_pkey PRIMARY KEY (singleton),
  constraint ledger_signer_singleton_check CHECK (singleton),
  constraint ledger_signer_vkey_check CHECK ((vkey <> ''::text))
);
create table lent_rights (
  link text not null,
  scopes text[] not null,
  sealed text,
  lent_at timestamp with time zone default now() not null,
  until timestamp with time zone,
  renewing_until timestamp with time zone,
  broken_because text,
  constraint lent_rights_pkey PRIMARY KEY (link),
  constraint lent_rights_broken_because_check CHECK ((broken_because <> ''::text)),
  constraint lent_rights_sealed_check CHECK ((sealed <> ''::text))
);
create table lock_versions (
  lock_id text not null,
  version integer not null,
  kind text not null,
  environments text[] not null,
  category text not null,
  reason text not null,
  during tstzrange not null,
  recurrence jsonb,
  digest text not null,
  proposed_by text not null,
  proposed_at timestamp with time zone default now() not null,
  confirmed_by text,
  confirmed_at timestamp with time zone,
  constraint lock_versions_pkey PRIMARY KEY (lock_id, version),
  constraint lock_versions_category_check CHECK ((category = ANY (ARRAY['company-event'::text, 'leave-of-absence'::text, 'instability'::text, 'other'::text]))),
  constraint lock_versions_check CHECK (((NOT isempty(during)) AND lower_inc(during) AND (NOT upper_inc(during)) AND (NOT lower_inf(during)) AND ((NOT upper_inf(during)) OR (recurrence IS NOT NULL)))),
  constraint lock_versions_check1 CHECK (((confirmed_by IS NULL) = (confirmed_at IS NULL))),
  constraint lock_versions_check2 CHECK ((confirmed_by <> proposed_by)),
  constraint lock_versions_environments_check CHECK ((cardinality(environments) > 0)),
  constraint lock_versions_kind_check CHECK ((kind = ANY (ARRAY['soft'::text, 'hard'::text]))),
  constraint lock_versions_reason_check CHECK ((btrim(reason) <> ''::text)),
  constraint lock_versions_version_check CHECK ((version > 0))
);
create table locks (
  number bigint generated always as identity not null,
  id text generated always as (('LOCK-'::text || (number)::text)) stored not null,
  emergency boolean default false not null,
  made_by text not null,
  released_by text,
  released_at timestamp with time zone,
  constraint locks_pkey PRIMARY KEY (id),
  constraint locks_number_key UNIQUE (number),
  constraint locks_check2 CHECK (((released_by IS NULL) = (released_at IS NULL))),
  constraint locks_check3 CHECK ((released_by <> made_by))
);
create table messages (
  id bigint generated always as identity not null,
  place text not null,
  change_id text,
  person text not null,
  body text not null,
  at timestamp with time zone default now() not null,
  constraint messages_pkey PRIMARY KEY (id),
  constraint messages_body_check CHECK (((btrim(body) <> ''::text) AND (octet_length(body) <= 80000))),
  constraint messages_check CHECK (((place = 'channel'::text) OR (change_id IS NOT NULL))),
  constraint messages_place_check CHECK ((place = ANY (ARRAY['discussion'::text, 'channel'::text])))
);
create table monitoring_proofs (
  id bigint generated always as identity not null,
  environment text not null,
  targets text[] not null,
  prometheus text not null,
  alertmanager text not null,
  thanos text not null,
  probes jsonb not null,
  places jsonb not null,
  proved_at timestamp with time zone not null,
  kept boolean default false not null,
  digest text,
  constraint monitoring_proofs_pkey PRIMARY KEY (id),
  constraint monitoring_proofs_alertmanager_check CHECK ((alertmanager = ANY (ARRAY['pass'::text, 'fail'::text, 'unknown'::text]))),
  constraint monitoring_proofs_digest_check CHECK ((digest ~ '^sha256:[0-9a-f]{64}$'::text)),
  constraint monitoring_proofs_environment_check CHECK ((environment <> ''::text)),
  constraint monitoring_proofs_prometheus_check CHECK ((prometheus = ANY (ARRAY['pass'::text, 'fail'::text, 'unknown'::text]))),
  constraint monitoring_proofs_thanos_check CHECK ((thanos = ANY (ARRAY['pass'::text, 'fail'::text, 'unknown'::text])))
);
create table moved_issues (
  id bigint generated always as identity not null,
  change_id text not null,
  connection text not null,
  issue text not null,
  constraint moved_issues_pkey PRIMARY KEY (id),
  constraint moved_issues_connection_issue_key UNIQUE (connection, issue),
  constraint moved_issues_connection_check CHECK ((connection ~ '^[a-z][a-z0-9-]*$'::text)),
  constraint moved_issues_issue_check CHECK ((issue <> ''::text))
);
create table notices (
  id bigint generated always as identity not null,
  key text not null,
  person text not null,
  kind text not null,
  about text not null,
  body text not null,
  at timestamp with time zone default clock_timestamp() not null,
  read_at timestamp with time zone,
  constraint notices_pkey PRIMARY KEY (id),
  constraint notices_person_key_key UNIQUE (person, key),
  constraint notices_about_check CHECK ((about ~ '^[a-z][a-z-]*/.'::text)),
  constraint notices_body_check CHECK (((btrim(body) <> ''::text) AND (octet_length(body) <= 8000))),
  constraint notices_key_check CHECK ((key <> ''::text)),
  constraint notices_kind_check CHECK ((kind ~ '^[a-z][a-z0-9-]*$'::text))
);
create table outbox (
  id bigint generated always as identity not null,
  key text not null,
  topic text not null,
  payload jsonb not null,
  created_at timestamp with time zone default now() not null,
  attempts integer default 0 not null,
  last_error text,
  next_attempt_at timestamp with time zone default now() not null,
  delivered_at timestamp with time zone,
  connection text,
  about text,
  receipt text,
  given_up_at timestamp with time zone,
  constraint outbox_pkey PRIMARY KEY (id),
  constraint outbox_key_key UNIQUE (key),
  constraint outbox_about_check CHECK ((about <> ''::text)),
  constraint outbox_check CHECK (((delivered_at IS NULL) OR (given_up_at IS NULL))),
  constraint outbox_check1 CHECK (((given_up_at IS NULL) OR (connection IS NOT NULL))),
  constraint outbox_connection_check CHECK ((connection ~ '^[a-z][a-z0-9-]*$'::text))
);
create table outbox_attempts (
  number bigint generated always as identity not null,
  effect bigint not null,
  at timestamp with time zone default clock_timestamp() not null,
  outcome text not null,
  because text,
  constraint outbox_attempts_pkey PRIMARY KEY (number),
  constraint outbox_attempts_check CHECK (((outcome = 'taken'::text) = (because IS NULL))),
  constraint outbox_attempts_outcome_check CHECK ((outcome = ANY (ARRAY['taken'::text, 'later'::text, 'refused'::text])))
);
create table own_words (
  id text not null,
  change_id text not null,
  person text not null,
  kind text default 'person'::text not null,
  place text not null,
  connection text not null,
  link text not null,
  digest text not null,
  body text not null,
  asked_at timestamp with time zone default now() not null,
  settled_at timestamp with time zone,
  counted boolean,
  because text,
  receipt text,
  constraint own_words_pkey PRIMARY KEY (id),
  constraint own_words_because_check CHECK ((because <> ''::text)),
  constraint own_words_body_check CHECK ((body <> ''::text)),
  constraint own_words_check CHECK (((settled_at IS NULL) = (counted IS NULL))),
  constraint own_words_check1 CHECK (((counted IS DISTINCT FROM false) OR (because IS NOT NULL))),
  constraint own_words_connection_check CHECK ((connection ~ '^[a-z][a-z0-9-]*$'::text)),
  constraint own_words_digest_check CHECK ((digest ~ '^sha256:[0-9a-f]{64}$'::text)),
  constraint own_words_kind_check CHECK ((kind = 'person'::text)),
  constraint own_words_place_check CHECK ((place = ANY (ARRAY['issue'::text, 'chat'::text]))),
  constraint own_words_receipt_check CHECK ((receipt <> ''::text))
);
create table peer_answers (
  id bigint generated always as identity not null,
  connection text not null,
  about text not null,
  heard boolean not null,
  because text not null,
  raw jsonb not null,
  asked_at timestamp with time zone not null,
  kept boolean default false not null,
  constraint peer_answers_pkey PRIMARY KEY (id),
  constraint peer_answers_about_check CHECK ((about = ANY (ARRAY['eoc'::text, 'imoc'::text, 'cmoc'::text, 'incidents'::text]))),
  constraint peer_answers_because_check CHECK ((because <> ''::text)),
  constraint peer_answers_connection_check CHECK ((connection <> ''::text))
);
create table people (
  name text not null,
  kind text not null,
  issuer text not null,
  subject text not null,
  display_name text not null,
  bot_of text,
  password text,
  created_at timestamp with time zone default now() not null,
  disabled_at timestamp with time zone,
  same_human_as text,
  vouched_at timestamp with time zone,
  agent boolean default false not null,
  constraint people_pkey PRIMARY KEY (name),
  constraint people_issuer_subject_key UNIQUE (issuer, subject),
  constraint people_name_kind_key UNIQUE (name, kind),
  constraint people_agent_of_somebody CHECK (((NOT agent) OR ((kind = 'service'::text) AND (bot_of IS NOT NULL)))),
  constraint people_check CHECK (((bot_of IS NULL) OR ((kind = 'service'::text) AND (bot_of <> name)))),
  constraint people_check1 CHECK (((password IS NULL) OR (kind = 'person'::text))),
  constraint people_display_name_check CHECK ((display_name <> ''::text)),
  constraint people_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'service'::text]))),
  constraint people_name_check CHECK (((name ~ '^[a-z][a-z0-9._-]{0,63}$'::text) AND (name <> 'system'::text))),
  constraint people_password_check CHECK ((password ~ '^scrypt\$'::text)),
  constraint people_same_human CHECK (((same_human_as IS NULL) OR ((kind = 'person'::text) AND (same_human_as <> name))))
);
create table policies_in_force (
  number bigint generated always as identity not null,
  digest text not null,
  name text not null,
  since timestamp with time zone default clock_timestamp() not null,
  started_by text,
  ledger_index bigint,
  constraint policies_in_force_pkey PRIMARY KEY (number),
  constraint policies_in_force_digest_check CHECK ((digest ~ '^sha256:[0-9a-f]{64}$'::text)),
  constraint policies_in_force_ledger_index_check CHECK ((ledger_index >= 0)),
  constraint policies_in_force_name_check CHECK ((name <> ''::text)),
  constraint policies_in_force_started_by_check CHECK ((started_by <> ''::text))
);
create table policy_texts (
  digest text not null,
  text text not null,
  constraint policy_texts_pkey PRIMARY KEY (digest),
  constraint policy_texts_digest_check CHECK ((digest ~ '^sha256:[0-9a-f]{64}$'::text)),
  constraint policy_texts_text_check CHECK ((text <> ''::text))
);
create table presences (
  change_id text not null,
  person text not null,
  seen_at timestamp with time zone not null,
  joined_at timestamp with time zone,
  constraint presences_pkey PRIMARY KEY (change_id, person)
);
create table rota_entries (
  id bigint generated always as identity not null,
  rota text not null,
  layer text not null,
  person text not null,
  kind text default 'person'::text not null,
  during tstzrange not null,
  source bigint,
  set_at timestamp with time zone default now() not null,
  set_by text not null,
  retired_at timestamp with time zone,
  retired_by text,
  layer_number integer generated always as (((
CASE rota
    WHEN 'eoc'::text THEN 1
    WHEN 'imoc'::text THEN 2
    ELSE 3
END * 10) +
CASE layer
    WHEN 'plan'::text THEN 1
    ELSE 2
END)) stored,
  constraint rota_entries_pkey PRIMARY KEY (id),
  constraint rota_entries_no_overlap EXCLUDE USING gist (int4range(layer_number, layer_number, '[]'::text) WITH &&, during WITH &&) WHERE ((retired_at IS NULL)),
  constraint rota_entries_check CHECK (((source IS NULL) OR (layer = 'plan'::text))),
  constraint rota_entries_check1 CHECK (((retired_at IS NULL) = (retired_by IS NULL))),
  constraint rota_entries_during_check CHECK (((NOT isempty(during)) AND lower_inc(during) AND (NOT upper_inc(during)) AND (NOT lower_inf(during)) AND (NOT upper_inf(during)))),
  constraint rota_entries_kind_check CHECK ((kind = 'person'::text)),
  constraint rota_entries_layer_check CHECK ((layer = ANY (ARRAY['plan'::text, 'cover'::text]))),
  constraint rota_entries_rota_check CHECK ((rota = ANY (ARRAY['eoc'::text, 'imoc'::text, 'cmoc'::text])))
);
create table rota_hand_overs (
  number bigint generated always as identity not null,
  id text generated always as (('HAND-'::text || (number)::text)) stored not null,
  rota text not null,
  giver text not null,
  receiver text not null,
  until timestamp with time zone not null,
  offered_at timestamp with time zone default clock_timestamp() not null,
  answered_at timestamp with time zone,
  answer text,
  constraint rota_hand_overs_pkey PRIMARY KEY (id),
  constraint rota_hand_overs_number_key UNIQUE (number),
  constraint rota_hand_overs_answer_check CHECK ((answer = ANY (ARRAY['accepted'::text, 'declined'::text, 'withdrawn'::text]))),
  constraint rota_hand_overs_check CHECK ((receiver <> giver)),
  constraint rota_hand_overs_check1 CHECK (((answered_at IS NULL) = (answer IS NULL))),
  constraint rota_hand_overs_rota_check CHECK ((rota = ANY (ARRAY['eoc'::text, 'imoc'::text, 'cmoc'::text])))
);
create table rota_shifts (
  id bigint generated always as identity not null,
  rota text not null,
  person text not null,
  kind text default 'person'::text not null,
  during tstzrange not null,
  set_at timestamp with time zone default now() not null,
  set_by text not null,
  retired_at timestamp with time zone,
  rota_number integer generated always as (
CASE rota
    WHEN 'eoc'::text THEN 1
    WHEN 'imoc'::text THEN 2
    ELSE 3
END) stored,
  source bigint,
  constraint rota_shifts_pkey PRIMARY KEY (id),
  constraint rota_shifts_no_overlap EXCLUDE USING gist (int4range(rota_number, rota_number, '[]'::text) WITH &&, during WITH &&) WHERE ((retired_at IS NULL)),
  constraint rota_shifts_during_check CHECK (((NOT isempty(during)) AND lower_inc(during) AND (NOT upper_inc(during)) AND (NOT lower_inf(during)) AND (NOT upper_inf(during)))),
  constraint rota_shifts_kind_check CHECK ((kind = 'person'::text)),
  constraint rota_shifts_rota_check CHECK ((rota = ANY (ARRAY['eoc'::text, 'imoc'::text, 'cmoc'::text])))
);
create table rota_sources (
  id bigint generated always as identity not null,
  rota text not null,
  url text,
  zone text,
  people jsonb not null,
  added_at timestamp with time zone default now() not null,
  added_by text not null,
  removed_at timestamp with time zone,
  removed_by text,
  tried_at timestamp with time zone,
  failure text,
  good_at timestamp with time zone,
  good_until timestamp with time zone,
  read_at timestamp with time zone,
  etag text,
  modified text,
  unmapped jsonb default '[]'::jsonb not null,
  format text default 'icalendar'::text not null,
  connection text,
  schedule text,
  overrides jsonb default '[]'::jsonb not null,
  constraint rota_sources_pkey PRIMARY KEY (id),
  constraint rota_sources_check CHECK (((removed_at IS NULL) = (removed_by IS NULL))),
  constraint rota_sources_check1 CHECK (((good_at IS NULL) = (good_until IS NULL))),
  constraint rota_sources_connection_check CHECK ((connection <> ''::text)),
  constraint rota_sources_format_check CHECK ((format = ANY (ARRAY['icalendar'::text, 'timeline'::text]))),
  constraint rota_sources_one_place CHECK (((url IS NULL) = (connection IS NOT NULL))),
  constraint rota_sources_overrides_check CHECK ((jsonb_typeof(overrides) = 'array'::text)),
  constraint rota_sources_people_check CHECK ((jsonb_typeof(people) = 'array'::text)),
  constraint rota_sources_rota_check CHECK ((rota = ANY (ARRAY['eoc'::text, 'imoc'::text, 'cmoc'::text]))),
  constraint rota_sources_schedule CHECK (((connection IS NULL) = (schedule IS NULL))),
  constraint rota_sources_schedule_check CHECK ((schedule <> ''::text)),
  constraint rota_sources_unmapped_check CHECK ((jsonb_typeof(unmapped) = 'array'::text)),
  constraint rota_sources_url_check CHECK ((url ~ '^https?://'::text))
);
create table run_files (
  id bigint generated always as identity not null,
  run_id text not null,
  kind text not null,
  name text not null,
  digest text not null,
  bytes bytea not null,
  received_at timestamp with time zone default clock_timestamp() not null,
  constraint run_files_pkey PRIMARY KEY (id),
  constraint run_files_run_id_kind_name_digest_key UNIQUE (run_id, kind, name, digest),
  constraint run_files_digest_check CHECK ((digest ~ '^sha256:[0-9a-f]{64}$'::text)),
  constraint run_files_kind_check CHECK ((kind = ANY (ARRAY['output'::text, 'recording'::text, 'journal'::text])))
);
create table run_holds (
  id bigint generated always as identity not null,
  run_id text not null,
  cause text not null,
  at timestamp with time zone default clock_timestamp() not null,
  constraint run_holds_pkey PRIMARY KEY (id)
);
create table run_reports (
  id bigint generated always as identity not null,
  run_id text not null,
  epoch integer not null,
  request_key text not null,
  kind text not null,
  late boolean not null,
  body jsonb not null,
  received_at timestamp with time zone default clock_timestamp() not null,
  constraint run_reports_pkey PRIMARY KEY (id),
  constraint run_reports_run_id_epoch_request_key_key UNIQUE (run_id, epoch, request_key)
);
create table run_samples (
  id bigint generated always as identity not null,
  run_id text not null,
  metric text not null,
  at timestamp with time zone default clock_timestamp() not null,
  measured_at timestamp with time zone not null,
  value double precision,
  verdict text not null,
  constraint run_samples_pkey PRIMARY KEY (id),
  constraint run_samples_verdict_check CHECK ((verdict = ANY (ARRAY['pass'::text, 'fail'::text, 'unknown'::text])))
);
create table run_steps (
  run_id text not null,
  list text not null,
  "position" integer not null,
  name text not null,
  state text default 'pending'::text not null,
  attempts integer default 0 not null,
  failed_at text,
  because text,
  settlement text,
  settled_by text,
  recheck boolean default false not null,
  retry boolean default false not null,
  probed boolean default false not null,
  started_at timestamp with time zone,
  ended_at timestamp with time zone,
  constraint run_steps_pkey PRIMARY KEY (run_id, list, "position"),
  constraint run_steps_attempts_check CHECK ((attempts >= 0)),
  constraint run_steps_failed_at_check CHECK ((failed_at = ANY (ARRAY['before'::text, 'spawn'::text, 'command'::text, 'after'::text]))),
  constraint run_steps_list_check CHECK ((list = ANY (ARRAY['steps'::text, 'rollback'::text]))),
  constraint run_steps_position_check CHECK (("position" >= 0)),
  constraint run_steps_settlement_check CHECK ((settlement = ANY (ARRAY['happened'::text, 'did-not-happen'::text, 'undetermined'::text]))),
  constraint run_steps_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'granted'::text, 'running'::text, 'succeeded'::text, 'failed'::text, 'cancelled'::text, 'skipped'::text, 'unknown'::text])))
);
create table run_terminals (
  run_id text not null,
  epoch integer not null,
  from_byte bigint not null,
  bytes bytea not null,
  received_at timestamp with time zone default clock_timestamp() not null,
  constraint run_terminals_pkey PRIMARY KEY (run_id, epoch, from_byte),
  constraint run_terminals_bytes_check CHECK (((octet_length(bytes) >= 1) AND (octet_length(bytes) <= 524288))),
  constraint run_terminals_epoch_check CHECK ((epoch > 0)),
  constraint run_terminals_from_byte_check CHECK ((from_byte >= 0))
);
create table runs (
  number bigint generated always as identity not null,
  id text generated always as (('RUN-'::text || (number)::text)) stored not null,
  change_id text not null,
  idempotency_key text not null,
  severity text not null,
  plan_digest text not null,
  environment text not null,
  targets text[],
  outline jsonb not null,
  executor text not null,
  host text not null,
  host_role text not null,
  host_environment text not null,
  multiplexer text,
  state text not null,
  phase text not null,
  preflight text not null,
  postchecks text not null,
  preflight_results jsonb default '[]'::jsonb not null,
  watched_results jsonb default '[]'::jsonb not null,
  postcheck_results jsonb default '[]'::jsonb not null,
  corrected text[] default '{}'::text[] not null,
  hold jsonb,
  hold_wanted jsonb,
  suspend_words jsonb default '{}'::jsonb not null,
  denied text[] default '{}'::text[] not null,
  epoch integer default 1 not null,
  runner_key text not null,
  runner_person text not null,
  last_request text,
  lease_expires_at timestamp with time zone,
  take_over_from timestamp with time zone,
  version bigint default 0 not null,
  started_at timestamp with time zone default now() not null,
  ended_at timestamp with time zone,
  constraint runs_pkey PRIMARY KEY (id),
  constraint runs_change_id_idempotency_key_key UNIQUE (change_id, idempotency_key),
  constraint runs_number_key UNIQUE (number),
  constraint runs_check CHECK (((ended_at IS NOT NULL) = (state = ANY (ARRAY['succeeded'::text, 'failed'::text, 'rolled-back'::text, 'unknown'::text])))),
  constraint runs_check1 CHECK (((hold IS NOT NULL) = (state = ANY (ARRAY['held'::text, 'suspended'::text])))),
  constraint runs_epoch_check CHECK ((epoch > 0)),
  constraint runs_host_role_check CHECK ((host_role = ANY (ARRAY['bastion'::text, 'deployer'::text]))),
  constraint runs_multiplexer_check CHECK ((multiplexer = ANY (ARRAY['tmux'::text, 'screen'::text]))),
  constraint runs_phase_check CHECK ((phase = ANY (ARRAY['preflight'::text, 'steps'::text, 'postchecks'::text, 'rollback'::text]))),
  constraint runs_plan_digest_check CHECK ((plan_digest ~ '^sha256:[0-9a-f]{64}$'::text)),
  constraint runs_postchecks_check CHECK ((postchecks = ANY (ARRAY['due'::text, 'correct'::text, 'passed'::text, 'failed'::text]))),
  constraint runs_preflight_check CHECK ((preflight = ANY (ARRAY['due'::text, 'correct'::text, 'passed'::text, 'failed'::text]))),
  constraint runs_severity_check CHECK ((severity = ANY (ARRAY['S1'::text, 'S2'::text, 'S3'::text, 'S4'::text]))),
  constraint runs_state_check CHECK ((state = ANY (ARRAY['preflight'::text, 'running'::text, 'held'::text, 'suspended'::text, 'verifying'::text, 'rolling-back'::text, 'succeeded'::text, 'failed'::text, 'rolled-back'::text, 'unknown'::text])))
);
create table schema_migrations (
  number integer not null,
  name text not null,
  digest text not null,
  applied_at timestamp with time zone default now() not null,
  constraint schema_migrations_pkey PRIMARY KEY (number),
  constraint schema_migrations_name_key UNIQUE (name)
);
create table sessions (
  id text not null,
  person text not null,
  token text,
  secret_hash bytea not null,
  scopes text[] not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_secret_hash_key UNIQUE (secret_hash),
  constraint sessions_check CHECK ((expires_at > created_at)),
  constraint sessions_scopes_check CHECK (((scopes <@ ARRAY['read'::text, 'ask'::text, 'act'::text, 'admin'::text]) AND (cardinality(scopes) > 0))),
  constraint sessions_secret_hash_check CHECK ((octet_length(secret_hash) = 32))
);
create table sign_in_attempts (
  key text not null,
  window_start timestamp with time zone not null,
  attempts integer not null,
  constraint sign_in_attempts_pkey PRIMARY KEY (key),
  constraint sign_in_attempts_attempts_check CHECK ((attempts > 0))
);
create table sign_in_flows (
  id text not null,
  secret_hash bytea not null,
  again boolean not null,
  challenge bytea,
  started_at timestamp with time zone default now() not null,
  returned_at timestamp with time zone,
  person text,
  authenticated_at timestamp with time zone,
  code_hash bytea,
  redeemed_at timestamp with time zone,
  constraint sign_in_flows_pkey PRIMARY KEY (id),
  constraint sign_in_flows_challenge_key UNIQUE (challenge),
  constraint sign_in_flows_secret_hash_key UNIQUE (secret_hash),
  constraint sign_in_flows_challenge_check CHECK ((octet_length(challenge) = 32)),
  constraint sign_in_flows_check CHECK (((person IS NULL) OR (returned_at IS NOT NULL))),
  constraint sign_in_flows_check1 CHECK (((code_hash IS NULL) OR ((person IS NOT NULL) AND (challenge IS NOT NULL)))),
  constraint sign_in_flows_check2 CHECK (((redeemed_at IS NULL) OR (code_hash IS NOT NULL))),
  constraint sign_in_flows_code_hash_check CHECK ((octet_length(code_hash) = 32)),
  constraint sign_in_flows_secret_hash_check CHECK ((octet_length(secret_hash) = 32))
);
create table stage_places (
  holder text not null,
  number bigint generated always as identity not null,
  severity text not null,
  stage int8range generated always as (
CASE
    WHEN (severity = ANY (ARRAY['S1'::text, 'S2'::text])) THEN int8range(NULL::bigint, NULL::bigint)
    ELSE int8range(number, number, '[]'::text)
END) stored not null,
  constraint stage_places_pkey PRIMARY KEY (holder),
  constraint stage_places_number_key UNIQUE (number),
  constraint stage_alone EXCLUDE USING gist (stage WITH &&),
  constraint stage_places_holder_check CHECK ((holder ~ '^(RUN|CLAIM)-[1-9]'::text)),
  constraint stage_places_severity_check CHECK ((severity = ANY (ARRAY['S1'::text, 'S2'::text, 'S3'::text, 'S4'::text])))
);
create table standing_roles (
  id bigint generated always as identity not null,
  person text not null,
  kind text default 'person'::text not null,
  role text not null,
  granted_at timestamp with time zone default now() not null,
  granted_by text not null,
  revoked_at timestamp with time zone,
  revoked_by text,
  source text default 'hand'::text not null,
  constraint standing_roles_pkey PRIMARY KEY (id),
  constraint standing_roles_check CHECK (((revoked_at IS NULL) = (revoked_by IS NULL))),
  constraint standing_roles_kind_check CHECK ((kind = 'person'::text)),
  constraint standing_roles_role_check CHECK ((role = ANY (ARRAY['reviewer'::text, 'management'::text, 'director'::text, 'vpe'::text, 'admin'::text]))),
  constraint standing_roles_source_check CHECK ((source = ANY (ARRAY['hand'::text, 'claims'::text, 'directory'::text])))
);
create table start_acknowledgements (
  change_id text not null,
  running_change text not null,
  person text not null,
  at timestamp with time zone default now() not null,
  constraint start_acknowledgements_pkey PRIMARY KEY (change_id, running_change)
);
create table start_turns (
  wait text not null,
  during tstzrange not null,
  constraint start_turns_pkey PRIMARY KEY (wait),
  constraint start_turns_paced EXCLUDE USING gist (during WITH &&),
  constraint start_turns_during_check CHECK ((NOT isempty(during)))
);
create table start_waits (
  number bigint generated always as identity not null,
  id text generated always as (('WAIT-'::text || (number)::text)) stored not null,
  change_id text not null,
  idempotency_key text not null,
  person text not null,
  host text not null,
  host_environment text not null,
  clears_at timestamp with time zone not null,
  open_since timestamp with time zone,
  beaten_at timestamp with time zone default clock_timestamp() not null,
  lease_expires_at timestamp with time zone not null,
  began_at timestamp with time zone default clock_timestamp() not null,
  ended_at timestamp with time zone,
  outcome text,
  constraint start_waits_pkey PRIMARY KEY (id),
  constraint start_waits_change_id_idempotency_key_key UNIQUE (change_id, idempotency_key),
  constraint start_waits_number_key UNIQUE (number),
  constraint start_waits_check CHECK (((ended_at IS NULL) = (outcome IS NULL))),
  constraint start_waits_outcome_check CHECK ((outcome = ANY (ARRAY['started'::text, 'refused'::text, 'left'::text, 'vanished'::text])))
);
create table tasks (
  number bigint generated always as identity not null,
  id text generated always as (('TASK-'::text || (number)::text)) stored not null,
  key text not null,
  kind text not null,
  change_id text,
  incident_id text,
  title text not null,
  owner text not null,
  opened_at timestamp with time zone default clock_timestamp() not null,
  due_at timestamp with time zone not null,
  reminders integer default 0 not null,
  reminded_at timestamp with time zone,
  done_at timestamp with time zone,
  done_by text,
  note text,
  constraint tasks_pkey PRIMARY KEY (id),
  constraint tasks_key_key UNIQUE (key),
  constraint tasks_number_key UNIQUE (number),
  constraint tasks_check CHECK (((done_at IS NULL) = (done_by IS NULL))),
  constraint tasks_key_check CHECK ((key <> ''::text)),
  constraint tasks_kind_check CHECK ((kind ~ '^[a-z][a-z0-9-]*$'::text)),
  constraint tasks_title_check CHECK (((btrim(title) <> ''::text) AND (octet_length(title) <= 2000)))
);
create table tokens (
  id text not null,
  person text not null,
  label text not null,
  secret_hash bytea not null,
  scopes text[] not null,
  created_at timestamp with time zone default now() not null,
  created_by text not null,
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  last_used_at timestamp with time zone,
  constraint tokens_pkey PRIMARY KEY (id),
  constraint tokens_secret_hash_key UNIQUE (secret_hash),
  constraint tokens_check CHECK ((expires_at > created_at)),
  constraint tokens_label_check CHECK ((label <> ''::text)),
  constraint tokens_scopes_check CHECK (((scopes <@ ARRAY['read'::text, 'ask'::text, 'act'::text, 'admin'::text]) AND (cardinality(scopes) > 0))),
  constraint tokens_secret_hash_check CHECK ((octet_length(secret_hash) = 32))
);
create table verbal_words (
  id bigint generated always as identity not null,
  change_id text not null,
  speaker text not null,
  digest text not null,
  slot_edition integer not null,
  claimed_by text not null,
  claimed_at timestamp with time zone default clock_timestamp() not null,
  approval bigint,
  confirmed_at timestamp with time zone,
  constraint verbal_words_pkey PRIMARY KEY (id),
  constraint verbal_words_approval_key UNIQUE (approval),
  constraint verbal_words_check CHECK (((approval IS NULL) = (confirmed_at IS NULL))),
  constraint verbal_words_check1 CHECK ((claimed_by <> speaker)),
  constraint verbal_words_digest_check CHECK ((digest ~ '^sha256:[0-9a-f]{64}$'::text))
);
create table vetoes (
  id bigint generated always as identity not null,
  change_id text,
  by text not null,
  reason text not null,
  stops_rollback boolean default false not null,
  at timestamp with time zone default now() not null,
  lifted_at timestamp with time zone,
  lifted_by text,
  claim_id text,
  constraint vetoes_pkey PRIMARY KEY (id),
  constraint vetoes_check CHECK (((lifted_at IS NULL) = (lifted_by IS NULL))),
  constraint vetoes_on_one CHECK (((change_id IS NULL) OR (claim_id IS NULL))),
  constraint vetoes_reason_check CHECK ((btrim(reason) <> ''::text))
);
create table webhook_attempts (
  number bigint generated always as identity not null,
  delivery text not null,
  at timestamp with time zone default clock_timestamp() not null,
  status integer,
  error text,
  constraint webhook_attempts_pkey PRIMARY KEY (number),
  constraint webhook_attempts_check CHECK (((status IS NULL) <> (error IS NULL)))
);
create table webhook_deliveries (
  id text not null,
  endpoint text not null,
  ledger_index bigint,
  type text not null,
  body text not null,
  created_at timestamp with time zone default now() not null,
  attempts integer default 0 not null,
  next_attempt_at timestamp with time zone default now() not null,
  delivered_at timestamp with time zone,
  given_up_at timestamp with time zone,
  constraint webhook_deliveries_pkey PRIMARY KEY (id),
  constraint webhook_deliveries_endpoint_ledger_index_key UNIQUE (endpoint, ledger_index),
  constraint webhook_deliveries_check CHECK (((delivered_at IS NULL) OR (given_up_at IS NULL))),
  constraint webhook_deliveries_id_check CHECK ((id ~ '^msg_'::text))
);
create table webhook_endpoints (
  id text not null,
  url text not null,
  description text not null,
  types text[] not null,
  created_by text not null,
  created_at timestamp with time zone default now() not null,
  generation integer default 1 not null,
  rotated_at timestamp with time zone,
  cursor bigint not null,
  disabled_at timestamp with time zone,
  disabled_because text,
  constraint webhook_endpoints_pkey PRIMARY KEY (id),
  constraint webhook_endpoints_check CHECK (((disabled_at IS NULL) = (disabled_because IS NULL))),
  constraint webhook_endpoints_cursor_check CHECK ((cursor >= 0)),
  constraint webhook_endpoints_description_check CHECK ((btrim(description) <> ''::text)),
  constraint webhook_endpoints_generation_check CHECK ((generation > 0)),
  constraint webhook_endpoints_id_check CHECK ((id ~ '^hook_'::text)),
  constraint webhook_endpoints_types_check CHECK ((cardinality(types) > 0)),
  constraint webhook_endpoints_url_check CHECK ((url ~ '^https?://'::text))
);
create table word_fates (
  id bigint generated always as identity not null,
  change_id text not null,
  approval bigint,
  exception bigint,
  fate text not null,
  revision integer not null,
  from_digest text not null,
  to_digest text not null,
  parts text[] not null,
  ledger_index bigint,
  by text not null,
  at timestamp with time zone default clock_timestamp() not null,
  constraint word_fates_pkey PRIMARY KEY (id),
  constraint word_fates_check CHECK (((approval IS NULL) <> (exception IS NULL))),
  constraint word_fates_check1 CHECK (((fate = 'carried'::text) = (ledger_index IS NOT NULL))),
  constraint word_fates_check2 CHECK (((fate = 'voided'::text) OR (from_digest <> to_digest))),
  constraint word_fates_fate_check CHECK ((fate = ANY (ARRAY['carried'::text, 'voided'::text]))),
  constraint word_fates_from_digest_check CHECK ((from_digest ~ '^sha256:[0-9a-f]{64}$'::text)),
  constraint word_fates_parts_check CHECK ((cardinality(parts) > 0)),
  constraint word_fates_to_digest_check CHECK ((to_digest ~ '^sha256:[0-9a-f]{64}$'::text))
);
create table workdays (
  person text not null,
  zone text not null,
  begins time without time zone not null,
  ends time without time zone not null,
  set_at timestamp with time zone default now() not null,
  constraint workdays_pkey PRIMARY KEY (person),
  constraint workdays_check CHECK ((ends > begins))
);

create view procedure_runs as
 SELECT v.procedure,
    v.procedure_version AS version,
    r.number,
    r.id AS run_id,
    r.change_id,
    r.state,
    r.started_at,
    r.ended_at,
    ((r.state = 'succeeded'::text) AND (h.held_at IS NULL) AND (NOT undone.tried) AND (NOT late.failed)) AS good,
    ((r.state = ANY (ARRAY['failed'::text, 'rolled-back'::text, 'unknown'::text])) OR (h.held_at IS NOT NULL) OR undone.tried OR late.failed) AS bad,
    undone.worked AS rolled_back,
    (jsonb_path_exists(v.plan, '$."steps"[*]."manual"'::jsonpath) OR jsonb_path_exists(v.plan, '$."steps"[*]."approval"'::jsonpath) OR jsonb_path_exists(v.plan, '$."rollback"."steps"[*]."manual"'::jsonpath)) AS manual,
    ((jsonb_array_length((v.plan -> 'assumptions'::text)) = 0) OR jsonb_path_exists(v.plan, '$."assumptions"[*]."exception"'::jsonpath)) AS unchecked,
    ((jsonb_array_length((v.plan -> 'exceptions'::text)) > 0) OR (EXISTS ( SELECT
           FROM exceptions e
          WHERE ((e.change_id = r.change_id) AND (e.approved_by IS NOT NULL))))) AS excepted
   FROM ((((runs r
     CROSS JOIN LATERAL ( SELECT change_revisions.procedure,
            change_revisions.procedure_version,
            change_revisions.plan
           FROM change_revisions
          WHERE ((change_revisions.change_id = r.change_id) AND (change_revisions.digest = r.plan_digest))
          ORDER BY change_revisions.revision
         LIMIT 1) v)
     CROSS JOIN LATERAL ( SELECT min(run_holds.at) AS held_at
           FROM run_holds
          WHERE (run_holds.run_id = r.id)) h)
     CROSS JOIN LATERAL ( SELECT COALESCE(bool_or((run_steps.attempts > 0)), false) AS tried,
            COALESCE(bool_or((run_steps.state = 'succeeded'::text)), false) AS worked
           FROM run_steps
          WHERE ((run_steps.run_id = r.id) AND (run_steps.list = 'rollback'::text))) undone)
     CROSS JOIN LATERAL ( SELECT (EXISTS ( SELECT
                   FROM delayed_checks
                  WHERE ((delayed_checks.run_id = r.id) AND (delayed_checks.verdict = 'fail'::text)))) AS failed) late)
  WHERE (v.procedure IS NOT NULL);
create view procedure_records as
 SELECT procedure,
    version,
    (count(*))::integer AS runs,
    COALESCE(array_agg(excepted ORDER BY number DESC) FILTER (WHERE (good AND (started_at > troubled_until))), '{}'::boolean[]) AS row_excepted,
    max(ended_at) FILTER (WHERE (state = ANY (ARRAY['failed'::text, 'rolled-back'::text, 'unknown'::text]))) AS last_failed,
    bool_or(rolled_back) AS rolled_back,
    bool_or(manual) AS manual,
    bool_or(unchecked) AS unchecked,
    (array_agg(change_id ORDER BY number))[1] AS first_change,
    min(started_at) AS first_started,
    ( SELECT max(c.at) AS max
           FROM incident_causes c
          WHERE (EXISTS ( SELECT
                   FROM change_revisions v
                  WHERE ((v.change_id = c.change_id) AND (v.procedure = r.procedure))))) AS last_incident
   FROM ( SELECT procedure_runs.procedure,
            procedure_runs.version,
            procedure_runs.number,
            procedure_runs.run_id,
            procedure_runs.change_id,
            procedure_runs.state,
            procedure_runs.started_at,
            procedure_runs.ended_at,
            procedure_runs.good,
            procedure_runs.bad,
            procedure_runs.rolled_back,
            procedure_runs.manual,
            procedure_runs.unchecked,
            procedure_runs.excepted,
            COALESCE(max(
                CASE
                    WHEN procedure_runs.bad THEN COALESCE(procedure_runs.ended_at, 'infinity'::timestamp with time zone)
                    ELSE NULL::timestamp with time zone
                END) OVER (PARTITION BY procedure_runs.procedure, procedure_runs.version), '-infinity'::timestamp with time zone) AS troubled_until
           FROM procedure_runs) r
  GROUP BY procedure, version;

CREATE UNIQUE INDEX account_links_in_force ON public.account_links USING btree (connection, external_user) WHERE ((confirmed_at IS NOT NULL) AND (ended_at IS NULL));
CREATE UNIQUE INDEX account_links_of_person ON public.account_links USING btree (connection, person) WHERE ((confirmed_at IS NOT NULL) AND (ended_at IS NULL));
CREATE INDEX announcements_of_change ON public.announcements USING btree (change_id, id);
CREATE INDEX approvals_of_change ON public.approvals USING btree (change_id, id);
CREATE INDEX authentications_newest ON public.authentications USING btree (credential, at);
CREATE UNIQUE INDEX bastions_in_force ON public.bastions USING btree (name) WHERE (revoked_at IS NULL);
CREATE INDEX calendar_feeds_of_person ON public.calendar_feeds USING btree (person, created_at);
CREATE INDEX change_issues_under_way ON public.change_issues USING btree (connection) WHERE (NOT ended);
CREATE INDEX change_revisions_of_procedure ON public.change_revisions USING btree (procedure, procedure_version) WHERE (procedure IS NOT NULL);
CREATE INDEX change_revisions_resolving ON public.change_revisions USING btree (((plan ->> 'resolvesIncident'::text))) WHERE ((plan ->> 'resolvesIncident'::text) IS NOT NULL);
CREATE INDEX change_silences_of_change ON public.change_silences USING btree (change_id, id);
CREATE INDEX change_silences_standing ON public.change_silences USING btree (id) WHERE (ended_at IS NULL);
CREATE INDEX change_updates_of_change ON public.change_updates USING btree (change_id, id);
CREATE INDEX change_updates_public ON public.change_updates USING btree (at) WHERE (audience = 'end-users'::text);
CREATE INDEX changes_by_author ON public.changes USING btree (author, number DESC);
CREATE INDEX changes_by_criticality ON public.changes USING btree (criticality, number DESC);
CREATE INDEX changes_by_environment ON public.changes USING btree (environment, number DESC);
CREATE INDEX changes_by_executor ON public.changes USING btree (executor, number DESC);
CREATE INDEX changes_by_last_slot ON public.changes USING gist (last_slot) WHERE (last_slot IS NOT NULL);
CREATE INDEX changes_by_service ON public.changes USING gin (services);
CREATE INDEX changes_by_severity ON public.changes USING btree (severity, number DESC);
CREATE INDEX changes_by_slot ON public.changes USING gist (slot) WHERE (slot IS NOT NULL);
CREATE INDEX changes_by_state ON public.changes USING btree (state, number DESC);
CREATE INDEX changes_by_text ON public.changes USING gin (search);
CREATE INDEX changes_retries ON public.changes USING btree (retry_of, number) WHERE (retry_of IS NOT NULL);
CREATE INDEX changes_slots_pending ON public.changes USING btree (number) WHERE ((slot IS NOT NULL) AND (state = ANY (ARRAY['unscheduled'::text, 'scheduled'::text])));
CREATE INDEX claims_live ON public.claims USING btree (lease_expires_at) WHERE (ended_at IS NULL);
CREATE INDEX decisions_of_change ON public.decisions USING btree (change_id, ledger_index DESC);
CREATE INDEX decisions_refused_by_time ON public.decisions USING btree (at) WHERE (NOT allowed);
CREATE INDEX delayed_checks_failed ON public.delayed_checks USING btree (run_id) WHERE (verdict = 'fail'::text);
CREATE INDEX delayed_checks_open ON public.delayed_checks USING btree (due_at) WHERE (measured_at IS NULL);
CREATE INDEX dry_runs_of_change ON public.dry_runs USING btree (change_id, id);
CREATE INDEX error_budget_readings_newest ON public.error_budget_readings USING btree (service, query, read_at DESC);
CREATE INDEX exceptions_of_change ON public.exceptions USING btree (change_id, id);
CREATE INDEX grants_of_run ON public.grants USING btree (run_id, number);
CREATE UNIQUE INDEX grants_one_live ON public.grants USING btree (run_id) WHERE (closed_at IS NULL);
CREATE INDEX guarded_commands_of ON public.guarded_commands USING btree (incident_id, number) WHERE (incident_id IS NOT NULL);
CREATE INDEX guarded_commands_open ON public.guarded_commands USING btree (number DESC) WHERE (reviewed_at IS NULL);
CREATE INDEX idempotent_answers_by_age ON public.idempotent_answers USING btree (at);
CREATE INDEX incident_causes_of_change ON public.incident_causes USING btree (change_id);
CREATE INDEX incident_events_of ON public.incident_events USING btree (incident_id, id);
CREATE INDEX incidents_active ON public.incidents USING btree (number) WHERE (resolved_at IS NULL);
CREATE INDEX incidents_of_source ON public.incidents USING btree (source, source_key, number DESC) WHERE (source_key IS NOT NULL);
CREATE UNIQUE INDEX incidents_one_of_source ON public.incidents USING btree (source, source_key) WHERE (resolved_at IS NULL);
CREATE INDEX ledger_cosignatures_of_checkpoint ON public.ledger_cosignatures USING btree (size);
CREATE INDEX ledger_entries_of_object ON public.ledger_entries USING btree (object, index) INCLUDE (type, subject, outcome);
CREATE INDEX ledger_entries_of_outcome ON public.ledger_entries USING btree (outcome, index) INCLUDE (type, subject);
CREATE INDEX ledger_entries_of_subject ON public.ledger_entries USING btree (subject, index) INCLUDE (type, outcome);
CREATE INDEX ledger_entries_of_type ON public.ledger_entries USING btree (type, index) INCLUDE (subject, outcome);
CREATE INDEX ledger_freezes_standing ON public.ledger_freezes USING btree (number) WHERE (lifted_at IS NULL);
CREATE INDEX lock_versions_by_time ON public.lock_versions USING gist (during);
CREATE INDEX messages_of_change ON public.messages USING btree (change_id, id);
CREATE INDEX messages_of_place ON public.messages USING btree (place, id DESC);
CREATE INDEX monitoring_proofs_newest ON public.monitoring_proofs USING btree (environment, hash_array_extended(targets, (0)::bigint), proved_at DESC);
CREATE INDEX moved_issues_of ON public.moved_issues USING btree (change_id);
CREATE INDEX notices_of_person ON public.notices USING btree (person, id DESC);
CREATE INDEX notices_to_tell ON public.notices USING btree (at) WHERE (read_at IS NULL);
CREATE INDEX notices_unread ON public.notices USING btree (person) WHERE (read_at IS NULL);
CREATE INDEX outbox_by_receipt ON public.outbox USING btree (connection, receipt) WHERE (receipt IS NOT NULL);
CREATE INDEX outbox_due ON public.outbox USING btree (next_attempt_at) WHERE ((delivered_at IS NULL) AND (given_up_at IS NULL));
CREATE INDEX outbox_of_connection ON public.outbox USING btree (connection, id DESC) WHERE (connection IS NOT NULL);
CREATE INDEX outbox_of_object ON public.outbox USING btree (about, connection, id) WHERE (about IS NOT NULL);
CREATE INDEX outbox_attempts_of_effect ON public.outbox_attempts USING btree (effect, number);
CREATE INDEX own_words_of_change ON public.own_words USING btree (change_id, asked_at DESC);
CREATE INDEX peer_answers_newest ON public.peer_answers USING btree (connection, about, asked_at DESC);
CREATE INDEX peer_answers_to_thin ON public.peer_answers USING btree (asked_at) WHERE (NOT kept);
CREATE INDEX people_of_human ON public.people USING btree (same_human_as) WHERE (same_human_as IS NOT NULL);
CREATE INDEX rota_entries_current ON public.rota_entries USING btree (rota) WHERE (retired_at IS NULL);
CREATE UNIQUE INDEX rota_hand_overs_open ON public.rota_hand_overs USING btree (rota, giver) WHERE (answered_at IS NULL);
CREATE INDEX rota_shifts_current ON public.rota_shifts USING gist (during) WHERE (retired_at IS NULL);
CREATE UNIQUE INDEX rota_sources_in_force ON public.rota_sources USING btree (rota) WHERE (removed_at IS NULL);
CREATE INDEX run_holds_of_run ON public.run_holds USING btree (run_id);
CREATE INDEX run_samples_newest ON public.run_samples USING btree (run_id, metric, id DESC);
CREATE INDEX run_samples_of_run ON public.run_samples USING btree (run_id, id);
CREATE UNIQUE INDEX run_steps_one_open ON public.run_steps USING btree (run_id) WHERE (state = ANY (ARRAY['granted'::text, 'running'::text, 'unknown'::text]));
CREATE INDEX runs_leases ON public.runs USING btree (lease_expires_at) WHERE ((ended_at IS NULL) AND (lease_expires_at IS NOT NULL));
CREATE INDEX runs_of_change ON public.runs USING btree (change_id, number);
CREATE UNIQUE INDEX runs_one_live_of_change ON public.runs USING btree (change_id) WHERE (ended_at IS NULL);
CREATE INDEX sessions_of_person ON public.sessions USING btree (person);
CREATE UNIQUE INDEX standing_roles_held ON public.standing_roles USING btree (person, role, source) WHERE (revoked_at IS NULL);
CREATE INDEX start_waits_live ON public.start_waits USING btree (lease_expires_at) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX start_waits_one_live_of_change ON public.start_waits USING btree (change_id) WHERE (ended_at IS NULL);
CREATE INDEX tasks_of_change ON public.tasks USING btree (change_id, number) WHERE (change_id IS NOT NULL);
CREATE INDEX tasks_of_owner ON public.tasks USING btree (owner, number DESC);
CREATE INDEX tasks_open ON public.tasks USING btree (due_at) WHERE (done_at IS NULL);
CREATE INDEX tokens_of_person ON public.tokens USING btree (person);
CREATE INDEX verbal_words_of_change ON public.verbal_words USING btree (change_id, id);
CREATE INDEX vetoes_standing ON public.vetoes USING btree (change_id) WHERE (lifted_at IS NULL);
CREATE INDEX webhook_attempts_of_delivery ON public.webhook_attempts USING btree (delivery, number);
CREATE INDEX webhook_deliveries_due ON public.webhook_deliveries USING btree (next_attempt_at) WHERE ((delivered_at IS NULL) AND (given_up_at IS NULL));
CREATE INDEX webhook_deliveries_of_endpoint ON public.webhook_deliveries USING btree (endpoint, created_at DESC, id);
CREATE INDEX word_fates_of_approval ON public.word_fates USING btree (approval, id) WHERE (approval IS NOT NULL);
CREATE INDEX word_fates_of_change ON public.word_fates USING btree (change_id, id);
CREATE INDEX word_fates_of_exception ON public.word_fates USING btree (exception, id) WHERE (exception IS NOT NULL);
CREATE UNIQUE INDEX word_fates_one_entry ON public.word_fates USING btree (ledger_index) WHERE (ledger_index IS NOT NULL);

alter table account_links add constraint account_links_person_kind_fkey FOREIGN KEY (person, kind) REFERENCES people(name, kind);
alter table announcements add constraint announcements_by_fkey FOREIGN KEY (by) REFERENCES people(name);
alter table announcements add constraint announcements_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table announcements add constraint announcements_receipt_fkey FOREIGN KEY (receipt) REFERENCES messages(id);
alter table approvals add constraint approvals_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table approvals add constraint approvals_person_kind_fkey FOREIGN KEY (person, kind) REFERENCES people(name, kind);
alter table attachments add constraint attachments_by_fkey FOREIGN KEY (by) REFERENCES people(name);
alter table attachments add constraint attachments_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table authentications add constraint authentications_person_fkey FOREIGN KEY (person) REFERENCES people(name);
alter table calendar_feeds add constraint calendar_feeds_person_fkey FOREIGN KEY (person) REFERENCES people(name);
alter table change_endings add constraint change_endings_by_fkey FOREIGN KEY (by) REFERENCES people(name);
alter table change_endings add constraint change_endings_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table change_issues add constraint change_issues_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table change_revisions add constraint change_revisions_by_fkey FOREIGN KEY (by) REFERENCES people(name);
alter table change_revisions add constraint change_revisions_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table change_silences add constraint change_silences_by_fkey FOREIGN KEY (by) REFERENCES people(name);
alter table change_silences add constraint change_silences_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table change_silences add constraint change_silences_handed_to_fkey FOREIGN KEY (handed_to) REFERENCES people(name);
alter table change_silences add constraint change_silences_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
alter table change_updates add constraint change_updates_by_fkey FOREIGN KEY (by) REFERENCES people(name);
alter table change_updates add constraint change_updates_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table changes add constraint changes_author_bot_of_fkey FOREIGN KEY (author_bot_of) REFERENCES people(name);
alter table changes add constraint changes_author_fkey FOREIGN KEY (author) REFERENCES people(name);
alter table changes add constraint changes_cloned_from_fkey FOREIGN KEY (cloned_from) REFERENCES changes(id);
alter table changes add constraint changes_retry_of_fkey FOREIGN KEY (retry_of) REFERENCES changes(id);
alter table claims add constraint claims_decision_fkey FOREIGN KEY (decision) REFERENCES decisions(ledger_index);
alter table claims add constraint claims_person_fkey FOREIGN KEY (person) REFERENCES people(name);
alter table claims add constraint claims_settled_by_fkey FOREIGN KEY (settled_by) REFERENCES people(name);
alter table decisions add constraint decisions_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table delayed_checks add constraint delayed_checks_person_fkey FOREIGN KEY (person) REFERENCES people(name);
alter table delayed_checks add constraint delayed_checks_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
alter table dry_run_acceptances add constraint dry_run_acceptances_dry_run_fkey FOREIGN KEY (dry_run) REFERENCES dry_runs(id);
alter table dry_run_acceptances add constraint dry_run_acceptances_person_fkey FOREIGN KEY (person) REFERENCES people(name);
alter table dry_runs add constraint dry_runs_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table dry_runs add constraint dry_runs_compared_with_fkey FOREIGN KEY (compared_with) REFERENCES dry_runs(id);
alter table dry_runs add constraint dry_runs_person_fkey FOREIGN KEY (person) REFERENCES people(name);
alter table exceptions add constraint exceptions_approved_by_fkey FOREIGN KEY (approved_by) REFERENCES people(name);
alter table exceptions add constraint exceptions_by_fkey FOREIGN KEY (by) REFERENCES people(name);
alter table exceptions add constraint exceptions_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table grants add constraint grants_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
alter table guarded_commands add constraint guarded_commands_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents(id);
alter table guarded_commands add constraint guarded_commands_person_fkey FOREIGN KEY (person) REFERENCES people(name);
alter table guarded_commands add constraint guarded_commands_reviewed_by_fkey FOREIGN KEY (reviewed_by) REFERENCES people(name);
alter table hand_off_acceptances add constraint hand_off_acceptances_change_id_fkey FOREIGN KEY (change_id) REFERENCES hand_off_sendings(change_id);
alter table hand_off_acceptances add constraint hand_off_acceptances_person_fkey FOREIGN KEY (person) REFERENCES people(name);
alter table hand_off_sendings add constraint hand_off_sendings_change_id_fkey FOREIGN KEY (change_id) REFERENCES hand_offs(change_id);
alter table hand_off_sendings add constraint hand_off_sendings_sent_to_fkey FOREIGN KEY (sent_to) REFERENCES people(name);
alter table hand_offs add constraint hand_offs_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table hand_offs add constraint hand_offs_person_fkey FOREIGN KEY (person) REFERENCES people(name);
alter table hand_offs add constraint hand_offs_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
alter table incident_causes add constraint incident_causes_by_fkey FOREIGN KEY (by) REFERENCES people(name);
alter table incident_causes add constraint incident_causes_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table incident_causes add constraint incident_causes_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents(id);
alter table incident_events add constraint incident_events_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents(id);
alter table ledger_cosignatures add constraint ledger_cosignatures_size_fkey FOREIGN KEY (size) REFERENCES ledger_checkpoints(size);
alter table lent_rights add constraint lent_rights_link_fkey FOREIGN KEY (link) REFERENCES account_links(id);
alter table lock_versions add constraint lock_versions_confirmed_by_fkey FOREIGN KEY (confirmed_by) REFERENCES people(name);
alter table lock_versions add constraint lock_versions_lock_id_fkey FOREIGN KEY (lock_id) REFERENCES locks(id);
alter table lock_versions add constraint lock_versions_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES people(name);
alter table locks add constraint locks_proposed_by_fkey FOREIGN KEY (made_by) REFERENCES people(name);
alter table locks add constraint locks_released_by_fkey FOREIGN KEY (released_by) REFERENCES people(name);
alter table messages add constraint messages_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table moved_issues add constraint moved_issues_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table notices add constraint notices_person_fkey FOREIGN KEY (person) REFERENCES people(name);
alter table outbox_attempts add constraint outbox_attempts_effect_fkey FOREIGN KEY (effect) REFERENCES outbox(id);
alter table own_words add constraint own_words_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table own_words add constraint own_words_link_fkey FOREIGN KEY (link) REFERENCES account_links(id);
alter table own_words add constraint own_words_person_kind_fkey FOREIGN KEY (person, kind) REFERENCES people(name, kind);
alter table people add constraint people_bot_of_fkey FOREIGN KEY (bot_of) REFERENCES people(name);
alter table people add constraint people_same_human_as_fkey FOREIGN KEY (same_human_as) REFERENCES people(name);
alter table presences add constraint presences_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table presences add constraint presences_person_fkey FOREIGN KEY (person) REFERENCES people(name);
alter table rota_entries add constraint rota_entries_person_kind_fkey FOREIGN KEY (person, kind) REFERENCES people(name, kind);
alter table rota_entries add constraint rota_entries_source_fkey FOREIGN KEY (source) REFERENCES rota_sources(id);
alter table rota_hand_overs add constraint rota_hand_overs_giver_fkey FOREIGN KEY (giver) REFERENCES people(name);
alter table rota_hand_overs add constraint rota_hand_overs_receiver_fkey FOREIGN KEY (receiver) REFERENCES people(name);
alter table rota_shifts add constraint rota_shifts_person_kind_fkey FOREIGN KEY (person, kind) REFERENCES people(name, kind);
alter table rota_shifts add constraint rota_shifts_source_fkey FOREIGN KEY (source) REFERENCES rota_sources(id);
alter table rota_sources add constraint rota_sources_added_by_fkey FOREIGN KEY (added_by) REFERENCES people(name);
alter table rota_sources add constraint rota_sources_removed_by_fkey FOREIGN KEY (removed_by) REFERENCES people(name);
alter table run_files add constraint run_files_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
alter table run_holds add constraint run_holds_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
alter table run_reports add constraint run_reports_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
alter table run_samples add constraint run_samples_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
alter table run_steps add constraint run_steps_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
alter table run_terminals add constraint run_terminals_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(id);
alter table runs add constraint runs_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table runs add constraint runs_executor_fkey FOREIGN KEY (executor) REFERENCES people(name);
alter table runs add constraint runs_runner_person_fkey FOREIGN KEY (runner_person) REFERENCES people(name);
alter table sessions add constraint sessions_person_fkey FOREIGN KEY (person) REFERENCES people(name);
alter table sessions add constraint sessions_token_fkey FOREIGN KEY (token) REFERENCES tokens(id);
alter table sign_in_flows add constraint sign_in_flows_person_fkey FOREIGN KEY (person) REFERENCES people(name);
alter table standing_roles add constraint standing_roles_person_kind_fkey FOREIGN KEY (person, kind) REFERENCES people(name, kind);
alter table start_acknowledgements add constraint start_acknowledgements_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table start_acknowledgements add constraint start_acknowledgements_person_fkey FOREIGN KEY (person) REFERENCES people(name);
alter table start_turns add constraint start_turns_wait_fkey FOREIGN KEY (wait) REFERENCES start_waits(id);
alter table start_waits add constraint start_waits_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table start_waits add constraint start_waits_person_fkey FOREIGN KEY (person) REFERENCES people(name);
alter table tasks add constraint tasks_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table tasks add constraint tasks_done_by_fkey FOREIGN KEY (done_by) REFERENCES people(name);
alter table tasks add constraint tasks_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents(id);
alter table tasks add constraint tasks_owner_fkey FOREIGN KEY (owner) REFERENCES people(name);
alter table tokens add constraint tokens_person_fkey FOREIGN KEY (person) REFERENCES people(name);
alter table verbal_words add constraint verbal_words_approval_fkey FOREIGN KEY (approval) REFERENCES approvals(id);
alter table verbal_words add constraint verbal_words_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table verbal_words add constraint verbal_words_claimed_by_fkey FOREIGN KEY (claimed_by) REFERENCES people(name);
alter table verbal_words add constraint verbal_words_speaker_fkey FOREIGN KEY (speaker) REFERENCES people(name);
alter table vetoes add constraint vetoes_by_fkey FOREIGN KEY (by) REFERENCES people(name);
alter table vetoes add constraint vetoes_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table vetoes add constraint vetoes_claim_id_fkey FOREIGN KEY (claim_id) REFERENCES claims(id);
alter table vetoes add constraint vetoes_lifted_by_fkey FOREIGN KEY (lifted_by) REFERENCES people(name);
alter table webhook_attempts add constraint webhook_attempts_delivery_fkey FOREIGN KEY (delivery) REFERENCES webhook_deliveries(id);
alter table webhook_deliveries add constraint webhook_deliveries_endpoint_fkey FOREIGN KEY (endpoint) REFERENCES webhook_endpoints(id);
alter table webhook_endpoints add constraint webhook_endpoints_created_by_fkey FOREIGN KEY (created_by) REFERENCES people(name);
alter table word_fates add constraint word_fates_approval_fkey FOREIGN KEY (approval) REFERENCES approvals(id);
alter table word_fates add constraint word_fates_change_id_fkey FOREIGN KEY (change_id) REFERENCES changes(id);
alter table word_fates add constraint word_fates_exception_fkey FOREIGN KEY (exception) REFERENCES exceptions(id);
alter table workdays add constraint workdays_person_fkey FOREIGN KEY (person) REFERENCES people(name);

CREATE TRIGGER account_links_stay BEFORE UPDATE ON public.account_links FOR EACH ROW EXECUTE FUNCTION account_links_stay();
CREATE TRIGGER announcements_settled BEFORE UPDATE ON public.announcements FOR EACH ROW EXECUTE FUNCTION settled_once('delivered_at', 'receipt');
CREATE TRIGGER announcements_stand BEFORE DELETE OR TRUNCATE ON public.announcements FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER approvals_settled BEFORE UPDATE ON public.approvals FOR EACH ROW EXECUTE FUNCTION settled_once('withdrawn_at');
CREATE TRIGGER approvals_stand BEFORE DELETE OR TRUNCATE ON public.approvals FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER attachments_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.attachments FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER calendar_feeds_settled BEFORE UPDATE ON public.calendar_feeds FOR EACH ROW EXECUTE FUNCTION settled_once('revoked_at', 'revoked_by');
CREATE TRIGGER change_endings_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.change_endings FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER revisions_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.change_revisions FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER change_silences_stand BEFORE DELETE OR TRUNCATE ON public.change_silences FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER change_updates_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.change_updates FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER changes_move BEFORE UPDATE ON public.changes FOR EACH ROW EXECUTE FUNCTION change_moves();
CREATE TRIGGER changes_stand BEFORE DELETE OR TRUNCATE ON public.changes FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER claims_keep_their_word BEFORE UPDATE ON public.claims FOR EACH ROW EXECUTE FUNCTION claims_keep_their_word();
CREATE TRIGGER claims_leave_the_stage AFTER UPDATE ON public.claims FOR EACH ROW WHEN (((old.ended_at IS NULL) AND (new.ended_at IS NOT NULL))) EXECUTE FUNCTION stage_follows();
CREATE TRIGGER claims_stand BEFORE DELETE OR TRUNCATE ON public.claims FOR EACH STATEMENT EXECUTE FUNCTION runs_refuse();
CREATE TRIGGER claims_take_the_stage AFTER INSERT ON public.claims FOR EACH ROW EXECUTE FUNCTION stage_follows();
CREATE TRIGGER decisions_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.decisions FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER delayed_checks_stand BEFORE UPDATE ON public.delayed_checks FOR EACH ROW WHEN ((old.measured_at IS NOT NULL)) EXECUTE FUNCTION words_stand();
CREATE TRIGGER delayed_checks_stay BEFORE DELETE OR TRUNCATE ON public.delayed_checks FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER dry_run_acceptances_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.dry_run_acceptances FOR EACH STATEMENT EXECUTE FUNCTION runs_refuse();
CREATE TRIGGER dry_runs_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.dry_runs FOR EACH STATEMENT EXECUTE FUNCTION runs_refuse();
CREATE TRIGGER exceptions_settled BEFORE UPDATE ON public.exceptions FOR EACH ROW EXECUTE FUNCTION settled_once('approved_by', 'approved_at', 'withdrawn_by', 'withdrawn_at', 'withdrawn_because');
CREATE TRIGGER exceptions_stand BEFORE DELETE OR TRUNCATE ON public.exceptions FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER grants_are_of_now BEFORE INSERT OR UPDATE ON public.grants FOR EACH ROW EXECUTE FUNCTION grants_are_of_now();
CREATE TRIGGER grants_stand BEFORE DELETE OR TRUNCATE ON public.grants FOR EACH STATEMENT EXECUTE FUNCTION runs_refuse();
CREATE TRIGGER guarded_commands_grow BEFORE UPDATE ON public.guarded_commands FOR EACH ROW EXECUTE FUNCTION guarded_commands_grow();
CREATE TRIGGER hand_off_acceptances_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.hand_off_acceptances FOR EACH STATEMENT EXECUTE FUNCTION runs_refuse();
CREATE TRIGGER hand_off_sendings_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.hand_off_sendings FOR EACH STATEMENT EXECUTE FUNCTION runs_refuse();
CREATE TRIGGER hand_offs_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.hand_offs FOR EACH STATEMENT EXECUTE FUNCTION runs_refuse();
CREATE TRIGGER heard_deliveries_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.heard_deliveries FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER incident_causes_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.incident_causes FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER incident_events_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.incident_events FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER incidents_closed BEFORE UPDATE ON public.incidents FOR EACH ROW EXECUTE FUNCTION incidents_closed();
CREATE TRIGGER incidents_settled BEFORE UPDATE ON public.incidents FOR EACH ROW EXECUTE FUNCTION settled_once('resolved_by', 'resolved_at');
CREATE TRIGGER incidents_stand BEFORE DELETE OR TRUNCATE ON public.incidents FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER ledger_checkpoints_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
alter table ledger_checkpoints enable always trigger ledger_checkpoints_stand;
CREATE TRIGGER ledger_cosignatures_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_cosignatures FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
alter table ledger_cosignatures enable always trigger ledger_cosignatures_stand;
CREATE TRIGGER ledger_entries_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_entries FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
alter table ledger_entries enable always trigger ledger_entries_stand;
CREATE TRIGGER ledger_entries_tell AFTER INSERT ON public.ledger_entries FOR EACH ROW WHEN ((new.object !~~ 'environment/%'::text)) EXECUTE FUNCTION ledger_tell();
CREATE TRIGGER ledger_freezes_settled BEFORE UPDATE ON public.ledger_freezes FOR EACH ROW EXECUTE FUNCTION settled_once('number', 'because', 'anchor', 'found_at', 'lifted_at');
alter table ledger_freezes enable always trigger ledger_freezes_settled;
CREATE TRIGGER ledger_freezes_stand BEFORE DELETE OR TRUNCATE ON public.ledger_freezes FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
alter table ledger_freezes enable always trigger ledger_freezes_stand;
CREATE TRIGGER ledger_head_grows BEFORE UPDATE ON public.ledger_head FOR EACH ROW EXECUTE FUNCTION ledger_head_grows();
alter table ledger_head enable always trigger ledger_head_grows;
CREATE TRIGGER ledger_head_stands BEFORE DELETE OR TRUNCATE ON public.ledger_head FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
alter table ledger_head enable always trigger ledger_head_stands;
CREATE TRIGGER ledger_nodes_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_nodes FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
alter table ledger_nodes enable always trigger ledger_nodes_stand;
CREATE TRIGGER ledger_signer_stands BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_signer FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
alter table ledger_signer enable always trigger ledger_signer_stands;
CREATE TRIGGER lock_versions_settled BEFORE UPDATE ON public.lock_versions FOR EACH ROW EXECUTE FUNCTION settled_once('confirmed_by', 'confirmed_at');
CREATE TRIGGER lock_versions_stand BEFORE DELETE OR TRUNCATE ON public.lock_versions FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER locks_settled BEFORE UPDATE ON public.locks FOR EACH ROW EXECUTE FUNCTION settled_once('released_by', 'released_at');
CREATE TRIGGER locks_stand BEFORE DELETE OR TRUNCATE ON public.locks FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER messages_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.messages FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER monitoring_proofs_stand BEFORE DELETE ON public.monitoring_proofs FOR EACH ROW WHEN (old.kept) EXECUTE FUNCTION monitoring_proofs_stand();
CREATE TRIGGER notices_settled BEFORE UPDATE ON public.notices FOR EACH ROW EXECUTE FUNCTION settled_once('read_at');
CREATE TRIGGER notices_stand BEFORE DELETE OR TRUNCATE ON public.notices FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER own_words_stay BEFORE UPDATE ON public.own_words FOR EACH ROW EXECUTE FUNCTION own_words_stay();
CREATE TRIGGER peer_answers_stand BEFORE DELETE ON public.peer_answers FOR EACH ROW WHEN (old.kept) EXECUTE FUNCTION peer_answers_stand();
CREATE TRIGGER people_keep_humans_flat BEFORE INSERT OR UPDATE OF same_human_as ON public.people FOR EACH ROW EXECUTE FUNCTION people_keep_humans_flat();
CREATE TRIGGER policies_in_force_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.policies_in_force FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
alter table policies_in_force enable always trigger policies_in_force_stand;
CREATE TRIGGER policy_texts_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.policy_texts FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
alter table policy_texts enable always trigger policy_texts_stand;
CREATE TRIGGER rota_entries_settled BEFORE UPDATE ON public.rota_entries FOR EACH ROW EXECUTE FUNCTION settled_once('retired_at', 'retired_by');
CREATE TRIGGER rota_entries_stand BEFORE DELETE OR TRUNCATE ON public.rota_entries FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER rota_hand_overs_settled BEFORE UPDATE ON public.rota_hand_overs FOR EACH ROW EXECUTE FUNCTION settled_once('answered_at', 'answer');
CREATE TRIGGER rota_hand_overs_stand BEFORE DELETE OR TRUNCATE ON public.rota_hand_overs FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER rota_sources_settled BEFORE UPDATE ON public.rota_sources FOR EACH ROW EXECUTE FUNCTION settled_once('removed_at', 'removed_by');
CREATE TRIGGER rota_sources_stand BEFORE DELETE OR TRUNCATE ON public.rota_sources FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER run_files_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.run_files FOR EACH STATEMENT EXECUTE FUNCTION runs_refuse();
CREATE TRIGGER run_holds_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.run_holds FOR EACH STATEMENT EXECUTE FUNCTION runs_refuse();
CREATE TRIGGER run_reports_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.run_reports FOR EACH STATEMENT EXECUTE FUNCTION runs_refuse();
CREATE TRIGGER run_samples_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.run_samples FOR EACH STATEMENT EXECUTE FUNCTION runs_refuse();
CREATE TRIGGER run_steps_stand BEFORE DELETE OR TRUNCATE ON public.run_steps FOR EACH STATEMENT EXECUTE FUNCTION runs_refuse();
CREATE TRIGGER runs_are_held AFTER UPDATE ON public.runs FOR EACH ROW WHEN (((old.hold IS NULL) AND (new.hold IS NOT NULL))) EXECUTE FUNCTION run_holds_follow();
CREATE TRIGGER runs_keep_the_stage AFTER UPDATE ON public.runs FOR EACH ROW WHEN ((((old.ended_at IS NULL) AND (old.state <> 'suspended'::text)) <> ((new.ended_at IS NULL) AND (new.state <> 'suspended'::text)))) EXECUTE FUNCTION stage_follows();
CREATE TRIGGER runs_keep_their_word BEFORE UPDATE ON public.runs FOR EACH ROW EXECUTE FUNCTION runs_keep_their_word();
CREATE TRIGGER runs_stand BEFORE DELETE OR TRUNCATE ON public.runs FOR EACH STATEMENT EXECUTE FUNCTION runs_refuse();
CREATE TRIGGER runs_take_the_stage AFTER INSERT ON public.runs FOR EACH ROW WHEN (((new.ended_at IS NULL) AND (new.state <> 'suspended'::text))) EXECUTE FUNCTION stage_follows();
CREATE TRIGGER stage_places_stand BEFORE TRUNCATE ON public.stage_places FOR EACH STATEMENT EXECUTE FUNCTION runs_refuse();
CREATE TRIGGER tasks_owner_stands BEFORE UPDATE OF owner ON public.tasks FOR EACH ROW WHEN (((old.done_at IS NOT NULL) AND (old.owner IS DISTINCT FROM new.owner))) EXECUTE FUNCTION words_stand();
CREATE TRIGGER tasks_settled BEFORE UPDATE ON public.tasks FOR EACH ROW EXECUTE FUNCTION settled_once('done_at', 'done_by', 'note');
CREATE TRIGGER tasks_stand BEFORE DELETE OR TRUNCATE ON public.tasks FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER verbal_words_are_confirmed BEFORE INSERT OR UPDATE ON public.verbal_words FOR EACH ROW EXECUTE FUNCTION verbal_words_are_confirmed();
CREATE TRIGGER verbal_words_settled BEFORE UPDATE ON public.verbal_words FOR EACH ROW EXECUTE FUNCTION settled_once('approval', 'confirmed_at');
CREATE TRIGGER verbal_words_stand BEFORE DELETE OR TRUNCATE ON public.verbal_words FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER vetoes_settled BEFORE UPDATE ON public.vetoes FOR EACH ROW EXECUTE FUNCTION settled_once('lifted_by', 'lifted_at');
CREATE TRIGGER vetoes_stand BEFORE DELETE OR TRUNCATE ON public.vetoes FOR EACH STATEMENT EXECUTE FUNCTION words_stand();
CREATE TRIGGER word_fates_are_recorded BEFORE INSERT ON public.word_fates FOR EACH ROW EXECUTE FUNCTION word_fates_are_recorded();
CREATE TRIGGER word_fates_stand BEFORE DELETE OR UPDATE OR TRUNCATE ON public.word_fates FOR EACH STATEMENT EXECUTE FUNCTION words_stand();

revoke execute on routine ledger_append(text[],text[]) from public;
grant execute on routine ledger_append(text[],text[]) to interlock_app;
grant usage on schema public to interlock_app;
grant usage on sequence announcements_id_seq to interlock_app;
grant usage on sequence approvals_id_seq to interlock_app;
grant usage on sequence authentications_id_seq to interlock_app;
grant usage on sequence change_silences_id_seq to interlock_app;
grant usage on sequence change_updates_id_seq to interlock_app;
grant usage on sequence changes_number_seq to interlock_app;
grant usage on sequence claims_number_seq to interlock_app;
grant usage on sequence directories_id_seq to interlock_app;
grant usage on sequence dry_runs_id_seq to interlock_app;
grant usage on sequence error_budget_readings_id_seq to interlock_app;
grant usage on sequence exceptions_id_seq to interlock_app;
grant usage on sequence grants_number_seq to interlock_app;
grant usage on sequence guarded_commands_number_seq to interlock_app;
grant usage on sequence incident_events_id_seq to interlock_app;
grant usage on sequence incidents_number_seq to interlock_app;
grant usage on sequence ledger_freezes_number_seq to interlock_app;
grant usage on sequence locks_number_seq to interlock_app;
grant usage on sequence messages_id_seq to interlock_app;
grant usage on sequence monitoring_proofs_id_seq to interlock_app;
grant usage on sequence moved_issues_id_seq to interlock_app;
grant usage on sequence notices_id_seq to interlock_app;
grant usage on sequence outbox_attempts_number_seq to interlock_app;
grant usage on sequence outbox_id_seq to interlock_app;
grant usage on sequence peer_answers_id_seq to interlock_app;
grant usage on sequence policies_in_force_number_seq to interlock_app;
grant usage on sequence rota_entries_id_seq to interlock_app;
grant usage on sequence rota_hand_overs_number_seq to interlock_app;
grant usage on sequence rota_shifts_id_seq to interlock_app;
grant usage on sequence rota_sources_id_seq to interlock_app;
grant usage on sequence run_files_id_seq to interlock_app;
grant usage on sequence run_holds_id_seq to interlock_app;
grant usage on sequence run_reports_id_seq to interlock_app;
grant usage on sequence run_samples_id_seq to interlock_app;
grant usage on sequence runs_number_seq to interlock_app;
grant usage on sequence stage_places_number_seq to interlock_app;
grant usage on sequence standing_roles_id_seq to interlock_app;
grant usage on sequence start_waits_number_seq to interlock_app;
grant usage on sequence tasks_number_seq to interlock_app;
grant usage on sequence verbal_words_id_seq to interlock_app;
grant usage on sequence vetoes_id_seq to interlock_app;
grant usage on sequence webhook_attempts_number_seq to interlock_app;
grant usage on sequence word_fates_id_seq to interlock_app;
grant insert, select, update (claimed_at), update (confirmed_at), update (ended_at), update (ended_because), update (ended_by), update (external_user), update (shown_as) on table account_links to interlock_app;
grant insert, select, update (delivered_at), update (receipt) on table announcements to interlock_app;
grant insert, select, update (withdrawn_at) on table approvals to interlock_app;
grant insert, select on table attachments to interlock_app;
grant insert, select on table authentications to interlock_app;
grant insert, select, update (last_seen_at), update (revoked_at), update (revoked_by) on table bastions to interlock_app;
grant insert, select, update on table calendar_copies to interlock_app;
grant insert, select, update (revoked_at), update (revoked_by) on table calendar_feeds to interlock_app;
grant insert, select, update on table calendar_places to interlock_app;
grant insert, select on table change_endings to interlock_app;
grant insert, select, update on table change_issues to interlock_app;
grant insert, select on table change_revisions to interlock_app;
grant insert, select, update (ended_at), update (ends_at), update (handed_because), update (handed_to), update (silence) on table change_silences to interlock_app;
grant insert, select on table change_updates to interlock_app;
grant insert, select, update on table changes to interlock_app;
grant insert, select, update (denied), update (ended_at), update (lease_expires_at), update (settle_from), update (settled_by), update (state) on table claims to interlock_app;
grant insert, select on table decisions to interlock_app;
grant insert, select, update on table delayed_checks to interlock_app;
grant insert, select on table directories to interlock_app;
grant insert, select on table dry_run_acceptances to interlock_app;
grant insert, select on table dry_runs to interlock_app;
grant delete, insert, select on table error_budget_readings to interlock_app;
grant insert, select, update (approved_at), update (approved_by), update (withdrawn_at), update (withdrawn_because), update (withdrawn_by) on table exceptions to interlock_app;
grant insert, select, update on table grants to interlock_app;
grant insert, select, update (end_heard_at), update (ended), update (review), update (reviewed_at), update (reviewed_by) on table guarded_commands to interlock_app;
grant insert, select on table hand_off_acceptances to interlock_app;
grant insert, select on table hand_off_sendings to interlock_app;
grant insert, select on table hand_offs to interlock_app;
grant insert, select on table heard_deliveries to interlock_app;
grant delete, insert, select on table idempotent_answers to interlock_app;
grant insert, select on table incident_causes to interlock_app;
grant insert, select on table incident_events to interlock_app;
grant insert, select, update (quiet_since), update (resolution), update (resolved_at), update (resolved_by), update (severity) on table incidents to interlock_app;
grant select, insert (note), insert (size) on table ledger_checkpoints to interlock_app;
grant insert, select on table ledger_cosignatures to interlock_app;
grant select on table ledger_entries to interlock_app;
grant select, insert (anchor), insert (because), update (lifted_at) on table ledger_freezes to interlock_app;
grant select on table ledger_head to interlock_app;
grant select on table ledger_nodes to interlock_app;
grant insert, select on table ledger_signer to interlock_app;
grant insert, select, update (broken_because), update (renewing_until), update (scopes), update (sealed), update (until) on table lent_rights to interlock_app;
grant insert, select, update (confirmed_at), update (confirmed_by) on table lock_versions to interlock_app;
grant insert, select, update (released_at), update (released_by) on table locks to interlock_app;
grant insert, select on table messages to interlock_app;
grant delete, insert, select, update (kept) on table monitoring_proofs to interlock_app;
grant delete, insert, select, update on table moved_issues to interlock_app;
grant insert, select, update (read_at) on table notices to interlock_app;
grant insert, select, update on table outbox to interlock_app;
grant insert, select on table outbox_attempts to interlock_app;
grant insert, select, update (because), update (counted), update (receipt), update (settled_at) on table own_words to interlock_app;
grant delete, insert, select, update (kept) on table peer_answers to interlock_app;
grant insert, select, update on table people to interlock_app;
grant select, insert (digest), insert (ledger_index), insert (name), insert (started_by) on table policies_in_force to interlock_app;
grant select, insert (digest), insert (text) on table policy_texts to interlock_app;
grant insert, select, update on table presences to interlock_app;
grant select on table procedure_records to interlock_app;
grant select on table procedure_runs to interlock_app;
grant insert, select, update (retired_at), update (retired_by) on table rota_entries to interlock_app;
grant insert, select, update (answer), update (answered_at) on table rota_hand_overs to interlock_app;
grant insert, select, update (retired_at) on table rota_shifts to interlock_app;
grant insert, select, update (etag), update (failure), update (good_at), update (good_until), update (modified), update (overrides), update (read_at), update (removed_at), update (removed_by), update (tried_at), update (unmapped) on table rota_sources to interlock_app;
grant insert, select on table run_files to interlock_app;
grant select on table run_holds to interlock_app;
grant insert, select on table run_reports to interlock_app;
grant insert, select on table run_samples to interlock_app;
grant insert, select, update on table run_steps to interlock_app;
grant delete, insert, select, update on table run_terminals to interlock_app;
grant insert, select, update on table runs to interlock_app;
grant select on table schema_migrations to interlock_app;
grant insert, select, update (ended_at) on table sessions to interlock_app;
grant delete, insert, select, update on table sign_in_attempts to interlock_app;
grant delete, insert, select, update (authenticated_at), update (code_hash), update (person), update (redeemed_at), update (returned_at) on table sign_in_flows to interlock_app;
grant select on table stage_places to interlock_app;
grant insert, select, update (revoked_at), update (revoked_by) on table standing_roles to interlock_app;
grant delete, insert, select, update on table start_acknowledgements to interlock_app;
grant insert, select, update (during) on table start_turns to interlock_app;
grant insert, select, update (beaten_at), update (clears_at), update (ended_at), update (lease_expires_at), update (open_since), update (outcome) on table start_waits to interlock_app;
grant insert, select, update (done_at), update (done_by), update (note), update (owner), update (reminded_at), update (reminders) on table tasks to interlock_app;
grant insert, select, update (last_used_at), update (revoked_at) on table tokens to interlock_app;
grant insert, select, update (approval), update (confirmed_at) on table verbal_words to interlock_app;
grant insert, select, update (lifted_at), update (lifted_by) on table vetoes to interlock_app;
grant insert, select on table webhook_attempts to interlock_app;
grant insert, select, update (attempts), update (delivered_at), update (given_up_at), update (next_attempt_at) on table webhook_deliveries to interlock_app;
grant insert, select, update (cursor), update (disabled_at), update (disabled_because), update (generation), update (rotated_at) on table webhook_endpoints to interlock_app;
grant insert, select on table word_fates to interlock_app;
grant insert, select, update on table workdays to interlock_app;

alter default privileges in schema public grant delete, insert, select, update on tables to interlock_app;
alter default privileges in schema public grant usage on sequences to interlock_app;
