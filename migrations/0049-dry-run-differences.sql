-- Of the output without what the plan lets differ; what was attached before has none.
alter table dry_runs add column fingerprint text check (fingerprint ~ '^sha256:[0-9a-f]{64}$');

-- A difference is accepted by two: the EOC and a reviewer. What one person accepted before counts as a reviewer's word.
alter table dry_run_acceptances drop constraint dry_run_acceptances_pkey;
alter table dry_run_acceptances add column capacity text not null default 'reviewer' check (capacity in ('eoc', 'reviewer'));
alter table dry_run_acceptances alter column capacity drop default;
alter table dry_run_acceptances add primary key (dry_run, capacity);
alter table dry_run_acceptances add unique (dry_run, person);
