-- An account elsewhere that a person proved to be theirs: known there by an id that the peer gives, never by a name or an e-mail.

create table account_links (
  id text primary key,
  person text not null,
  kind text not null default 'person' check (kind = 'person'),
  -- The connection of `integrations.yaml`.
  connection text not null check (connection ~ '^[a-z][a-z0-9-]*$'),
  -- Of the code that the person posts from there; good once, for a short time.
  code_hash bytea not null unique check (octet_length(code_hash) = 32),
  asked_at timestamptz not null default now(),
  code_until timestamptz not null check (code_until > asked_at),
  -- Who posted it, by the peer's own id, and as people see them there.
  external_user text check (external_user <> ''),
  shown_as text,
  claimed_at timestamptz,
  -- When the person said, signed in here, that this is their account.
  confirmed_at timestamptz,
  ended_at timestamptz,
  ended_by text,
  ended_because text check (ended_because in ('revoked', 'replaced', 'claimed twice')),
  foreign key (person, kind) references people (name, kind),
  check ((external_user is null) = (claimed_at is null) and (shown_as is null) = (claimed_at is null)),
  check (confirmed_at is null or claimed_at is not null),
  check ((ended_at is null) = (ended_by is null) and (ended_at is null) = (ended_because is null))
);
-- INVARIANT: an account elsewhere speaks for one person, and a person has one account at a peer.
create unique index account_links_in_force on account_links (connection, external_user)
  where confirmed_at is not null and ended_at is null;
create unique index account_links_of_person on account_links (connection, person)
  where confirmed_at is not null and ended_at is null;

-- Whose account it is was said once: nothing makes it another's.
create function account_links_stay() returns trigger language plpgsql as $$
begin
  if (old.external_user is not null and new.external_user is distinct from old.external_user)
    or (old.confirmed_at is not null and new.confirmed_at is distinct from old.confirmed_at)
    or (old.ended_at is not null and new.ended_at is distinct from old.ended_at) then
    raise exception 'a link is claimed, confirmed and ended once' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger account_links_stay before update on account_links for each row execute function account_links_stay();

revoke update, delete on account_links from interlock_app;
grant update (external_user, shown_as, claimed_at, confirmed_at, ended_at, ended_by, ended_because) on account_links to interlock_app;
