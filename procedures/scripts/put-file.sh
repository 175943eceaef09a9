#!/bin/sh
# Puts one file of the bastion on one host; or puts back what was there and has a unit of systemd load it:
#   put-file.sh put     HOST DESTINATION SHA256 MODE SOURCE [--dry-run]
#   put-file.sh restore HOST DESTINATION SHA256 UNIT [--dry-run]
# DESTINATION is a path below the root of HOST, without its first slash. SHA256 is that of SOURCE as it was reviewed; anything else is not put. What was there is kept as DESTINATION.before.
# restore touches only a DESTINATION that has SHA256: what somebody else wrote since, and what was never put, stays.
set -eu

usage() {
  echo "usage: put-file.sh put HOST DESTINATION SHA256 MODE SOURCE | restore HOST DESTINATION SHA256 UNIT [--dry-run]" >&2
  exit 2
}
word=${1:-} dry=false
case $word:$# in
put:6 | restore:5) ;;
put:7 | restore:6) dry=true ;;
*) usage ;;
esac
host=$2 destination=/$3 sha256=$4
case $word:$dry in
put:true) last=$7 ;;
restore:true) last=$6 ;;
*) last=--dry-run ;;
esac
[ "$last" = --dry-run ] || usage

there=$(printf '%s\n' "$destination" | ssh -o BatchMode=yes "$host" '
  read -r destination
  if sudo test -e "$destination"; then sudo sha256sum "$destination"; else echo none; fi
' | cut -d ' ' -f 1)
echo "$host has $destination: $there"

if [ "$word" = restore ]; then
  if [ "$dry" = true ]; then
    echo "would put back what was there before $sha256, and reload $5"
    exit 0
  fi
  if [ "$there" != "$sha256" ]; then
    echo "it is not what was put there: left as it is"
  else
    printf '%s\n' "$destination" | ssh -o BatchMode=yes "$host" '
      set -eu
      read -r destination
      if sudo test -e "$destination.before"
      then sudo mv "$destination.before" "$destination"
      else sudo rm "$destination"
      fi
    '
    echo "put back what was there"
  fi
  printf '%s\n' "$5" | ssh -o BatchMode=yes "$host" 'read -r unit && sudo systemctl reload "$unit"'
  echo "reloaded $5"
  exit 0
fi

mode=$5 source=$6
got=$(sha256sum "$source" | cut -d ' ' -f 1)
if [ "$got" != "$sha256" ]; then
  echo "expected $source with SHA-256 $sha256 as it was reviewed, got $got" >&2
  exit 1
fi
if [ "$dry" = true ]; then
  echo "would put $source there, with mode $mode"
  exit 0
fi
if [ "$there" = "$sha256" ]; then
  echo "it is there already"
  exit 0
fi
{ printf '%s\n' "$destination" "$sha256" "$mode"; cat "$source"; } | ssh -o BatchMode=yes "$host" '
  set -eu
  read -r destination
  read -r sha256
  read -r mode
  sudo install -m "$mode" /dev/stdin "$destination.next"
  got=$(sudo sha256sum "$destination.next" | cut -d " " -f 1)
  if [ "$got" != "$sha256" ]; then sudo rm "$destination.next"; echo "it did not arrive whole" >&2; exit 1; fi
  if sudo test -e "$destination"; then sudo cp -p "$destination" "$destination.before"; else sudo rm -f "$destination.before"; fi
  sudo mv "$destination.next" "$destination"
'
echo "put $source there"
