# The .NET test projects, one after another, their counts added up.
dotnet_tests() {
  local report code
  report=$(mktemp)
  dotnet test --solution Penstock.slnx --no-build 2>&1 | tee "$report"
  code=${PIPESTATUS[0]}
  local succeeded bad
  succeeded=$(sed -nE 's/^ +succeeded: ([0-9]+)$/\1/p' "$report" | tail -n 1)
  bad=$(sed -nE 's/^ +failed: ([0-9]+)$/\1/p' "$report" | tail -n 1)
  rm -f "$report"
  echo "${succeeded:-0} passed, ${bad:-1} failed"
  return "$code"
}
