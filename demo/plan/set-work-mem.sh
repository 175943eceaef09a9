#!/bin/sh
# Sets work_mem of the shop's PostgreSQL: set-work-mem.sh EXPECTED WANTED [--dry-run]
# Stops when the old value is not the expected one, so that two changes of one setting cannot overwrite each other.
set -eu

expected=$1
wanted=$2
mode=${3:-for real}

old=$("$SHOP_SQL" "show work_mem")
statement="alter system set work_mem = '$wanted'"
echo "work_mem is $old"

if [ "$mode" = --dry-run ]; then
  echo "would stop unless it were $expected"
  echo "would run: $statement"
  echo "would reload the configuration"
  exit 0
fi
if [ "$old" != "$expected" ]; then
  echo "expected the old value $expected, got $old" >&2
  exit 1
fi
"$SHOP_SQL" "$statement"
"$SHOP_SQL" "select pg_reload_conf()" >/dev/null
echo "ran: $statement"
echo "reloaded the configuration"
