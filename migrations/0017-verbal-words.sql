-- What somebody says that the engineer on call said. It is a claim, and counts for nothing: what counts is the approval that the
-- engineer gives by confirming it, of the plan and the slot that were spoken of.

create table verbal_words (
  id bigint generated always as identity primary key,
  change_id text not null references changes (id),
  -- Whose word it is said to be: who was on call as it was claimed.
  speaker text not null references people (name),
  digest text not null check (digest ~ '^sha256:[0-9a-f]{64}$'),
  slot_edition integer not null,
  claimed_by text not null references people (name),
  claimed_at timestamptz not null default clock_timestamp(),
  approval bigint unique references approvals (id),
  confirmed_at timestamptz,
  check ((approval is null) = (confirmed_at is null)),
  -- Who gives a word confirms it; nobody claims their own.
  check (claimed_by <> speaker)
);
create index verbal_words_of_change on verbal_words (change_id, id);

-- INVARIANT: a claim begins unconfirmed, and is confirmed by an approval by voice of the very person, request and plan.
create function verbal_words_are_confirmed() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.approval is not null then
      raise exception 'a claim begins unconfirmed: %', new.change_id using errcode = 'IL005';
    end if;
    return new;
  end if;
  if (old.change_id, old.speaker, old.digest, old.slot_edition, old.claimed_by, old.claimed_at)
    is distinct from (new.change_id, new.speaker, new.digest, new.slot_edition, new.claimed_by, new.claimed_at) then
    raise exception 'a claim stays as it was made: %', old.change_id using errcode = 'IL005';
  end if;
  if not exists (
    select from approvals a where a.id = new.approval and a.change_id = new.change_id and a.person = new.speaker
      and a.digest = new.digest and a.via = 'voice' and a.capacity = 'eoc' and a.subject = 'start'
      and a.at >= new.claimed_at
  ) then
    raise exception 'a verbal word is confirmed by its speaker''s approval: %', old.change_id using errcode = 'IL005';
  end if;
  return new;
end $$;
create trigger verbal_words_are_confirmed before insert or update on verbal_words
  for each row execute function verbal_words_are_confirmed();
create trigger verbal_words_settled before update on verbal_words
  for each row execute function settled_once('approval', 'confirmed_at');
create trigger verbal_words_stand before delete or truncate on verbal_words
  for each statement execute function words_stand();
revoke update, delete on verbal_words from interlock_app;
grant update (approval, confirmed_at) on verbal_words to interlock_app;
