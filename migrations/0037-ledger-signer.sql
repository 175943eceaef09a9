-- Whose key signs this ledger. Written by the first server that opens it; every other has to hold the same key.
create table ledger_signer (
  singleton boolean primary key default true check (singleton),
  vkey text not null check (vkey <> '')
);
create trigger ledger_signer_stands before update or delete or truncate on ledger_signer
  for each statement execute function ledger_refuse();
alter table ledger_signer enable always trigger ledger_signer_stands;
revoke update, delete on ledger_signer from interlock_app;
