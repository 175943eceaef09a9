-- What each audience of a change was told, and when. An update that was sent stays sent.

create table change_updates (
  id bigint generated always as identity primary key,
  change_id text not null references changes (id),
  audience text not null check (audience in ('end-users', 'executive-staff', 'support', 'all-employees', 'change-channel')),
  body text not null check (btrim(body) <> ''),
  by text not null references people (name),
  at timestamptz not null default clock_timestamp()
);
create index change_updates_of_change on change_updates (change_id, id);
create trigger change_updates_stand before update or delete or truncate on change_updates
  for each statement execute function words_stand();
revoke update, delete on change_updates from interlock_app;
