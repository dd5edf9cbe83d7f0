#!/usr/bin/env bash
# Rewrites docs/promises.md from the tests that are built.
set -euo pipefail
cd "$(dirname "$0")/.."
SHARING_APPROVE=1 tests/Sharing.Tests/bin/Release/net10.0/Sharing.Tests -noLogo -class Sharing.Tests.Laws.Promises
git --no-pager diff --stat -- docs/promises.md
