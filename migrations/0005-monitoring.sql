-- Proofs of life of the monitoring platform, with every raw answer.

create table monitoring_proofs (
  id bigint generated always as identity primary key,
  prometheus text not null check (prometheus in ('pass', 'fail', 'unknown')),
  alertmanager text not null check (alertmanager in ('pass', 'fail', 'unknown')),
  thanos text not null check (thanos in ('pass', 'fail', 'unknown')),
  probes jsonb not null,
  proved_at timestamptz not null,
  -- Set where a decision rested on this proof; such a row is never thinned out.
  kept boolean not null default false
);
create index monitoring_proofs_newest on monitoring_proofs (proved_at desc);
