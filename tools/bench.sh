#!/usr/bin/env bash
# Every figure of this build: the product's own drivers, then the rooms' Google Benchmark programs.
set -euo pipefail
cd "$(dirname "$0")/.."
build/release/rapport bench all --json
for program in build/bench/src/*/*_bench; do
  [ -x "$program" ] || continue
  echo "== $(basename "$program")"
  "$program" --benchmark_min_time=0.5
done
# The console in a browser; says what it skips where there is none.
if command -v node > /dev/null; then
  RAPPORT_BUILD=build/release node tests/browser/bench.mjs
else
  echo "skipped: the console in the browser (no node)"
fi
