#!/usr/bin/env bash
# Builds and tests everything, installs what the tests need, and prints the seconds of each stage.
#   ./test.sh          all of it
#   ./test.sh --fast   the inner loop: build and the .NET tests
# Ends with one line: "N passed, N failed". Exit code 0 only when nothing failed.
set -uo pipefail
cd "$(dirname "$0")"

fast=false
case "${1:-}" in
  "") ;;
  --fast) fast=true ;;
  *) echo "usage: ./test.sh [--fast]" >&2; exit 2 ;;
esac

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 CI=true
passed=0
failed=0
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT

# stage NAME COMMAND…   A command that prints "N passed, N failed" as its last line brings its own counts; any other
# counts as one.
stage() {
  local name=$1 started=$SECONDS counts
  shift
  echo "== $name"
  "$@" 2>&1 | tee "$log/out"
  local code=${PIPESTATUS[0]}
  counts=$(tail -n 1 "$log/out" | sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p')
  if [ -n "$counts" ]; then
    passed=$((passed + ${counts% *}))
    failed=$((failed + ${counts#* }))
    [ "$code" -eq 0 ] || [ "${counts#* }" -gt 0 ] || failed=$((failed + 1))
  elif [ "$code" -eq 0 ]; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
  fi
  echo "-- $name: $((SECONDS - started)) s, exit code $code"
  return "$code"
}

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
  exit
}

for part in tests/stages/*.sh; do . "$part"; done

stage "build" dotnet build Penstock.slnx --nologo -v quiet || finish
stage "dotnet tests" dotnet_tests
$fast && finish
stage "edge" edge_publish
stage "clients" client_tests
stage "format" dotnet format Penstock.slnx --verify-no-changes --no-restore
finish
