-- What somebody did by hand on a bastion while an incident burned, as the bastion wrote it down; it may be heard of much later.
create table guarded_commands (
  number bigint generated always as identity primary key,
  id text not null generated always as ('GUARD-' || number) stored unique,
  -- The bastion's own: what is sent again is the same command.
  key uuid not null unique,
  person text not null references people (name),
  -- The host that proved itself by its key.
  bastion text not null,
  -- As it was said, and the incident itself where there is one of that name.
  incident_said text,
  incident_id text references incidents (id),
  targets jsonb not null check (jsonb_typeof(targets) = 'array'),
  argv jsonb not null check (jsonb_typeof(argv) = 'array' and jsonb_array_length(argv) > 0),
  -- Who looked on, as the person said.
  observer text,
  -- By the bastion's clock, which proves nothing.
  started_at timestamptz not null,
  heard_at timestamptz not null default clock_timestamp(),
  ended jsonb,
  end_heard_at timestamptz,
  reviewed_by text references people (name),
  reviewed_at timestamptz,
  review text check (btrim(review) <> ''),
  check ((ended is null) = (end_heard_at is null)),
  check ((reviewed_by is null) = (reviewed_at is null) and (reviewed_by is null) = (review is null)),
  check (reviewed_by <> person)
);
create index guarded_commands_open on guarded_commands (number desc) where reviewed_at is null;
create index guarded_commands_of on guarded_commands (incident_id, number) where incident_id is not null;

-- What was written down stays: its end and its review are added, once each.
create function guarded_commands_grow() returns trigger language plpgsql as $$
begin
  if (old.ended is not null and (new.ended, new.end_heard_at) is distinct from (old.ended, old.end_heard_at))
    or (old.reviewed_at is not null
      and (new.reviewed_by, new.reviewed_at, new.review) is distinct from (old.reviewed_by, old.reviewed_at, old.review)) then
    raise exception 'a guarded command stays as it was' using errcode = 'IL005';
  end if;
  return new;
end $$;
create trigger guarded_commands_grow before update on guarded_commands for each row execute function guarded_commands_grow();
revoke update, delete on guarded_commands from interlock_app;
grant update (ended, end_heard_at, reviewed_by, reviewed_at, review) on guarded_commands to interlock_app;
