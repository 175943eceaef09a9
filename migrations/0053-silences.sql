-- Silences of alerts that were made for a run: what each hides, until when, and who has it after the run.

create table change_silences (
  id bigint generated always as identity primary key,
  change_id text not null references changes (id),
  run_id text not null references runs (id),
  -- Labels that an alert has to bear, each with its one value.
  matchers jsonb not null check (jsonb_typeof(matchers) = 'object' and matchers <> '{}'),
  reason text not null check (btrim(reason) <> ''),
  by text not null references people (name),
  at timestamptz not null default clock_timestamp(),
  ends_at timestamptz not null check (ends_at > at),
  -- What Alertmanager knows it by; null: it was not taken yet.
  silence text,
  -- Who has it after the run; null: it ends with that.
  handed_to text references people (name),
  handed_because text,
  -- When Alertmanager had taken its end.
  ended_at timestamptz,
  check ((handed_to is null) = (handed_because is null))
);
create index change_silences_of_change on change_silences (change_id, id);
create index change_silences_standing on change_silences (id) where ended_at is null;

revoke update, delete on change_silences from interlock_app;
grant update (ends_at, silence, handed_to, handed_because, ended_at) on change_silences to interlock_app;
create trigger change_silences_stand before delete or truncate on change_silences for each statement execute function words_stand();
