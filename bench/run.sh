#!/usr/bin/env bash
# Measures Penstock beside a bare forwarder, nginx and the reference gateway, all in one run. See bench/README.md.
#   bench/run.sh                 every case, a good ten minutes
#   bench/run.sh --quick         about a minute and a half
#   bench/run.sh --only chat,burst --gateways forwarder,penstock
# nginx is installed with apt when it is missing and we are root; the reference gateway with npm. What cannot be
# installed is left out.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

gateways=""
arguments=()
while [ $# -gt 0 ]; do
  case "$1" in
    --gateways) gateways=$2; shift 2 ;;
    *) arguments+=("$1"); shift ;;
  esac
done

wants() { [ -z "$gateways" ] || [[ ",$gateways," == *",$1,"* ]]; }

missing=()
if wants nginx && ! command -v nginx > /dev/null; then
  [ "$(id -u)" -eq 0 ] && { apt-get update && apt-get install -y --no-install-recommends nginx-light; } > /dev/null 2>&1 || missing+=(nginx)
fi
if wants reference && [ ! -d bench/reference/node_modules/@portkey-ai/gateway ]; then
  npm install --prefix bench/reference --no-package-lock --no-audit --no-fund --ignore-scripts > /dev/null || missing+=(reference)
fi

for project in src/Penstock bench/Penstock.Bench; do dotnet build "$project" -c Release --nologo -v quiet >&2; done

if [ ${#missing[@]} -gt 0 ]; then
  echo "Left out, since it cannot be installed: ${missing[*]}" >&2
  arguments+=(--without "$(IFS=,; echo "${missing[*]}")")
fi
[ -z "$gateways" ] || arguments+=(--gateways "$gateways")

# The driver: one thread that does all its socket work, no spinning, a small heap. Its children get none of these.
export DOTNET_gcServer=0 DOTNET_ThreadPool_UnfairSemaphoreSpinLimit=0
export DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1 DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT=1
ulimit -n "$(ulimit -Hn)"
exec artifacts/bin/Penstock.Bench/release/Penstock.Bench run --repository "$root" "${arguments[@]}"
