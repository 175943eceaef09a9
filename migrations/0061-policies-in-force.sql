-- Which policy is enforced on this database, from when on: the newest row is in force. A server that was started with another one
-- decides nothing, so that one question never has two answers by who happens to be asked.
create table policies_in_force (
  number bigint generated always as identity primary key,
  digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
  name text not null check (name <> ''),
  since timestamptz not null default clock_timestamp()
);

create trigger policies_in_force_stand before update or delete or truncate on policies_in_force
  for each statement execute function ledger_refuse();
alter table policies_in_force enable always trigger policies_in_force_stand;
revoke insert, update, delete on policies_in_force from interlock_app;
grant insert (digest, name) on policies_in_force to interlock_app;
