#!/bin/sh
# Takes one host out of service and waits until it has nothing in hand any more, or lets it serve again:
#   drain-service.sh drain|undrain HOST PORT SECONDS [--dry-run]
# The program has to offer `POST /-/drain`, `POST /-/undrain` and, as one number, `GET /-/in-flight`. A host that still has
# something in hand after SECONDS is let serve again, and this fails.
set -eu

if [ "$#" -lt 4 ] || [ "$#" -gt 5 ] || { [ "$#" -eq 5 ] && [ "$5" != --dry-run ]; }; then
  echo "usage: drain-service.sh drain|undrain HOST PORT SECONDS [--dry-run]" >&2
  exit 2
fi
word=$1 base=http://$2:$3 seconds=$4 mode=${5:-}
case $word in
drain | undrain) ;;
*)
  echo "expected drain or undrain, got \`$word\`" >&2
  exit 2
  ;;
esac

say() { curl --fail --silent --show-error --max-time 5 --request POST "$base/-/$1"; }
in_flight() { curl --fail --silent --show-error --max-time 5 "$base/-/in-flight"; }

if [ "$mode" = --dry-run ]; then
  in_flight >/dev/null
  echo "$base tells what it has in hand"
  echo "would tell it to $word"
  exit 0
fi
say "$word"
echo "told $base to $word"
[ "$word" = drain ] || exit 0

left=$seconds
while now=$(in_flight) && [ "$now" != 0 ]; do
  if [ "$left" -le 0 ]; then
    say undrain
    echo "expected nothing in hand after $seconds s, got $now; it serves again" >&2
    exit 1
  fi
  echo "$base has $now in hand"
  left=$((left - 1))
  sleep 1
done
[ "$now" = 0 ]
echo "$base has nothing in hand"
