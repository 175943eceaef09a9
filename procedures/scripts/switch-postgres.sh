#!/bin/sh
# Moves the primary of two PostgreSQL servers with streaming replication, one step at a time:
#   switch-postgres.sh stop    FROM TO UNIT BIN DATA SECONDS [--dry-run]   FROM cleanly, once TO has everything of it
#   switch-postgres.sh promote FROM TO UNIT BIN DATA SECONDS [--dry-run]   TO, if FROM is down and TO has everything
#   switch-postgres.sh follow  FROM TO UNIT BIN DATA SECONDS [--dry-run]   FROM starts as a replica of TO
#   switch-postgres.sh start   FROM TO UNIT BIN DATA SECONDS [--dry-run]   FROM starts as the primary that it was
#   switch-postgres.sh back    FROM TO UNIT BIN DATA SECONDS [--dry-run]   FROM is the primary again, TO its replica
# FROM was the primary before the change, TO is the candidate, in all of them. Each is a host, and a section of the
# bastion's pg_service.conf. BIN has PostgreSQL's programs and DATA its files there, both below the root, without the
# first slash. SECONDS is how long to wait for each other.
# Nothing is thrown away that a client wrote: what would lose it stops, for a person to decide.
set -eu

usage() {
  echo "usage: switch-postgres.sh stop|promote|follow|start|back FROM TO UNIT BIN DATA SECONDS [--dry-run]" >&2
  exit 2
}
word=${1:-}
case $word in stop | promote | follow | start | back) ;; *) usage ;; esac
case $#:${8:-} in 7: | 8:--dry-run) ;; *) usage ;; esac
from=$2 to=$3 unit=$4 bin=/$5 data=/$6 seconds=$7 dry=${8:-}

stopped() {
  echo "$1" >&2
  exit 1
}
ask() {
  printf '%s\n' "$2" | psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 "service=$1"
}
# primary, replica, or down: nobody answers.
role() {
  case $(ask "$1" 'select pg_is_in_recovery();' 2>/dev/null || echo down) in
  f) echo primary ;;
  t) echo replica ;;
  *) echo down ;;
  esac
}
systemd() {
  printf '%s\n' "$1" "$unit" | ssh -o BatchMode=yes "$2" 'read -r verb && read -r unit && sudo systemctl "$verb" "$unit"'
}
# What the files of a server say of it, whether it runs or not.
control() {
  printf '%s\n' "$bin" "$data" | ssh -o BatchMode=yes "$1" \
    'read -r bin && read -r data && LC_ALL=C sudo -u postgres "$bin/pg_controldata" -D "$data"' |
    sed -n "s/^$2: *//p"
}
mark() {
  printf '%s\n' "$data/standby.signal" | ssh -o BatchMode=yes "$1" 'read -r file && sudo -u postgres touch "$file"'
}
unmark() {
  printf '%s\n' "$data/standby.signal" | ssh -o BatchMode=yes "$1" 'read -r file && sudo -u postgres rm -f "$file"'
}
# Waits until a question of a server is answered with t.
until_true() {
  tries=$((seconds * 5))
  until [ "$(ask "$1" "$2" 2>/dev/null || true)" = t ]; do
    tries=$((tries - 1))
    if [ "$tries" -le 0 ]; then stopped "expected $3 within $seconds s, got nothing of it"; fi
    sleep 0.2
  done
  echo "$3"
}
# A clean stop sends everything to the replica, and what it ends with is the last that the replica must have.
has_everything() {
  state=$(control "$1" 'Database cluster state')
  if [ "$state" != 'shut down' ]; then stopped "expected $1 to be shut down cleanly, got \`$state\`"; fi
  last=$(control "$1" 'Latest checkpoint location')
  until_true "$2" "select pg_last_wal_replay_lsn() > '$last';" "$2 has everything that $1 wrote, up to $last"
}
stop_cleanly() {
  systemd stop "$1"
  echo "stopped $1"
  has_everything "$1" "$2"
}
promote() {
  if [ "$(ask "$1" "select pg_promote(true, $seconds);")" != t ]; then stopped "expected $1 to become the primary, got none"; fi
  echo "promoted $1"
}
STREAMS="select count(*) > 0 from pg_stat_replication where state = 'streaming';"
follow() {
  if [ "$(role "$1")" = primary ]; then stopped "expected $1 to be stopped before it follows $2, got a primary"; fi
  mark "$1"
  systemd start "$1"
  until_true "$2" "$STREAMS" "$1 follows $2"
}

was_from=$(role "$from") was_to=$(role "$to")
echo "$from: $was_from, $to: $was_to"
if [ "$dry" = --dry-run ]; then
  for host in "$from" "$to"; do
    echo "$host: $(control "$host" 'Database cluster state')"
    ssh -o BatchMode=yes "$host" 'sudo -n true'
  done
  echo "would $word"
  exit 0
fi

case $word:$was_from:$was_to in
stop:primary:replica) stop_cleanly "$from" "$to" ;;
promote:down:replica)
  has_everything "$from" "$to"
  promote "$to"
  ;;
follow:down:primary) follow "$from" "$to" ;;
start:primary:replica) echo "nothing to do" ;;
start:down:replica)
  systemd start "$from"
  until_true "$from" 'select not pg_is_in_recovery();' "$from takes writes"
  ;;
# It was never promoted.
back:*:replica) echo "nothing to take back" ;;
back:replica:primary | back:down:primary)
  if [ "$was_from" = replica ] && [ "$(ask "$to" "$STREAMS")" = t ]; then
    stop_cleanly "$to" "$from"
    promote "$from"
    follow "$to" "$from"
    exit 0
  fi
  # FROM does not have what TO wrote since it was promoted. That may go only if it is nothing.
  if [ "$was_from" = replica ]; then systemd stop "$from"; fi
  left=$(control "$from" "Latest checkpoint's NextXID")
  next=$(ask "$to" 'select pg_snapshot_xmax(pg_current_snapshot());')
  if [ "$next" != "$((${left%:*} * 4294967296 + ${left#*:}))" ]; then
    stopped "expected no transaction on $to that $from does not have, got some: $from ends before $left, $to before $next"
  fi
  systemd stop "$to"
  unmark "$from"
  systemd start "$from"
  until_true "$from" 'select not pg_is_in_recovery();' "$from takes writes"
  printf '%s\n' "$bin" "$data" "$from" "$(ask "$from" 'show port;')" | ssh -o BatchMode=yes "$to" '
    read -r bin && read -r data && read -r host && read -r port
    sudo -u postgres "$bin/pg_rewind" -R --target-pgdata "$data" --source-server "host=$host port=$port dbname=postgres"
  '
  follow "$to" "$from"
  ;;
*) stopped "expected servers that can $word, got $from: $was_from, $to: $was_to" ;;
esac
