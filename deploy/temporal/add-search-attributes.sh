#!/bin/sh
# Adds what runs are found by in the Temporal UI, unless it is there. Needs the namespace.
set -eu

add() {
  attempts_left=30
  # A new namespace is unknown to the frontend for some seconds.
  until temporal operator search-attribute list >/tmp/attributes; do
    attempts_left=$((attempts_left - 1))
    [ "$attempts_left" -gt 0 ] || exit 1
    sleep 2
  done
  grep -qw "$1" /tmp/attributes || temporal operator search-attribute create --name "$1" --type "$2"
}

add RollbookDistrict Keyword
add RollbookDataType Keyword
add RollbookRunId Keyword
add RollbookState Keyword
add RollbookHeldLimits Int
