-- What each policy that is put in force says, so that two of them can be told apart in words long after their files are gone. One
-- text a digest: what differs in comments alone is the same policy.
create table policy_texts (
  digest text primary key check (digest ~ '^sha256:[0-9a-f]{64}$'),
  text text not null check (text <> '')
);

create trigger policy_texts_stand before update or delete or truncate on policy_texts
  for each statement execute function ledger_refuse();
alter table policy_texts enable always trigger policy_texts_stand;
revoke insert, update, delete on policy_texts from interlock_app;
grant insert (digest, text) on policy_texts to interlock_app;

-- Who started the server that brought it, and the entry of the ledger that says so; unknown of what was put in force before.
alter table policies_in_force
  add column started_by text check (started_by <> ''),
  add column ledger_index bigint check (ledger_index >= 0);
grant insert (started_by, ledger_index) on policies_in_force to interlock_app;
