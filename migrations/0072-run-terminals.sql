-- What a run's terminal showed a moment ago, for those who look on. It is no evidence: the recording is, which comes with its
-- digest in the ledger, and a piece goes as the chunk that holds it comes. Bytes count from the begin of that recording.
create table run_terminals (
  run_id text not null references runs (id),
  epoch integer not null check (epoch > 0),
  from_byte bigint not null check (from_byte >= 0),
  bytes bytea not null check (octet_length(bytes) between 1 and 524288),
  received_at timestamptz not null default clock_timestamp(),
  primary key (run_id, epoch, from_byte)
);
