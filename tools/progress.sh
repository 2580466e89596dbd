#!/bin/sh
# progress.sh LABEL COMMAND...: runs a command, with a dot for each second it takes, and its output only if it fails.
printf '%s ' "$1"
shift
log=$(mktemp)
(while sleep 1 >/dev/null 2>&1; do printf .; done) &
dots=$!
trap 'kill $dots 2>/dev/null; rm -f "$log"' EXIT
trap 'exit 130' INT TERM
if "$@" >"$log" 2>&1; then
  echo " done"
else
  status=$?
  echo " failed"
  cat "$log" >&2
  exit $status
fi
