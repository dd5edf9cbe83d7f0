#!/usr/bin/env bash
# Builds everything and runs every test. Ends with "N passed, N failed"; nothing that is missing is skipped silently.
set -uo pipefail
cd "$(dirname "$0")"
# CI=true: built here as a build server builds it.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 CI=true
passed=0 failed=0 log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT

# What the tests need besides the .NET SDK: installed if we may, else said.
declare -A tool=([chromium]=chromium [b3sum]=b3sum [strace]=strace [curl]=curl [node]=nodejs [npm]=npm [mkfs.xfs]=xfsprogs [nginx]=nginx-light
  [ip]=iproute2 [nft]=nftables [bwrap]=bubblewrap [python3]=python3 [aria2c]=aria2 [transmission-cli]=transmission-cli
  [vipsthumbnail]=libvips-tools [unzip]=unzip [dovecot]=dovecot-imapd [aapt]=aapt [apksigner]=apksigner [jarsigner]=default-jdk-headless [fdroid]=fdroidserver [zip]=zip [openssl]=openssl [psql]=postgresql [g++]=g++ [make]=make)
missing=()
for command in "${!tool[@]}"; do command -v "$command" >/dev/null || missing+=("${tool[$command]}"); done
# Python's modules are no commands: the system's own Python must be able to import them.
declare -A module=([libtorrent]=python3-libtorrent [aiosmtpd]=python3-aiosmtpd [phonenumbers]=python3-phonenumbers [swift.common]=python3-swift [mastodon]=python3-mastodon [feedparser]=python3-feedparser)
for name in "${!module[@]}"; do /usr/bin/python3 -c "import $name" 2>/dev/null || missing+=("${module[$name]}"); done
# Nor is Android's framework, which test packages are compiled against.
framework=/usr/share/android-framework-res/framework-res.apk
[ -e "$framework" ] || missing+=(android-framework-res)
if [ ${#missing[@]} -gt 0 ]; then
  echo "Installing ${missing[*]}"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log/apt" 2>&1 || { tail -5 "$log/apt"; }
  fi
  for command in "${!tool[@]}"; do
    command -v "$command" >/dev/null || { echo "MISSING: $command (Debian package ${tool[$command]}); its tests will fail"; failed=$((failed + 1)); }
  done
  for name in "${!module[@]}"; do
    /usr/bin/python3 -c "import $name" 2>/dev/null || { echo "MISSING: Python's $name (Debian package ${module[$name]}); its tests will fail"; failed=$((failed + 1)); }
  done
  [ -e "$framework" ] || { echo "MISSING: $framework (Debian package android-framework-res); its tests will fail"; failed=$((failed + 1)); }
fi

# check NAME COMMAND…: one thing that must succeed.
check() {
  local name=$1; shift
  local start=$SECONDS
  if "$@" >"$log/out" 2>&1; then
    passed=$((passed + 1)); echo "ok      $name ($((SECONDS - start)) s)"
  else
    failed=$((failed + 1)); echo "FAILED  $name"; tail -60 "$log/out"
  fi
}

# suite PROJECT: a test project. A test may be skipped only where the processor lacks what it tests, and that is said; any other skip counts as failed.
suite() {
  local name
  name=$(basename "$1")
  local start=$SECONDS
  timeout -k 10 1500 "$1/bin/Release/net10.0/$name" -noColor -noLogo -trait- "Category=Full" >"$log/out" 2>&1
  local code=$?
  local line
  line=$(grep -E "Total: [0-9]+" "$log/out" | tail -1)
  local total errors bad skipped
  total=$(sed -nE 's/.*Total: ([0-9]+).*/\1/p' <<<"$line"); errors=$(sed -nE 's/.*Errors: ([0-9]+).*/\1/p' <<<"$line")
  bad=$(sed -nE 's/.*Failed: ([0-9]+).*/\1/p' <<<"$line"); skipped=$(sed -nE 's/.*Skipped: ([0-9]+).*/\1/p' <<<"$line")
  if [ -z "$total" ] || [ "$total" = 0 ]; then
    failed=$((failed + 1)); echo "FAILED  $name ran no test (exit code $code)"; tail -40 "$log/out"; return
  fi
  local lacking
  lacking=$(grep -cE "This machine cannot run" "$log/out")
  [ "$skipped" != 0 ] && grep -A1 "\[SKIP\]" "$log/out"
  total=$((total - lacking))
  local lost=$((errors + bad + skipped - lacking))
  [ $lost = 0 ] && [ $code != 0 ] && lost=1
  passed=$((passed + total - lost)); failed=$((failed + lost))
  echo "$([ $lost = 0 ] && echo "ok     " || echo FAILED) $name: $total tests, $lost failed ($((SECONDS - start)) s)"
  if [ $lost != 0 ]; then grep -vE "^\s+at |Starting|Discover" "$log/out" | tail -120; fi
}

check "build" dotnet build Sharing.sln -c Release -v q
if [ "$failed" = 0 ]; then
  check "packages to test with" bash tests/data/apks/fetch.sh "${TMPDIR:-/tmp}/sharing-test-apks"
  check "pictures to test with" bash tests/data/photos/make.sh "${TMPDIR:-/tmp}/sharing-test-photos"
  check "servers of real networks" bash tests/data/networks/install.sh "${TMPDIR:-/tmp}/sharing-test-networks"
  for project in tests/*.Tests; do suite "$project"; done
  for script in tests/*/check.sh; do check "$(basename "$(dirname "$script")")" bash "$script"; done
  check "tour" timeout 300 dotnet run --no-build -c Release --project samples/Tour -- --json --strict
  check "deployment" timeout 600 dotnet run --no-build -c Release --project samples/Deployment -- --json --strict
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
