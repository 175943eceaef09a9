-- Issues of requests that go on in another one, until that one stands and the outbox has to close them; and the number by which a closing is told from the next.

create table moved_issues (
  id bigint generated always as identity primary key,
  change_id text not null references changes (id),
  connection text not null check (connection ~ '^[a-z][a-z0-9-]*$'),
  issue text not null check (issue <> ''),
  unique (connection, issue)
);
create index moved_issues_of on moved_issues (change_id);
