#!/bin/sh
# Replaces the one address of one name at its primary name server, with nsupdate:
#   set-dns-record.sh SERVER PORT ZONE NAME OLD-TTL OLD-ADDRESS TTL ADDRESS [--dry-run]
# NSUPDATE_KEY_FILE names the file with the key of the zone. The update itself carries the condition: the server refuses
# it when the old address is not what it has.
set -eu

if [ "$#" -lt 8 ] || [ "$#" -gt 9 ] || { [ "$#" -eq 9 ] && [ "$9" != --dry-run ]; }; then
  echo "usage: set-dns-record.sh SERVER PORT ZONE NAME OLD-TTL OLD-ADDRESS TTL ADDRESS [--dry-run]" >&2
  exit 2
fi
server=$1 port=$2 zone=$3 name=$4 old_ttl=$5 old=$6 ttl=$7 address=$8 mode=${9:-}

has=$(dig +norecurse +noall +answer -p "$port" "@$server" "$name" A | awk '{ print $2, $5 }')
echo "$server has: $has"
# The dry run of a later step finds the record of now, not the one that it will find.
if [ "$mode" = --dry-run ]; then
  echo "would stop unless it had: $old_ttl $old"
elif [ "$has" != "$old_ttl $old" ]; then
  echo "expected \`$old_ttl $old\` as the only address of $name, got \`$has\`" >&2
  exit 1
fi

update="server $server $port
zone $zone
prereq yxrrset $name A $old
update delete $name A
update add $name $ttl A $address
send"
printf '%s\n' "$update"
if [ "$mode" = --dry-run ]; then
  echo "would send this"
  exit 0
fi
printf '%s\n' "$update" | nsupdate -k "$NSUPDATE_KEY_FILE"
echo "sent"
