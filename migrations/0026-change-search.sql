-- What a request is found by: the words of its title and environment, of its services, topics and targets, of what it is for, and
-- its people. `words` is written with each revision; a name is found by its parts too (`db-01.example.org`).
alter table changes add column words text not null default '';
alter table changes drop column search;
alter table changes add column search tsvector not null
  generated always as (to_tsvector('simple', title || ' ' || environment || ' ' || words)) stored;
create index changes_by_text on changes using gin (search);
create index changes_by_executor on changes (executor, number desc);
create index changes_by_severity on changes (severity, number desc);

-- So that the words that many requests hold are known by name: what is not among them is rare.
alter table changes alter column search set statistics 300;
