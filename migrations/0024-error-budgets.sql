-- What was read of error budgets, with every raw answer; what could not be read says why.
create table error_budget_readings (
  id bigint generated always as identity primary key,
  service text not null check (service <> ''),
  query text not null check (query <> ''),
  -- Share of the budget that is left; null where it could not be told. NaN is larger than any number here, so it is refused.
  remaining double precision check (remaining <= 1),
  because text not null check (because <> ''),
  raw jsonb not null,
  read_at timestamptz not null default clock_timestamp()
);
create index error_budget_readings_newest on error_budget_readings (service, query, read_at desc);
revoke update on error_budget_readings from interlock_app;
