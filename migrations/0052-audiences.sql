-- What audiences are told by themselves, beside what people tell them.

alter table change_updates
  -- Nobody: the server itself.
  alter column by drop not null,
  add column what text not null default 'word' check (what in ('word', 'ahead', 'start', 'end', 'off')),
  -- What a word of the server is told for, once an audience: a run, or a slot and how long ahead of it.
  add column occasion text check (occasion <> ''),
  -- The maintenance that it is about, where it is told ahead.
  add column slot tstzrange,
  add check ((what = 'word') = (occasion is null)),
  add check ((what = 'word') = (by is not null)),
  add unique (change_id, audience, occasion);
create index change_updates_public on change_updates (at) where audience = 'end-users';
