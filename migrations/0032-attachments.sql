-- What people add to a request: a screenshot, a log, a report. Kept as it came, and never changed.

create table attachments (
  change_id text not null references changes (id),
  -- Within its request; how many one may have.
  number integer not null check (number between 1 and 100),
  name text not null check (length(name) > 0 and length(name) <= 150 and name !~ '[/\\[:cntrl:]]'),
  media_type text not null check (media_type in ('image/png', 'image/jpeg', 'image/gif', 'application/pdf', 'text/plain',
    'application/json', 'application/yaml', 'text/csv', 'text/x-diff')),
  bytes bytea not null check (octet_length(bytes) between 1 and 5242880),
  -- INVARIANT: the digest is that of the bytes, whoever writes them.
  digest text not null check (digest = 'sha256:' || encode(sha256(bytes), 'hex')),
  by text not null references people (name),
  at timestamptz not null default clock_timestamp(),
  primary key (change_id, number)
);
alter table attachments alter column bytes set storage external;
create trigger attachments_stand before update or delete or truncate on attachments
  for each statement execute function words_stand();
revoke update, delete on attachments from interlock_app;
