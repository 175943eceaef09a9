-- People and services, what proves who they are, the roles they hold, who is on call when, and the hosts that may execute.
-- Nothing here is ever deleted or updated in place where it once gave a capacity: a row is ended and another begun,
-- so that any past instant can be asked who could do what.

create table people (
  name text primary key check (name ~ '^[a-z][a-z0-9._-]{0,63}$' and name <> 'system'),
  kind text not null check (kind in ('person', 'service')),
  issuer text not null,
  subject text not null,
  display_name text not null check (display_name <> ''),
  bot_of text references people (name),
  password text check (password ~ '^scrypt\$'),
  created_at timestamptz not null default now(),
  disabled_at timestamptz,
  unique (issuer, subject),
  unique (name, kind),
  check (bot_of is null or (kind = 'service' and bot_of <> name)),
  check (password is null or kind = 'person')
);

-- The column `kind` makes the database itself refuse a role to a service account.
create table standing_roles (
  id bigint generated always as identity primary key,
  person text not null,
  kind text not null default 'person' check (kind = 'person'),
  role text not null check (role in ('reviewer', 'management', 'director', 'vpe', 'admin')),
  granted_at timestamptz not null default now(),
  granted_by text not null,
  revoked_at timestamptz,
  revoked_by text,
  foreign key (person, kind) references people (name, kind),
  check ((revoked_at is null) = (revoked_by is null))
);
create unique index standing_roles_held on standing_roles (person, role) where revoked_at is null;

create table tokens (
  id text primary key,
  person text not null references people (name),
  label text not null check (label <> ''),
  secret_hash bytea not null unique check (octet_length(secret_hash) = 32),
  scopes text[] not null check (scopes <@ array['read', 'ask', 'act', 'admin'] and cardinality(scopes) > 0),
  created_at timestamptz not null default now(),
  created_by text not null,
  expires_at timestamptz not null check (expires_at > created_at),
  revoked_at timestamptz,
  last_used_at timestamptz
);
create index tokens_of_person on tokens (person);

-- A session made with a token ends with it.
create table sessions (
  id text primary key,
  person text not null references people (name),
  token text references tokens (id),
  secret_hash bytea not null unique check (octet_length(secret_hash) = 32),
  scopes text[] not null check (scopes <@ array['read', 'ask', 'act', 'admin'] and cardinality(scopes) > 0),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null check (expires_at > created_at),
  ended_at timestamptz
);
create index sessions_of_person on sessions (person);

create table sign_in_attempts (
  key text primary key,
  window_start timestamptz not null,
  attempts integer not null check (attempts > 0)
);

-- INVARIANT: one rota has at most one person on duty at any instant. The rota's number stands in for its name because
-- GiST compares ranges without an extension.
create table rota_shifts (
  id bigint generated always as identity primary key,
  rota text not null check (rota in ('eoc', 'imoc', 'cmoc')),
  person text not null,
  kind text not null default 'person' check (kind = 'person'),
  during tstzrange not null check (
    not isempty(during) and lower_inc(during) and not upper_inc(during)
    and not lower_inf(during) and not upper_inf(during)
  ),
  set_at timestamptz not null default now(),
  set_by text not null,
  retired_at timestamptz,
  rota_number integer generated always as (
    case rota when 'eoc' then 1 when 'imoc' then 2 else 3 end
  ) stored,
  foreign key (person, kind) references people (name, kind),
  constraint rota_shifts_no_overlap exclude using gist (
    int4range(rota_number, rota_number, '[]') with &&,
    during with &&
  ) where (retired_at is null)
);
create index rota_shifts_current on rota_shifts using gist (during) where (retired_at is null);

-- A host that may execute: a bastion of one environment, or a deployer (a pipeline's runner) of one environment.
create table bastions (
  id text primary key,
  name text not null check (name ~ '^[a-z0-9][a-z0-9._-]{0,252}$'),
  environment text not null check (environment <> ''),
  role text not null check (role in ('bastion', 'deployer')),
  key_hash bytea not null unique check (octet_length(key_hash) = 32),
  registered_at timestamptz not null default now(),
  registered_by text not null,
  expires_at timestamptz not null check (expires_at > registered_at),
  revoked_at timestamptz,
  revoked_by text,
  last_seen_at timestamptz,
  check ((revoked_at is null) = (revoked_by is null))
);
create unique index bastions_in_force on bastions (name) where revoked_at is null;

-- The application may end what gave somebody a capacity, never rewrite or delete it.
revoke update, delete on standing_roles, tokens, sessions, rota_shifts, bastions from interlock_app;
revoke delete on people from interlock_app;
grant update (revoked_at, revoked_by) on standing_roles to interlock_app;
grant update (revoked_at, last_used_at) on tokens to interlock_app;
grant update (ended_at) on sessions to interlock_app;
grant update (retired_at) on rota_shifts to interlock_app;
grant update (revoked_at, revoked_by, last_seen_at) on bastions to interlock_app;
