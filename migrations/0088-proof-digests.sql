-- What is kept of a proof is bound: its digest stands in the ledger entry of each decision that rests on it. Proofs of before have
-- none, and none of them counts any more: they are seconds old where they still would.
alter table monitoring_proofs add column digest text check (digest ~ '^sha256:[0-9a-f]{64}$');
