-- The ledger: an append-only RFC 6962 tree whose entries record every decision and transition. What stands here is
-- never changed: grants keep the application from it, triggers keep everybody else from doing it by mistake, and whoever
-- works around both (a superuser can) is found by verification, which needs nothing in this database to be believed.

-- The role under which the application works. Its rights are the grants below and, on later tables, the defaults below.
do $$
begin
  if not exists (select from pg_roles where rolname = 'interlock_app') then
    create role interlock_app nologin;
  end if;
exception
  -- Another database of this server is migrated at the same moment.
  when duplicate_object or unique_violation then null;
end $$;

do $$
begin
  if not pg_has_role(current_user, 'interlock_app', 'member') then
    execute format('grant interlock_app to %I', current_user);
  end if;
end $$;

-- One leaf. `entry` is canonical JSON (RFC 8785), `leaf_hash` SHA-256(0x00 ‖ entry).
create table ledger_entries (
  index bigint primary key check (index >= 0),
  entry text not null check (octet_length(entry) between 2 and 65535),
  leaf_hash bytea not null check (octet_length(leaf_hash) = 32),
  object text not null generated always as ((entry::jsonb) ->> 'object') stored
);
create index ledger_entries_of_object on ledger_entries (object, index);

-- The roots of complete subtrees of 256^level leaves: what the tiles above the leaves are made of.
create table ledger_nodes (
  level smallint not null check (level between 1 and 7),
  index bigint not null check (index >= 0),
  hash bytea not null check (octet_length(hash) = 32),
  primary key (level, index)
);

-- The whole tree in one row: its size, and the roots of its complete subtrees, the largest first.
-- Its lock makes one appender at a time: indexes are contiguous, because who holds it commits before the next reads it.
create table ledger_head (
  singleton boolean primary key default true check (singleton),
  size bigint not null check (size >= 0),
  peaks bytea[] not null
) with (fillfactor = 10);
insert into ledger_head (size, peaks) values (0, '{}');

-- What the log has signed: one checkpoint a size, as the signed note that anybody can verify.
create table ledger_checkpoints (
  size bigint primary key check (size >= 0),
  note text not null check (octet_length(note) <= 16384),
  signed_at timestamptz not null default now()
);

-- Appends entries, each given as its canonical JSON before and after the text of its time, and says where they stand
-- and when. Holds the head until the caller's transaction ends: append last.
create function ledger_append(heads text[], tails text[])
returns table (appended_index bigint, appended_at text)
language plpgsql
security definer
set search_path = public, pg_temp
as $$
declare
  tree_size bigint;
  tree_peaks bytea[];
  line text;
  node bytea;
  place bigint;
  height integer;
begin
  if cardinality(heads) <> cardinality(tails) then
    raise exception 'expected as many heads as tails, got % and %', cardinality(heads), cardinality(tails);
  end if;
  select size, peaks into strict tree_size, tree_peaks from ledger_head for update;
  for i in 1 .. cardinality(heads) loop
    -- Read under the lock, so that the order of times is the order of indexes as long as the clock goes forward.
    appended_at := to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
    appended_index := tree_size;
    line := heads[i] || appended_at || tails[i];
    node := sha256('\x00'::bytea || convert_to(line, 'UTF8'));
    insert into ledger_entries (index, entry, leaf_hash) values (appended_index, line, node);
    place := tree_size;
    height := 0;
    while place % 2 = 1 loop
      node := sha256('\x01'::bytea || tree_peaks[cardinality(tree_peaks)] || node);
      tree_peaks := tree_peaks[: cardinality(tree_peaks) - 1];
      place := place / 2;
      height := height + 1;
      if height % 8 = 0 then
        insert into ledger_nodes (level, index, hash) values (height / 8, place, node);
      end if;
    end loop;
    tree_peaks := array_append(tree_peaks, node);
    tree_size := tree_size + 1;
    return next;
  end loop;
  update ledger_head set size = tree_size, peaks = tree_peaks;
end $$;

create function ledger_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger only grows: % on % is refused', lower(tg_op), tg_table_name using errcode = 'IL001';
end $$;

create function ledger_head_grows() returns trigger language plpgsql as $$
begin
  if new.size < old.size or new.size = old.size and new.peaks <> old.peaks then
    raise exception 'the ledger only grows: size % after % is refused', new.size, old.size using errcode = 'IL001';
  end if;
  return new;
end $$;

create trigger ledger_entries_stand before update or delete or truncate on ledger_entries
  for each statement execute function ledger_refuse();
create trigger ledger_nodes_stand before update or delete or truncate on ledger_nodes
  for each statement execute function ledger_refuse();
create trigger ledger_checkpoints_stand before update or delete or truncate on ledger_checkpoints
  for each statement execute function ledger_refuse();
create trigger ledger_head_stands before delete or truncate on ledger_head
  for each statement execute function ledger_refuse();
create trigger ledger_head_grows before update on ledger_head
  for each row execute function ledger_head_grows();

-- `always`: also for a session that calls itself a replica.
alter table ledger_entries enable always trigger ledger_entries_stand;
alter table ledger_nodes enable always trigger ledger_nodes_stand;
alter table ledger_checkpoints enable always trigger ledger_checkpoints_stand;
alter table ledger_head enable always trigger ledger_head_stands;
alter table ledger_head enable always trigger ledger_head_grows;

-- The application reads, appends through the function, and adds checkpoints. It has no right to insert, change or
-- delete any row of the tree itself.
grant usage on schema public to interlock_app;
grant select on schema_migrations, ledger_entries, ledger_nodes, ledger_head, ledger_checkpoints to interlock_app;
grant insert (size, note) on ledger_checkpoints to interlock_app;
revoke execute on function ledger_append(text[], text[]) from public;
grant execute on function ledger_append(text[], text[]) to interlock_app;

-- Tables of later migrations: rows may be read and written unless the migration takes that back.
alter default privileges in schema public grant select, insert, update, delete on tables to interlock_app;
alter default privileges in schema public grant usage on sequences to interlock_app;
