-- Every server listens for what was recorded, whichever replica recorded it. A notification carries ids only and is
-- sent when the transaction commits; who is told reads the rest anew. Questions of pipelines change nothing and are
-- many, so they are not told.

create function ledger_tell() returns trigger language plpgsql as $$
begin
  perform pg_notify('interlock_recorded', json_build_object('index', new.index::text, 'object', new.object)::text);
  return null;
end $$;

create trigger ledger_entries_tell after insert on ledger_entries
  for each row when (new.object not like 'environment/%') execute function ledger_tell();
