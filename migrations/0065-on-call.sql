-- A rota may also be set by a schedule of a peer of integrations.yaml, or by a timeline at an address.
alter table rota_sources alter column url drop not null;
alter table rota_sources add column format text not null default 'icalendar' check (format in ('icalendar', 'timeline'));
alter table rota_sources add column connection text check (connection <> '');
alter table rota_sources add column schedule text check (schedule <> '');
-- What somebody there put over the plan: `[{"person": account, "start": text, "end": text}]`
alter table rota_sources add column overrides jsonb not null default '[]' check (jsonb_typeof(overrides) = 'array');
alter table rota_sources add constraint rota_sources_one_place check ((url is null) = (connection is not null));
alter table rota_sources add constraint rota_sources_schedule check ((connection is null) = (schedule is null));
grant update (overrides) on rota_sources to interlock_app;

-- What peers answered about who is on call and about incidents, with every raw answer; what was not answered says why.
create table peer_answers (
  id bigint generated always as identity primary key,
  connection text not null check (connection <> ''),
  about text not null check (about in ('eoc', 'imoc', 'cmoc', 'incidents')),
  heard boolean not null,
  because text not null check (because <> ''),
  raw jsonb not null,
  -- When it was asked: what the answer says was so from then on.
  asked_at timestamptz not null,
  -- Whether a decision rests on it: then it is never thinned out.
  kept boolean not null default false
);
create index peer_answers_newest on peer_answers (connection, about, asked_at desc);
create index peer_answers_to_thin on peer_answers (asked_at) where not kept;
revoke update on peer_answers from interlock_app;
grant update (kept) on peer_answers to interlock_app;

create function peer_answers_stand() returns trigger language plpgsql as $$
begin
  raise exception 'an answer that a decision rests on is never deleted' using errcode = 'IL002';
end $$;
create trigger peer_answers_stand before delete on peer_answers
  for each row when (old.kept) execute function peer_answers_stand();
