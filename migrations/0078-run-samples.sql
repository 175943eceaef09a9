-- What a run's watched metrics were, from its begin on: for those who look at it. What it is judged by stands in `runs` and in the
-- facts of each decision. Kept as long as the run, and no closer than a thousandth of its age: some thousand points a metric.
create table run_samples (
  id bigint generated always as identity primary key,
  run_id text not null references runs (id),
  metric text not null,
  -- When it came in, by the database's clock; when it was measured, by the bastion's.
  at timestamptz not null default clock_timestamp(),
  measured_at timestamptz not null,
  -- Null: no number was to be had. That is not zero.
  value double precision,
  verdict text not null check (verdict in ('pass', 'fail', 'unknown'))
);
create index run_samples_of_run on run_samples (run_id, id);
create index run_samples_newest on run_samples (run_id, metric, id desc);

create trigger run_samples_stand before update or delete or truncate on run_samples
  for each statement execute function runs_refuse();
revoke update, delete on run_samples from interlock_app;
