-- Sign-in by an identity provider, roles that it or the directory gives, several accounts of one human, and proofs of a moment
-- ago for what is of high stakes.

-- People are known by issuer and subject, so one human may have several accounts. Those are told apart by nobody's names: an
-- administrator or the directory says so. INVARIANT: links are one level deep, so that everybody's human is one look away.
alter table people add column same_human_as text references people (name);
alter table people add constraint people_same_human check (same_human_as is null or (kind = 'person' and same_human_as <> name));
-- When the identity provider last vouched for this account.
alter table people add column vouched_at timestamptz;
create index people_of_human on people (same_human_as) where same_human_as is not null;

create function people_keep_humans_flat() returns trigger language plpgsql as $$
begin
  if new.same_human_as is not null and (
    exists (select from people where name = new.same_human_as and (same_human_as is not null or kind <> 'person'))
    or exists (select from people where same_human_as = new.name)
  ) then
    raise exception 'an account is linked to the first account of its human, which is a person' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger people_keep_humans_flat before insert or update of same_human_as on people
  for each row execute function people_keep_humans_flat();

-- The human behind an account: the first account of whoever it belongs to; of a bot, that of the human behind it.
create function human_of(account text) returns text language sql stable as $$
  select coalesce(h.same_human_as, h.name)
  from people p join people h on h.name = coalesce(p.bot_of, p.name) where p.name = account
$$;

-- A role is held as long as somebody gives it, and each giver takes away only what it gave.
alter table standing_roles add column source text not null default 'hand' check (source in ('hand', 'claims', 'directory'));
drop index standing_roles_held;
create unique index standing_roles_held on standing_roles (person, role, source) where revoked_at is null;

-- When somebody proved to be who they are, and for which token or session that counts.
create table authentications (
  id bigint generated always as identity primary key,
  person text not null references people (name),
  credential text not null check (credential <> ''),
  method text not null check (method in ('password', 'oidc')),
  at timestamptz not null,
  noted_at timestamptz not null default now(),
  check (at <= noted_at)
);
create index authentications_newest on authentications (credential, at);

-- One way to the identity provider and back, bound to the browser that began it by a cookie, of which only the hash is here.
-- Where a terminal waits, `challenge` is the hash of what it keeps and `code_hash` that of what its person types into it.
create table sign_in_flows (
  id text primary key,
  secret_hash bytea not null unique check (octet_length(secret_hash) = 32),
  again boolean not null,
  challenge bytea unique check (octet_length(challenge) = 32),
  started_at timestamptz not null default now(),
  returned_at timestamptz,
  person text references people (name),
  authenticated_at timestamptz,
  code_hash bytea check (octet_length(code_hash) = 32),
  redeemed_at timestamptz,
  check (person is null or returned_at is not null),
  check ((code_hash is null) or (person is not null and challenge is not null)),
  check (redeemed_at is null or code_hash is not null)
);

revoke update, delete on authentications from interlock_app;
revoke update on sign_in_flows from interlock_app;
grant update (returned_at, person, authenticated_at, code_hash, redeemed_at) on sign_in_flows to interlock_app;

-- The directory: who people are to the identity provider, the roles that it gives, what a provider's group gives. The newest is in force.
create table directories (
  id bigint generated always as identity primary key,
  document jsonb not null,
  digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
  applied_at timestamptz not null default now(),
  applied_by text not null
);
revoke update, delete on directories from interlock_app;
