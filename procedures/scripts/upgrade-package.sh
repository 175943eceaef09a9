#!/bin/sh
# Brings one package of one host from one version to another, and none that is held back:
#   upgrade-package.sh HOST PACKAGE FROM TO HELD [--dry-run]
# HELD are packages with commas between them. apt-get is asked first what it would do (`--simulate`); where that touches a
# package of HELD, or removes any, nothing is done. What else would come along is printed, and so compared with the dry run
# that was looked at. Back to an older version is the same the other way round.
set -eu

if [ "$#" -lt 5 ] || [ "$#" -gt 6 ] || { [ "$#" -eq 6 ] && [ "$6" != --dry-run ]; }; then
  echo "usage: upgrade-package.sh HOST PACKAGE FROM TO HELD [--dry-run]" >&2
  exit 2
fi
host=$1 package=$2 from=$3 to=$4 held=$5 mode=${6:-}

installed=$(printf '%s\n' "$package" | ssh -o BatchMode=yes "$host" 'read -r package && dpkg-query --show "$package"' | cut -f 2)
echo "$host has $package $installed"
offered=$(printf '%s\n' "$package" | ssh -o BatchMode=yes "$host" 'read -r package && apt-cache madison "$package"' |
  tr -d ' ' | cut -d '|' -f 2)
if ! printf '%s\n' "$offered" | grep -qFx -e "$to"; then
  echo "expected $package $to in a repository of $host, got none" >&2
  exit 1
fi
# The dry run of a rollback finds the version of now, not the one that it will find.
if [ "$installed" != "$from" ]; then
  if [ "$mode" = --dry-run ]; then
    echo "would stop unless $host had $package $from"
    echo "would bring it to $to"
    exit 0
  fi
  echo "expected $package $from on $host, got $installed" >&2
  exit 1
fi

simulated=$(printf '%s\n' "$package" "$to" | ssh -o BatchMode=yes "$host" '
  read -r package && read -r to &&
  apt-get --simulate --no-remove --allow-downgrades install "$package=$to"
')
touched=$(printf '%s\n' "$simulated" | grep '^Inst ' | cut -d ' ' -f 2)
printf '%s\n' "$simulated" | grep '^Inst '
kept=$(printf '%s\n' "$touched" | grep -Fx -e "$(printf '%s' "$held" | tr ',' '\n')" || true)
if [ -n "$kept" ]; then
  echo "expected these to be held back, but they would change too:" "$kept" >&2
  exit 1
fi
if [ "$mode" = --dry-run ]; then
  echo "would do this"
  exit 0
fi
printf '%s\n' "$package" "$to" | ssh -o BatchMode=yes "$host" '
  read -r package && read -r to &&
  sudo env DEBIAN_FRONTEND=noninteractive apt-get --quiet --assume-yes --no-remove --allow-downgrades \
    -o DPkg::Options::=--force-confold install "$package=$to" </dev/null
'
echo "$host has $package $to"
