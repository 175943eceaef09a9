-- That a witness saw a checkpoint follow on every one it saw before: kept beside the checkpoint, one a witness. The line is the
-- evidence; it is verified against the witness's key wherever it is used, so nothing in this table needs to be believed.
create table ledger_cosignatures (
  size bigint not null references ledger_checkpoints,
  witness text not null check (witness <> ''),
  line text not null check (octet_length(line) <= 1024),
  cosigned_at timestamptz not null,
  primary key (witness, size)
);
create index ledger_cosignatures_of_checkpoint on ledger_cosignatures (size);

create trigger ledger_cosignatures_stand before update or delete or truncate on ledger_cosignatures
  for each statement execute function ledger_refuse();
alter table ledger_cosignatures enable always trigger ledger_cosignatures_stand;
revoke update, delete on ledger_cosignatures from interlock_app;
