#!/bin/sh
# progress.sh LABEL COMMAND...: runs a command, with a dot for each second it takes, and its output only if it fails.
# With TOGETHER set, for several at once: a line when it begins and one when it is done.
label=$1
shift
log=$(mktemp)
if [ -n "$TOGETHER" ]; then
  echo "$label"
  dots=
else
  printf '%s ' "$label"
  label=
  (while sleep 1 >/dev/null 2>&1; do printf .; done) &
  dots=$!
fi
trap '[ -z "$dots" ] || kill $dots 2>/dev/null; rm -f "$log"' EXIT
trap 'exit 130' INT TERM
if "$@" >"$log" 2>&1; then
  echo "$label done"
else
  status=$?
  echo "$label failed"
  cat "$log" >&2
  exit $status
fi
