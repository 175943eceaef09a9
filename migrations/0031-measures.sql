-- What was refused in a span of time. Most answers allow, and are not in it.
create index decisions_refused_by_time on decisions (at) where not allowed;
