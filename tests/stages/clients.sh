# Real SDKs from npm against the real executable and the provider simulator.
client_tests() {
  local report code
  if ! command -v node > /dev/null; then
    if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
      apt-get update -qq && apt-get install -y -qq nodejs npm > /dev/null || return 1
    else
      echo "Node.js 20 or later is needed for the client tests."
      return 1
    fi
  fi

  (cd tests/Clients && npm ci --silent --no-progress) || return 1
  report=$(mktemp)
  (cd tests/Clients && node --test --test-concurrency=2 --test-reporter=spec) 2>&1 | tee "$report"
  code=${PIPESTATUS[0]}
  local succeeded bad
  succeeded=$(sed -nE 's/^.*[^a-z]pass ([0-9]+)$/\1/p' "$report" | tail -n 1)
  bad=$(sed -nE 's/^.*[^a-z]fail ([0-9]+)$/\1/p' "$report" | tail -n 1)
  rm -f "$report"
  echo "${succeeded:-0} passed, ${bad:-1} failed"
  return "$code"
}
