-- What a server found wrong with the ledger. While one stands no server of this database lets anything be executed. Whoever can
-- write here can lift it; each server that found something itself stays frozen by what it knows, whatever stands here.
create table ledger_freezes (
  number bigint generated always as identity primary key,
  because text not null check (because <> ''),
  -- The signed checkpoint that its finder holds outside the database: the ledger has to continue it before this is lifted.
  anchor text check (octet_length(anchor) <= 16384),
  found_at timestamptz not null default clock_timestamp(),
  lifted_at timestamptz
);
create index ledger_freezes_standing on ledger_freezes (number) where lifted_at is null;

create trigger ledger_freezes_stand before delete or truncate on ledger_freezes
  for each statement execute function ledger_refuse();
create trigger ledger_freezes_settled before update on ledger_freezes
  for each row execute function settled_once('number', 'because', 'anchor', 'found_at', 'lifted_at');
alter table ledger_freezes enable always trigger ledger_freezes_stand;
alter table ledger_freezes enable always trigger ledger_freezes_settled;
revoke insert, update, delete on ledger_freezes from interlock_app;
grant insert (because, anchor) on ledger_freezes to interlock_app;
grant update (lifted_at) on ledger_freezes to interlock_app;
