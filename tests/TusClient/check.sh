#!/usr/bin/env bash
# Uploads with tus-js-client, unchanged, to a server on a folder, and looks at the bytes that it keeps. The tests must be built (Release).
set -euo pipefail
[ "${1:-}" = limited ] || exec timeout --kill-after=5 "${SHARING_CHECK_SECONDS:-60}" "$0" limited
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
child="$root/tests/Sharing.Tests.Child/bin/Release/net10.0/Sharing.Tests.Child.dll"
work=$(mktemp -d)
running=
finish() {
  local code=$?
  if [ -n "$running" ]; then kill "$running" 2>/dev/null || true; wait "$running" 2>/dev/null || true; fi
  if [ "$code" != 0 ] && [ -s "$work/server" ]; then tail -30 "$work/server"; fi
  rm -rf "$work"
  exit "$code"
}
trap finish EXIT
[ -f "$child" ] || { echo "$child is not built"; exit 1; }
npm ci --no-audit --no-fund --loglevel=error

dotnet "$child" uploads "$work/data" 0 >"$work/server" 2>&1 &
running=$!
until [ -s "$work/server" ]; do
  kill -0 "$running" 2>/dev/null || { echo "The server did not start"; exit 1; }
  sleep 0.1
done
SERVER=$(head -1 "$work/server")
export SERVER
head -c 20000000 /dev/urandom >"$work/large"
head -c 1234567 /dev/urandom >"$work/small"
node client.mjs "$work/large" "$work/small" >"$work/results"

# What the server keeps is what was sent, under its BLAKE3 hash.
for file in large small small; do b3sum --no-names "$work/$file"; done >"$work/expected"
diff "$work/expected" "$work/results"
for file in large small; do
  id=$(b3sum --no-names "$work/$file")
  cmp "$work/$file" "$work/data/content/content/${id:0:2}/$id"
done
echo "tus-js-client: every byte is right"
