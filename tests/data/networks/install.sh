#!/usr/bin/env bash
# Installs the servers of real networks that tests run: install.sh FOLDER. Does nothing where they are there already, in these versions.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
mkdir -p "$folder"
if ! cmp -s "$here/package-lock.json" "$folder/installed.json"; then
  cp "$here/package.json" "$here/package-lock.json" "$folder/"
  # One of them is built here, against the headers of the Node that is here.
  [ ! -e /usr/include/node/node.h ] || export npm_config_nodedir=/usr
  npm ci --prefix "$folder" --no-audit --no-fund --loglevel=error
  cp "$here/package-lock.json" "$folder/installed.json"
fi
cp "$here"/*.cjs "$here"/*.mjs "$folder/" 2>/dev/null || cp "$here"/*.cjs "$folder/"
