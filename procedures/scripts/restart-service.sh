#!/bin/sh
# Restarts one unit of one host and waits until it answers, however it answers:
#   restart-service.sh HOST UNIT PORT SECONDS [--dry-run]
# Whether what it answers is good is for the check after the step to say.
set -eu

if [ "$#" -lt 4 ] || [ "$#" -gt 5 ] || { [ "$#" -eq 5 ] && [ "$5" != --dry-run ]; }; then
  echo "usage: restart-service.sh HOST UNIT PORT SECONDS [--dry-run]" >&2
  exit 2
fi
host=$1 unit=$2 url=http://$1:$3/ready left=$4 mode=${5:-}

if [ "$mode" = --dry-run ]; then
  ssh -o BatchMode=yes "$host" 'sudo -n true'
  echo "$host lets us in"
  echo "would restart $unit there and wait for $url"
  exit 0
fi
printf '%s\n' "$unit" | ssh -o BatchMode=yes "$host" 'read -r unit && sudo systemctl restart "$unit"'
echo "restarted $unit on $host"
until curl --silent --output /dev/null --max-time 5 "$url"; do
  if [ "$left" -le 0 ]; then
    echo "expected an answer of $url after $4 s, got none" >&2
    exit 1
  fi
  left=$((left - 1))
  sleep 1
done
echo "$url answers"
