#!/usr/bin/env bash
# check.sh [MSBUILD ARGUMENT…]: packs the packages, and builds and runs the README's first example against nothing but them, outside the tree.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
dotnet=${DOTNET:-dotnet}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
start=$SECONDS
$dotnet build "$root/tests/Consumer/Packages.proj" -t:Pack -v q -nologo -p:PackageOutputPath="$work/packages" "$@"
echo "packed in $((SECONDS - start)) s"
cp -r "$root/tests/Consumer/FirstExample" "$work/app"
rm -rf "$work/app/bin" "$work/app/obj"

# Ours come from what was just packed, into a cache that ends with this run; what others publish may come from the cache of before.
cache=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: //')
export NUGET_PACKAGES="$work/cache"
mkdir -p "$NUGET_PACKAGES"
if compgen -G "$cache/sharing.*" >/dev/null; then fallback=(); else fallback=("-p:RestoreFallbackFolders=$cache"); fi
sources=$(dotnet nuget list source --format short | awk '/^E /{printf "--source %s ", $2}')
$dotnet restore "$work/app" -v q --source "$work/packages" $sources "${fallback[@]}"
$dotnet build "$work/app" -c Release --no-restore -v q -nologo
cd "$work/app"
"$work/app/bin/Release/net10.0/FirstExample" | tee "$work/out"
grep -q "guestbook: Sent" "$work/out"
grep -q "library: Stored" "$work/out"
grep -q "entries in the guestbook: 1" "$work/out"
echo "done in $((SECONDS - start)) s"
