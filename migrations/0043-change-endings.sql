-- Why a request was given up or rejected before it began, and which request it is a copy of.

alter table changes add column cloned_from text references changes (id);

create table change_endings (
  change_id text primary key references changes (id),
  state text not null check (state in ('cancelled', 'rejected')),
  reason text not null check (btrim(reason) <> ''),
  by text not null references people (name),
  at timestamptz not null default clock_timestamp()
);
create trigger change_endings_stand before update or delete or truncate on change_endings
  for each statement execute function words_stand();
revoke update, delete on change_endings from interlock_app;

create or replace function change_moves() returns trigger language plpgsql as $$
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
end $$;
