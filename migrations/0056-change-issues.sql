-- The issue of a request in a tracker elsewhere: where it is, what was last wanted of it, and what the tracker keeps of that.

create table change_issues (
  change_id text primary key references changes (id),
  connection text not null check (connection ~ '^[a-z][a-z0-9-]*$'),
  -- Grows with everything that is wanted anew.
  generation integer not null check (generation > 0),
  -- Of what the request was then.
  signature text not null,
  -- As the tracker names it: `group/project#12`; null until it has taken it.
  issue text check (issue <> ''),
  -- Of our part of the issue as the tracker keeps it, so that our own writing is told from others'.
  kept text,
  restored_at timestamptz,
  -- Whether the request had ended when that was noted: nothing of it changes any more.
  ended boolean not null,
  unique (connection, issue)
);
create index change_issues_under_way on change_issues (connection) where not ended;
revoke delete on change_issues from interlock_app;
