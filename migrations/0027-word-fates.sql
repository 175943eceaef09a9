-- What became of a word (an approval, an exception) when something that it may depend on was changed: it was carried to the
-- plan as it became, or it does not count any more. Carried, it names the ledger's entry that says so; voided, it stays so.

create table word_fates (
  id bigint generated always as identity primary key,
  change_id text not null references changes (id),
  approval bigint references approvals (id),
  exception bigint references exceptions (id),
  fate text not null check (fate in ('carried', 'voided')),
  -- The revision of the request with which it happened, and the digests before and after.
  revision integer not null,
  from_digest text not null check (from_digest ~ '^sha256:[0-9a-f]{64}$'),
  to_digest text not null check (to_digest ~ '^sha256:[0-9a-f]{64}$'),
  -- Carried: the parts that it looks at, none of which changed. Voided: those of them that changed.
  parts text[] not null check (cardinality(parts) > 0),
  -- No foreign key: the ledger's own guards must be what refuses to have it cut.
  ledger_index bigint,
  -- Who changed it; `system` where the server did, as a slot ran out.
  by text not null,
  at timestamptz not null default clock_timestamp(),
  check ((approval is null) <> (exception is null)),
  check ((fate = 'carried') = (ledger_index is not null)),
  check (fate = 'voided' or from_digest <> to_digest)
);
create index word_fates_of_change on word_fates (change_id, id);
create index word_fates_of_approval on word_fates (approval, id) where approval is not null;
create index word_fates_of_exception on word_fates (exception, id) where exception is not null;
create unique index word_fates_one_entry on word_fates (ledger_index) where ledger_index is not null;

-- INVARIANT: no word is carried without the entry that names it, the digests and the request; none is carried from where it did
-- not stand, and none comes back.
create function word_fates_are_recorded() returns trigger language plpgsql as $$
declare
  former word_fates;
  stands text;
begin
  select * into former from word_fates
    where approval is not distinct from new.approval and exception is not distinct from new.exception
    order by id desc limit 1;
  if former.fate = 'voided' then
    raise exception 'a word that was voided does not come back: %', new.change_id using errcode = 'IL007';
  end if;
  stands := coalesce(former.to_digest,
    (select digest from approvals where id = new.approval and change_id = new.change_id),
    (select digest from exceptions where id = new.exception and change_id = new.change_id));
  if stands is distinct from new.from_digest then
    raise exception 'a word is carried from where it stands: %', new.change_id using errcode = 'IL007';
  end if;
  if new.fate = 'carried' and not exists (
    select from ledger_entries, lateral (select entry::jsonb as e) as read
    where index = new.ledger_index and e ->> 'type' = 'change.word-carried' and e ->> 'object' = 'change/' || new.change_id
      and e ->> 'before' = new.from_digest and e ->> 'after' = new.to_digest
      and e -> 'details' ->> case when new.approval is null then 'exception' else 'approval' end
        = coalesce(new.approval, new.exception)::text
  ) then
    raise exception 'a word is carried by the entry that says so: %', new.change_id using errcode = 'IL007';
  end if;
  return new;
end $$;
create trigger word_fates_are_recorded before insert on word_fates
  for each row execute function word_fates_are_recorded();
create trigger word_fates_stand before update or delete or truncate on word_fates
  for each statement execute function words_stand();
revoke update, delete on word_fates from interlock_app;
