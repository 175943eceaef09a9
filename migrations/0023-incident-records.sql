-- An incident has a record: what was said and seen of it, by whom and when. It only grows.
alter table incidents add column resolution text check (btrim(resolution) <> '');
-- Since when its source no longer sees what opened it; null while it does, and where no source watches.
alter table incidents add column quiet_since timestamptz;
grant update (severity, resolution, quiet_since) on incidents to interlock_app;
create index incidents_of_source on incidents (source, source_key, number desc) where source_key is not null;

create function incidents_closed() returns trigger language plpgsql as $$
begin
  if old.resolved_at is not null and new is distinct from old then
    raise exception 'an incident that is resolved stays as it was' using errcode = 'IL005';
  end if;
  return new;
end $$;
create trigger incidents_closed before update on incidents for each row execute function incidents_closed();

create table incident_events (
  id bigint generated always as identity primary key,
  incident_id text not null references incidents (id),
  -- `quiet`: its source no longer sees it; `firing`: it does again.
  kind text not null check (kind in ('opened', 'severity', 'note', 'quiet', 'firing', 'resolved')),
  by text not null,
  text text not null check (btrim(text) <> '' and octet_length(text) <= 16000),
  at timestamptz not null default clock_timestamp()
);
create index incident_events_of on incident_events (incident_id, id);
insert into incident_events (incident_id, kind, by, text, at)
  select id, 'opened', opened_by, 'severity ' || severity, opened_at from incidents
  union all
  select id, 'resolved', resolved_by, 'resolved', resolved_at from incidents where resolved_at is not null;

-- What others tell us of, once: who says it twice is heard once.
create table heard_deliveries (
  source text not null check (source <> ''),
  delivery text not null check (delivery <> ''),
  heard_at timestamptz not null default clock_timestamp(),
  primary key (source, delivery)
);

revoke update, delete on incident_events, heard_deliveries from interlock_app;
create trigger incident_events_stand before update or delete or truncate on incident_events
  for each statement execute function words_stand();
create trigger heard_deliveries_stand before update or delete or truncate on heard_deliveries
  for each statement execute function words_stand();

-- The requests that resolve an incident.
create index change_revisions_resolving on change_revisions ((plan ->> 'resolvesIncident'))
  where plan ->> 'resolvesIncident' is not null;
