#!/bin/sh
# step.sh NAME WITNESS LOCK MILLISECONDS HOW: what a step of a campaign does, told in a file that nothing else writes.
# The lock is held by whatever of the step still lives: who finds it taken has begun beside another.
name=$1 witness=$2 lock=$3 milliseconds=$4 how=$5
if [ "$how" = stubborn ]; then trap '' TERM; fi
now() { echo $(($(date +%s%N) / 1000000)); }
exec 9>>"$lock"
flock -n 9 || echo "overlap $name" >>"$witness"
echo "begin $name" >>"$witness"
end=$(($(now) + milliseconds))
while [ "$(now)" -lt "$end" ]; do sleep 0.1; done
echo "effect $name" >>"$witness"
