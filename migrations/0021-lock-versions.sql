-- A lock keeps its id; what it says stands in versions, each proposed by one person and confirmed by another. The newest that
-- is confirmed holds; of an emergency lock the first holds at once.
create table lock_versions (
  lock_id text not null references locks (id),
  version integer not null check (version > 0),
  kind text not null check (kind in ('soft', 'hard')),
  environments text[] not null check (cardinality(environments) > 0),
  category text not null check (category in ('company-event', 'leave-of-absence', 'instability', 'other')),
  reason text not null check (btrim(reason) <> ''),
  -- From its first instant to its last; of a recurrence that never ends, without an end.
  during tstzrange not null check (
    not isempty(during) and lower_inc(during) and not upper_inc(during) and not lower_inf(during)
    and (not upper_inf(during) or recurrence is not null)
  ),
  -- `{"starting": "2026-01-22", "rule": "FREQ=…", "days": 1, "dayBeginsMs": 32400000}`: the days inside `during` on which it holds.
  recurrence jsonb,
  -- Digest of what was asked for, as everybody was shown it.
  digest text not null,
  proposed_by text not null references people (name),
  proposed_at timestamptz not null default now(),
  confirmed_by text references people (name),
  confirmed_at timestamptz,
  primary key (lock_id, version),
  check ((confirmed_by is null) = (confirmed_at is null)),
  check (confirmed_by <> proposed_by)
);
create index lock_versions_by_time on lock_versions using gist (during);

insert into lock_versions (lock_id, version, kind, environments, category, reason, during, digest, proposed_by, proposed_at,
  confirmed_by, confirmed_at)
select id, 1, kind, environments, category, reason, during, 'before versions', proposed_by, proposed_at, confirmed_by, confirmed_at
from locks;

drop trigger locks_settled on locks;
drop index locks_by_time;
alter table locks
  drop column kind, drop column environments, drop column category, drop column reason, drop column during,
  drop column confirmed_by, drop column confirmed_at, drop column proposed_at;
alter table locks rename column proposed_by to made_by;

create trigger locks_settled before update on locks
  for each row execute function settled_once('released_by', 'released_at');
create trigger lock_versions_stand before delete or truncate on lock_versions for each statement execute function words_stand();
create trigger lock_versions_settled before update on lock_versions
  for each row execute function settled_once('confirmed_by', 'confirmed_at');

revoke update, delete, truncate on lock_versions from interlock_app;
grant insert, select, update (confirmed_by, confirmed_at) on lock_versions to interlock_app;

-- An exemption from a lock says why.
alter table approvals add column reason text check (btrim(reason) <> '');
