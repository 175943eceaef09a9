-- What a person lent at a peer so that their own press here posts there as them, and the words that were posted so.

alter table account_links
  -- The credential with which a way to the peer's own page was begun, and which alone ends it; null: by posted words.
  add column asked_with text check (asked_with <> ''),
  drop constraint account_links_ended_because_check,
  add constraint account_links_ended_because_check
    check (ended_because in ('revoked', 'replaced', 'claimed twice', 'refused'));

create table lent_rights (
  link text primary key references account_links (id),
  scopes text[] not null,
  -- Sealed by the secret of our client there; null once it was given back.
  sealed text check (sealed <> ''),
  lent_at timestamptz not null default now(),
  -- When it has to be renewed; null: it does not end by itself.
  until timestamptz,
  -- Whoever renews it has it until then: what a peer gives in place of the former is given once.
  renewing_until timestamptz,
  -- Why the peer takes it no more.
  broken_because text check (broken_because <> '')
);
revoke update, delete on lent_rights from interlock_app;
grant update (scopes, sealed, until, renewing_until, broken_because) on lent_rights to interlock_app;

create table own_words (
  id text primary key,
  change_id text not null references changes (id),
  person text not null,
  kind text not null default 'person' check (kind = 'person'),
  place text not null check (place in ('issue', 'chat')),
  connection text not null check (connection ~ '^[a-z][a-z0-9-]*$'),
  link text not null references account_links (id),
  -- Of the plan that was shown.
  digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
  -- What is posted, letter by letter.
  body text not null check (body <> ''),
  asked_at timestamptz not null default now(),
  settled_at timestamptz,
  counted boolean,
  because text check (because <> ''),
  receipt text check (receipt <> ''),
  foreign key (person, kind) references people (name, kind),
  check ((settled_at is null) = (counted is null)),
  check (counted is distinct from false or because is not null)
);
create index own_words_of_change on own_words (change_id, asked_at desc);

-- What was asked for stays, and what came of it is said once.
create function own_words_stay() returns trigger language plpgsql as $$
begin
  if old.settled_at is not null then
    raise exception 'a word is settled once' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger own_words_stay before update on own_words for each row execute function own_words_stay();
revoke update, delete on own_words from interlock_app;
grant update (settled_at, counted, because, receipt) on own_words to interlock_app;
