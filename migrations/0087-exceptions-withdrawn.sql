-- An exception is taken back by whoever asked for it or whoever approved it, with a reason; from then on it counts for nothing.
-- It stays in the record, and what is taken back is approved no more.
alter table exceptions
  add column withdrawn_by text,
  add column withdrawn_at timestamptz,
  add column withdrawn_because text check (btrim(withdrawn_because) <> ''),
  add constraint exceptions_withdrawn_check check (
    (withdrawn_by is null) = (withdrawn_at is null) and (withdrawn_by is null) = (withdrawn_because is null)
  ),
  add constraint exceptions_withdrawn_by_check check (withdrawn_by = by or withdrawn_by is not distinct from approved_by
    or withdrawn_by is null);

grant update (withdrawn_by, withdrawn_at, withdrawn_because) on exceptions to interlock_app;

drop trigger exceptions_settled on exceptions;
create trigger exceptions_settled before update on exceptions
  for each row execute function settled_once('approved_by', 'approved_at', 'withdrawn_by', 'withdrawn_at', 'withdrawn_because');
