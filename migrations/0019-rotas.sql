-- A rota is laid from two layers: the plan (set by hand, by file, or imported), and over it what covers a part of a plan. What
-- people were on duty by is in `rota_shifts`, as before: it is laid anew from now on whenever a layer changes, never backwards.

-- A calendar elsewhere that says who is on call. Its address may be its secret: it is read by the fetch alone.
create table rota_sources (
  id bigint generated always as identity primary key,
  rota text not null check (rota in ('eoc', 'imoc', 'cmoc')),
  url text not null check (url ~ '^https?://'),
  -- Zone of the times that name none; without one such times are not read.
  zone text,
  -- `[{"summary" or "email": text, "person": account}]`
  people jsonb not null check (jsonb_typeof(people) = 'array'),
  added_at timestamptz not null default now(),
  added_by text not null references people (name),
  removed_at timestamptz,
  removed_by text references people (name),
  -- The last attempt, and what went wrong with it.
  tried_at timestamptz,
  failure text,
  -- The last answer that could be read, and until when it may be relied on.
  good_at timestamptz,
  good_until timestamptz,
  -- When the body was last read whole, and what the next request names to be spared it.
  read_at timestamptz,
  etag text,
  modified text,
  unmapped jsonb not null default '[]' check (jsonb_typeof(unmapped) = 'array'),
  check ((removed_at is null) = (removed_by is null)),
  check ((good_at is null) = (good_until is null))
);
create unique index rota_sources_in_force on rota_sources (rota) where removed_at is null;

-- INVARIANT: within one layer of a rota two persons are never named for one instant.
create table rota_entries (
  id bigint generated always as identity primary key,
  rota text not null check (rota in ('eoc', 'imoc', 'cmoc')),
  layer text not null check (layer in ('plan', 'cover')),
  person text not null,
  kind text not null default 'person' check (kind = 'person'),
  during tstzrange not null check (
    not isempty(during) and lower_inc(during) and not upper_inc(during)
    and not lower_inf(during) and not upper_inf(during)
  ),
  -- The calendar it was imported from.
  source bigint references rota_sources (id),
  set_at timestamptz not null default now(),
  set_by text not null,
  retired_at timestamptz,
  retired_by text,
  layer_number integer generated always as (
    case rota when 'eoc' then 1 when 'imoc' then 2 else 3 end * 10 + case layer when 'plan' then 1 else 2 end
  ) stored,
  check (source is null or layer = 'plan'),
  check ((retired_at is null) = (retired_by is null)),
  foreign key (person, kind) references people (name, kind),
  constraint rota_entries_no_overlap exclude using gist (
    int4range(layer_number, layer_number, '[]') with &&,
    during with &&
  ) where (retired_at is null)
);
create index rota_entries_current on rota_entries (rota) where retired_at is null;

insert into rota_entries (rota, layer, person, during, set_at, set_by)
  select rota, 'plan', person, during, set_at, set_by from rota_shifts where retired_at is null and upper(during) > now();

alter table rota_shifts add column source bigint references rota_sources (id);

-- The rest of a shift, offered to somebody who accepts it or does not.
create table rota_hand_overs (
  number bigint generated always as identity unique,
  id text generated always as ('HAND-' || number::text) stored primary key,
  rota text not null check (rota in ('eoc', 'imoc', 'cmoc')),
  giver text not null references people (name),
  receiver text not null references people (name) check (receiver <> giver),
  until timestamptz not null,
  offered_at timestamptz not null default clock_timestamp(),
  answered_at timestamptz,
  answer text check (answer in ('accepted', 'declined', 'withdrawn')),
  check ((answered_at is null) = (answer is null))
);
create unique index rota_hand_overs_open on rota_hand_overs (rota, giver) where answered_at is null;

revoke update, delete on rota_sources, rota_entries, rota_hand_overs from interlock_app;
grant update (removed_at, removed_by, tried_at, failure, good_at, good_until, read_at, etag, modified, unmapped)
  on rota_sources to interlock_app;
grant update (retired_at, retired_by) on rota_entries to interlock_app;
grant update (answered_at, answer) on rota_hand_overs to interlock_app;

create trigger rota_entries_stand before delete or truncate on rota_entries for each statement execute function words_stand();
create trigger rota_sources_stand before delete or truncate on rota_sources for each statement execute function words_stand();
create trigger rota_hand_overs_stand before delete or truncate on rota_hand_overs
  for each statement execute function words_stand();
create trigger rota_entries_settled before update on rota_entries
  for each row execute function settled_once('retired_at', 'retired_by');
create trigger rota_sources_settled before update on rota_sources
  for each row execute function settled_once('removed_at', 'removed_by');
create trigger rota_hand_overs_settled before update on rota_hand_overs
  for each row execute function settled_once('answered_at', 'answer');
