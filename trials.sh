#!/usr/bin/env bash
# trials.sh NAME [--count N] [--seed S] [--out FILE]: builds Release once and runs a trial. Goes on where an earlier run with the same seed stopped:
# results are kept, a line each, in trials/results/NAME.jsonl. Ends with 1 if a trial failed.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
${DOTNET:-dotnet} build tests/Sharing.Trials -c Release -v q -nologo -clp:ErrorsOnly >&2
exec tests/Sharing.Trials/bin/Release/net10.0/Sharing.Trials "$@"
