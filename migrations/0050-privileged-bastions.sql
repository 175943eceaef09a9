-- A host whose executors may be root or may become it without a password: an exception of who registered it.
alter table bastions add column privileged boolean not null default false;
