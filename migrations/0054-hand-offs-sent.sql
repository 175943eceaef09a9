-- A hand-off note with the facts that it was written on, whom it was sent to, and who accepted it.

create table hand_off_sendings (
  change_id text primary key references hand_offs (change_id),
  facts jsonb not null check (jsonb_typeof(facts) = 'object'),
  -- Null: nobody but its writer was on the rota.
  sent_to text references people (name),
  at timestamptz not null default clock_timestamp()
);
create table hand_off_acceptances (
  change_id text primary key references hand_off_sendings (change_id),
  person text not null references people (name),
  at timestamptz not null default clock_timestamp()
);

create trigger hand_off_sendings_stand before update or delete or truncate on hand_off_sendings
  for each statement execute function runs_refuse();
create trigger hand_off_acceptances_stand before update or delete or truncate on hand_off_acceptances
  for each statement execute function runs_refuse();
revoke update, delete on hand_off_sendings, hand_off_acceptances from interlock_app;
