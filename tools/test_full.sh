#!/usr/bin/env bash
# The slow proofs: ThreadSanitizer, clang's bits equal to gcc's, and long fuzzing. Called by `make test-full`.
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=${JOBS:-2}
seconds=${FUZZ_SECONDS:-60}
tree() {  # PRESET: built and tested
  cmake --preset "$1" > "build/$1-configure.log"
  cmake --build "build/$1" -j"$jobs"
  python3 tools/run_tests.py "build/$1" --jobs "$jobs"
}
# DuckDB holds more locks at once than the 64 that TSan's look for deadlocks can count.
TSAN_OPTIONS="suppressions=$PWD/tools/tsan.supp ignore_noninstrumented_modules=1 halt_on_error=1 detect_deadlocks=0" tree tsan
# The other compiler, optimised: the golden log holds it to the same state, bit for bit, and it is quick enough for
# a hundred thousand random histories, and a million of the clocks'.
RAPPORT_FULL=1 RAPPORT_SIM_HISTORIES=${RAPPORT_SIM_HISTORIES:-100000} tree clang
cmake --preset fuzz > build/fuzz-configure.log
cmake --build build/fuzz -j"$jobs"
for target in build/fuzz/tests/fuzz/*_fuzz; do
  name=$(basename "$target")
  corpus="tests/fuzz/corpus/${name%_fuzz}"
  mkdir -p "build/fuzz/found/$(basename "$target")"
  echo "fuzzing $(basename "$target") for $seconds s"
  "$target" -max_total_time="$seconds" -print_final_stats=1 "build/fuzz/found/$(basename "$target")" "$corpus" 2>&1 | tail -3
done
