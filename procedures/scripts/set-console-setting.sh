#!/bin/sh
# Changes one row of the application's settings, in one transaction:
#   set-console-setting.sh SERVICE KEY EXPECTED WANTED [--dry-run]
# SERVICE is a section of the host's pg_service.conf. Prints the old value; if it is not the expected one, or not exactly
# one row would change, nothing is changed. The dry run does the same and rolls back; that of a later step or of a rollback
# finds the value of now, so it says where it would stop and goes on.
set -eu

if [ "$#" -lt 4 ] || [ "$#" -gt 5 ] || { [ "$#" -eq 5 ] && [ "$5" != --dry-run ]; }; then
  echo "usage: set-console-setting.sh SERVICE KEY EXPECTED WANTED [--dry-run]" >&2
  exit 2
fi
end=commit dry=false
if [ "${5:-}" = --dry-run ]; then end=rollback dry=true; fi

psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 \
  --set "key=$2" --set "expected=$3" --set "wanted=$4" --set "end=$end" --set "dry=$dry" "service=$1" <<'SQL'
begin;
select 'old value: ' || value from application_settings where key = :'key' for update;
with changed as (
  update application_settings set value = :'wanted' where key = :'key' and value = :'expected' returning key
)
select count(*) = 1 as changed from changed \gset
\if :changed
select 'new value: ' || value from application_settings where key = :'key';
:end;
\else
rollback;
\if :dry
select 'would stop unless the old value were ' || :'expected';
select 'would set ' || :'wanted';
\else
\echo the old value is not the expected one: nothing was changed
do $$ begin raise exception 'expected exactly one row with the expected value'; end $$;
\endif
\endif
SQL
