#!/usr/bin/env bash
# The slow proofs: ThreadSanitizer, clang's bits equal to gcc's, and long fuzzing. Called by `make test-full`.
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=${JOBS:-2}
seconds=${FUZZ_SECONDS:-60}
for preset in tsan clang; do
  cmake --preset "$preset" > "build/$preset-configure.log"
  cmake --build "build/$preset" -j"$jobs"
  python3 tools/run_tests.py "build/$preset" --jobs "$jobs"
done
cmake --preset fuzz > build/fuzz-configure.log
cmake --build build/fuzz -j"$jobs"
for target in build/fuzz/tests/fuzz/*_fuzz; do
  name=$(basename "$target")
  corpus="tests/fuzz/corpus/${name%_fuzz}"
  mkdir -p "build/fuzz/found/$(basename "$target")"
  echo "fuzzing $(basename "$target") for $seconds s"
  "$target" -max_total_time="$seconds" -print_final_stats=1 "build/fuzz/found/$(basename "$target")" "$corpus" 2>&1 | tail -3
done
