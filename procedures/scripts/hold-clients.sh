#!/bin/sh
# Lets the clients of one database wait at PgBouncer, points it to another server, and lets them go on:
#   hold-clients.sh hold    CONSOLE DATABASE [--dry-run]
#   hold-clients.sh point   CONSOLE DATABASE POOLER FILE FROM TO PORT [--dry-run]
#   hold-clients.sh release CONSOLE DATABASE [--dry-run]
# CONSOLE is a section of the bastion's pg_service.conf that leads to PgBouncer's own console. FILE holds the one line of
# DATABASE on the host POOLER, and is included by PgBouncer's configuration; it is a path below the root, without its first slash.
# Each does nothing where it is done already. point refuses while clients are served, and where FILE names neither server.
set -eu

usage() {
  echo "usage: hold-clients.sh hold|release CONSOLE DATABASE | point CONSOLE DATABASE POOLER FILE FROM TO PORT [--dry-run]" >&2
  exit 2
}
word=${1:-} dry=false
case $word:$# in
hold:3 | release:3 | point:8) ;;
hold:4 | release:4) dry=true last=$4 ;;
point:9) dry=true last=$9 ;;
*) usage ;;
esac
if [ "$dry" = true ] && [ "$last" != --dry-run ]; then usage; fi
console=$2 database=$3

tell() {
  printf '%s\n' "$1" | psql --no-psqlrc --quiet --no-align --set ON_ERROR_STOP=1 "service=$console"
}
# Its columns are not the same in every version: looked up by their names.
paused() {
  tell 'show databases;' | awk -F '|' -v database="$database" '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    $column["name"] == database { print $column["paused"] }
  '
}

now=$(paused)
case $now in
0 | 1) echo "$database is held: $now" ;;
*)
  echo "expected PgBouncer to know $database, got \`$now\`" >&2
  exit 1
  ;;
esac

case $word in
hold | release)
  case $word in
  hold) wanted=1 order="pause $database;" ;;
  *) wanted=0 order="resume $database;" ;;
  esac
  if [ "$dry" = true ]; then
    echo "would tell PgBouncer: $order"
  elif [ "$now" = "$wanted" ]; then
    echo "nothing to do"
  else
    tell "$order"
    echo "told PgBouncer: $order"
  fi
  exit 0
  ;;
esac

pooler=$4 file=/$5 from=$6 to=$7 port=$8
there=$(printf '%s\n' "$file" | ssh -o BatchMode=yes "$pooler" 'read -r file && sudo cat "$file"')
echo "$pooler has: $there"
line="$database = host=$to port=$port dbname=$database"
if [ "$there" != "$line" ] && [ "$there" != "$database = host=$from port=$port dbname=$database" ]; then
  echo "expected it to lead to $from or to $to, got neither" >&2
  exit 1
fi
if [ "$dry" = true ]; then
  echo "would write: $line"
  exit 0
fi
if [ "$now" != 1 ]; then
  echo "expected the clients to be held while they are pointed elsewhere, got \`$now\`" >&2
  exit 1
fi
printf '%s\n' "$file" "$line" | ssh -o BatchMode=yes "$pooler" '
  set -eu
  read -r file
  read -r line
  printf "%s\n" "$line" | sudo tee "$file.next" >/dev/null
  sudo mv "$file.next" "$file"
'
tell 'reload;'
echo "wrote: $line"
