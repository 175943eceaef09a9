#!/bin/sh
# Sets one setting of one PostgreSQL and reloads it:
#   set-postgres-setting.sh SERVICE SETTING EXPECTED WANTED [--dry-run]
# SERVICE is a section of the bastion's pg_service.conf, so that no address and no password stands in a plan.
# The old value is that of the whole server, as its files say it; one session may be given another.
# Refuses when it is not the expected one, so that two changes of one setting cannot overwrite each other; does nothing
# where it is the wanted one already.
set -eu

if [ "$#" -lt 4 ] || [ "$#" -gt 5 ] || { [ "$#" -eq 5 ] && [ "$5" != --dry-run ]; }; then
  echo "usage: set-postgres-setting.sh SERVICE SETTING EXPECTED WANTED [--dry-run]" >&2
  exit 2
fi
service=$1 setting=$2 expected=$3 wanted=$4 mode=${5:-}

ask() {
  psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 \
    --set "setting=$setting" --set "wanted=$wanted" "service=$service"
}

old=$(ask <<'SQL'
select coalesce((select setting from pg_file_settings where name = :'setting' and applied), current_setting(:'setting'));
SQL
)
echo "$service: $setting is $old"

# The dry run of a rollback finds the value of now, not the one that it will find.
if [ "$mode" = --dry-run ]; then
  echo "$service: would stop unless $setting were $expected"
  echo "$service: would set $setting to $wanted and reload"
  exit 0
fi
if [ "$old" = "$wanted" ]; then
  echo "nothing to do"
  exit 0
fi
if [ "$old" != "$expected" ]; then
  echo "expected the old value \`$expected\`, got \`$old\`" >&2
  exit 1
fi

loaded() {
  ask <<'SQL'
select pg_conf_load_time();
SQL
}
before=$(loaded)
ask <<'SQL'
alter system set :"setting" = :'wanted';
select pg_reload_conf();
SQL
tries=50
while [ "$(loaded)" = "$before" ]; do
  tries=$((tries - 1))
  if [ "$tries" -le 0 ]; then
    echo "expected $service to have read its files again after 10 s, got no sign of it" >&2
    exit 1
  fi
  sleep 0.2
done
echo "$service: set $setting to $wanted and reloaded"
