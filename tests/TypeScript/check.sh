#!/usr/bin/env bash
# Makes a TypeScript client from the API document of the running server sample, and uses it. The server must be built (Release).
set -euo pipefail
[ "${1:-}" = limited ] || exec timeout --kill-after=5 "${SHARING_CHECK_SECONDS:-60}" "$0" limited
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
server="$root/samples/Server/bin/Release/net10.0/Server.dll"
work=$(mktemp -d)
started=()
finish() {
  local code=$?
  for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; wait "$process" 2>/dev/null || true; done
  if [ "$code" != 0 ] && [ -s "$work/server" ]; then tail -30 "$work/server"; fi
  rm -rf "$work" generated out
  exit "$code"
}
trap finish EXIT
[ -f "$server" ] || { echo "$server is not built"; exit 1; }
npm ci --no-audit --no-fund --loglevel=error

mkfifo "$work/alive"
node origin.mjs <"$work/alive" >"$work/origin" & started+=($!)
exec 9>"$work/alive" # the origin ends with this script, whatever becomes of it
until [ -s "$work/origin" ]; do sleep 0.05; done
origin="127.0.0.1:$(cat "$work/origin")"
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
export SERVER="http://127.0.0.1:$port" ORIGIN="http://$origin" ANNA BEN CARL
hash() { printf %s "$1" | sha256sum | cut -d' ' -f1; }
secret() { node -e 'console.log(require("crypto").randomBytes(32).toString("base64url"))'; }
ANNA=$(secret) BEN=$(secret) CARL=$(secret)
dotnet "$server" --urls="$SERVER" --Sharing:Data="$work/data" --Sharing:PublicAddress="$SERVER/" --Sharing:ConfiguredHosts:0="$origin" \
  --Sharing:Roles:0=social --Sharing:Roles:1=download --Sharing:Roles:2=radar --Sharing:Roles:3=apps \
  --Sharing:People:0:Id=anna --Sharing:People:0:Name=Anna --Sharing:People:0:TokenSha256="$(hash "$ANNA")" \
  --Sharing:People:1:Id=ben --Sharing:People:1:Name=Ben --Sharing:People:1:TokenSha256="$(hash "$BEN")" \
  --Sharing:People:2:Id=carl --Sharing:People:2:Name=Carl --Sharing:People:2:TokenSha256="$(hash "$CARL")" >"$work/server" 2>&1 &
running=$!
started+=("$running")
until curl -sf "$SERVER/health/ready" >/dev/null; do
  kill -0 "$running" 2>/dev/null || { echo "The server did not start"; exit 1; }
  sleep 0.1
done

# The types of the running server are those of the committed document.
mkdir -p generated
npx --no-install openapi-typescript "$SERVER/openapi/v1.json" -o generated/api.ts
npx --no-install openapi-typescript "$root/docs/api/openapi.json" -o "$work/committed.ts"
diff "$work/committed.ts" generated/api.ts

npx --no-install tsc
node out/client.js
