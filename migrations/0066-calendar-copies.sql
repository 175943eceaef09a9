-- The Production calendar in a collection elsewhere: of each event what is wanted there, and what is known to stand there.

create table calendar_copies (
  -- The address of the collection.
  place text not null check (place <> ''),
  uid text not null check (uid <> ''),
  -- Grows with everything that is wanted anew.
  generation integer not null check (generation > 0),
  -- The event, and the digest of what it says; null where it has left the calendar.
  event jsonb,
  wanted text,
  -- The digest of what was written, and the tag that the other server has for it; null where nothing of ours is there.
  written text,
  tag text,
  -- The highest sequence that was written: it only grows, whatever somebody else wrote there.
  sequence bigint,
  primary key (place, uid),
  check ((event is null) = (wanted is null))
);
revoke delete on calendar_copies from interlock_app;

-- Up to where in the log, and when, the calendar was last compared with what is wanted in a collection.
create table calendar_places (
  place text primary key check (place <> ''),
  log_size bigint not null check (log_size >= 0),
  compared_at timestamptz not null
);
revoke delete on calendar_places from interlock_app;
