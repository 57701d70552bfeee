# Publishes the small server trimmed into one file, with no trim or AOT warning, and sees that it serves.
# Without ReadyToRun code: it changes the start-up time and not what is tested here.
edge_publish() {
  local out rid base pid code=0
  out=$(mktemp -d)
  case "$(uname -m)" in aarch64 | arm64) rid=linux-arm64 ;; *) rid=linux-x64 ;; esac
  dotnet publish src/Penstock.Edge --nologo -v quiet -c Release -r "$rid" -p:PublishReadyToRun=false -o "$out/app" > "$out/log" 2>&1 || code=1
  if [ "$code" -ne 0 ] || grep -E 'IL[23][0-9]{3}' "$out/log"; then
    cat "$out/log"
    rm -rf "$out"
    return 1
  fi

  "$out/app/penstock-edge" --version || code=1
  (cd "$out" && exec ./app/penstock-edge --port 0) > "$out/greeting" 2>&1 &
  pid=$!
  for _ in $(seq 50); do
    base=$(sed -nE 's|^ +Base URL +(http://[^ ]+)/v1$|\1|p' "$out/greeting")
    [ -n "$base" ] && break
    kill -0 "$pid" 2> /dev/null || break
    sleep 0.1
  done

  curl --fail --silent --show-error --max-time 10 "$base/healthz" || code=1
  echo
  kill -TERM "$pid"
  wait "$pid" || code=1
  echo "penstock-edge: $(($(stat -c %s "$out/app/penstock-edge") / 1024)) KiB in one file"
  [ "$code" -eq 0 ] || cat "$out/greeting"
  rm -rf "$out"
  return "$code"
}
