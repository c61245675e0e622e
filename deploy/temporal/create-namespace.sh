#!/bin/sh
# Waits for the server and makes the namespace, unless it is there. TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE are read by the CLI.
set -eu

attempts_left=60
until temporal operator cluster health; do
  attempts_left=$((attempts_left - 1))
  [ "$attempts_left" -gt 0 ] || exit 1
  sleep 2
done

# 720 hours: a finished run can be looked up in the Temporal UI for as long as its log is kept.
temporal operator namespace describe "$TEMPORAL_NAMESPACE" ||
  temporal operator namespace create --retention 720h "$TEMPORAL_NAMESPACE"
