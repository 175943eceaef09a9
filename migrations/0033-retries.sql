-- Which requests tried an aborted one again.
create index changes_retries on changes (retry_of, number) where retry_of is not null;
