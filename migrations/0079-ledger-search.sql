-- What a list of entries is narrowed by, beside the object: read from the entry itself where it is appended, once for all of them,
-- for reading an entry is what an append costs most. The order of the log is the order of time, so for time nothing is kept.
alter table ledger_entries
  add column type text generated always as ((entry::jsonb) ->> 'type') stored,
  add column subject text generated always as ((entry::jsonb) #>> '{actor,subject}') stored,
  add column outcome text generated always as ((entry::jsonb) ->> 'outcome') stored;
alter table ledger_entries
  alter column type drop expression,
  alter column subject drop expression,
  alter column outcome drop expression;
-- Each has all of them, so that two things which are common, and never together, are told apart without reading the entries.
create index ledger_entries_of_type on ledger_entries (type, index) include (subject, outcome);
create index ledger_entries_of_subject on ledger_entries (subject, index) include (type, outcome);
create index ledger_entries_of_outcome on ledger_entries (outcome, index) include (type, subject);
drop index ledger_entries_of_object;
create index ledger_entries_of_object on ledger_entries (object, index) include (type, subject, outcome);

create or replace function ledger_append(heads text[], tails text[])
returns table (appended_index bigint, appended_at text)
language plpgsql
security definer
set search_path = public, pg_temp
as $$
declare
  tree_size bigint;
  tree_peaks bytea[];
  line text;
  fields jsonb;
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
    fields := line;
    insert into ledger_entries (index, entry, leaf_hash, type, subject, outcome)
      values (appended_index, line, node, fields ->> 'type', fields #>> '{actor,subject}', fields ->> 'outcome');
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
