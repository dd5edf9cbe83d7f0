#!/usr/bin/env bash
# bench.sh [NAME…] [--runs N]: builds Release and measures against tools that people know (b3sum, curl); --help says more.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build benchmarks/Sharing.Benchmarks -c Release -v q -nologo -clp:ErrorsOnly >&2
exec benchmarks/Sharing.Benchmarks/bin/Release/net10.0/Sharing.Benchmarks "$@"
