#!/usr/bin/env bash
# bench.sh [NAME…] [--quick] [--runs N], or bench.sh inner (BenchmarkDotNet): builds Release and measures against tools that people know, which it installs if it may. Ends, for each, with
# NAME ratio=… target=…; what was measured in full is written down in benchmarks/results. --help says more.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
if [ "${1:-}" = swarm-sim ]; then # under virtual time: needs no tools, and no quiet machine
  dotnet build benchmarks/Swarm -c Release -v q -nologo -clp:ErrorsOnly >&2
  exec benchmarks/Swarm/bin/Release/net10.0/Sharing.Swarm "$@"
fi
declare -A tool=([b3sum]=b3sum [curl]=curl [nginx]=nginx-light [wrk]=wrk [aria2c]=aria2 [ip]=iproute2 [nft]=nftables [transmission-cli]=transmission-cli [g++]=g++ [aapt]=aapt [apksigner]=apksigner [zip]=zip
  [psql]=postgresql [vips]=libvips-tools [nats-server]=nats-server)
missing=()
for command in "${!tool[@]}"; do command -v "$command" >/dev/null || missing+=("${tool[$command]}"); done
/usr/bin/python3 -c "import libtorrent" 2>/dev/null || missing+=(python3-libtorrent)
/usr/bin/python3 -c "import swift.common" 2>/dev/null || missing+=(python3-swift)
/usr/bin/python3 -c "import mastodon" 2>/dev/null || missing+=(python3-mastodon)
[ -e /usr/lib/nginx/modules/ngx_nchan_module.so ] || missing+=(libnginx-mod-nchan)
if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing ${missing[*]}" >&2
  { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1 || echo "They could not be installed." >&2
fi
dotnet build benchmarks/Sharing.Benchmarks -c Release -v q -nologo -clp:ErrorsOnly >&2
exec benchmarks/Sharing.Benchmarks/bin/Release/net10.0/Sharing.Benchmarks "$@"
