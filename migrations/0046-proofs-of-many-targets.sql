-- A row of an index holds less than the names of some hundred targets: a proof of more could not be stored.
drop index monitoring_proofs_newest;
create index monitoring_proofs_newest
  on monitoring_proofs (environment, hash_array_extended(targets, 0), proved_at desc);
