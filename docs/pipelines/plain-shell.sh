#!/bin/sh
# INTERLOCK_URL and INTERLOCK_TOKEN (of a service account, scopes ask and act) are in the environment.
set -eu

# Early and cheap: a no ends the pipeline before it builds for an hour. Nothing is reserved by a yes. Exit status 2 is a no.
timeout 60 interlock can --environment illumidesk.com --criticality C3 --severity S4 \
  --deployment production --service shop --minutes 10 --rollback 10

# Around what changes production: asked again, exclusive with all that runs, ended at a veto, an incident, a lost server.
interlock claim --environment illumidesk.com --criticality C3 --severity S4 \
  --deployment production --service shop --minutes 10 --rollback 10 -- ./deploy.sh
