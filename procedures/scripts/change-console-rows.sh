#!/bin/sh
# Changes the tier of every account that has one, all in one transaction and only if they are as many as was agreed:
#   change-console-rows.sh change SERVICE BATCH OLD NEW COUNT [--dry-run]
#   change-console-rows.sh undo   SERVICE BATCH OLD NEW COUNT [--dry-run]
# SERVICE is a section of the bastion's pg_service.conf. Which rows were changed is kept in console_changes under BATCH in
# the same transaction; undo gives just those their old value back, as far as nobody changed them since, and then forgets
# them. The dry run does the same and rolls back; with another count it fails, as the change itself would.
set -eu

if [ "$#" -lt 6 ] || [ "$#" -gt 7 ] || { [ "$#" -eq 7 ] && [ "$7" != --dry-run ]; }; then
  echo "usage: change-console-rows.sh change|undo SERVICE BATCH OLD NEW COUNT [--dry-run]" >&2
  exit 2
fi
word=$1 end=commit
if [ "${7:-}" = --dry-run ]; then end=rollback; fi

run() {
  psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --set "batch=$3" --set "old=$4" \
    --set "new=$5" --set "count=$6" --set "end=$end" "service=$2"
}

case $word in
change)
  run "$@" <<'SQL'
begin;
set local lock_timeout = '5s';
set local statement_timeout = '60s';
create temporary table chosen on commit drop as
  select id from accounts where tier = :'old' order by id for update;
select 'rows with the old value: ' || count(*) from chosen;
select count(*) = :count as agreed from chosen \gset
\if :agreed
insert into console_changes (batch, row_id, old_value, new_value)
  select :'batch', id, :'old', :'new' from chosen;
update accounts set tier = :'new' where id in (select id from chosen);
select 'changed: account ' || id from chosen order by id;
:end;
select :'end';
\else
rollback;
\echo expected another number of rows: nothing was changed
do $$ begin raise exception 'expected as many rows as was agreed'; end $$;
\endif
SQL
  ;;
undo)
  run "$@" <<'SQL'
begin;
set local lock_timeout = '5s';
set local statement_timeout = '60s';
select 'changed by somebody else since, left as it is: account ' || id
  from accounts join console_changes on row_id = id and batch = :'batch'
  where tier not in (new_value, old_value) order by id;
update accounts set tier = old_value from console_changes
  where batch = :'batch' and row_id = id and tier = new_value;
select 'rows of this batch: ' || count(*) from console_changes where batch = :'batch';
delete from console_changes where batch = :'batch';
:end;
select :'end';
SQL
  ;;
*)
  echo "expected change or undo, got \`$word\`" >&2
  exit 2
  ;;
esac
