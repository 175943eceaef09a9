-- Proofs of life of the monitoring platform, with every raw answer.

create table monitoring_proofs (
  id bigint generated always as identity primary key,
  environment text not null check (environment <> ''),
  -- The names of the plan's targets that were proven too, sorted; none where no plan was in question.
  targets text[] not null,
  prometheus text not null check (prometheus in ('pass', 'fail', 'unknown')),
  alertmanager text not null check (alertmanager in ('pass', 'fail', 'unknown')),
  thanos text not null check (thanos in ('pass', 'fail', 'unknown')),
  probes jsonb not null,
  -- Environments in which monitoring sees each of those targets.
  places jsonb not null,
  -- When the proof was begun, by the database's clock.
  proved_at timestamptz not null,
  -- Set where something rests on this proof: it stays when the others are thinned out.
  kept boolean not null default false
);
create index monitoring_proofs_newest on monitoring_proofs (environment, targets, proved_at desc);

revoke update on monitoring_proofs from interlock_app;
grant update (kept) on monitoring_proofs to interlock_app;

create function monitoring_proofs_stand() returns trigger language plpgsql as $$
begin
  raise exception 'a proof that something rests on is never deleted' using errcode = 'IL002';
end $$;
create trigger monitoring_proofs_stand before delete on monitoring_proofs
  for each row when (old.kept) execute function monitoring_proofs_stand();
