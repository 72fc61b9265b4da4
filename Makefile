# The front door. `make demo` tries it, `make test` proves it; both install what they need and are quick the second time.
SHELL := /bin/bash
JOBS ?= 2
ROOT := $(CURDIR)
RAPPORT_SHARED ?= $(ROOT)/../shared
export RAPPORT_SHARED

.PHONY: help deps web build demo test test-full lint bench bench-peers format clean screenshots
help:
	@echo "make demo       install what is needed, build, open a simulated shop that lives, on 127.0.0.1:8080 (see tools/demo.sh)"
	@echo "make test       build with ASan and UBSan, run every test"
	@echo "make build      build/release/rapport"
	@echo "make test-full  make test, then TSan, clang and long fuzzing"
	@echo "make lint       clang-format, clang-tidy, the layer check"
	@echo "make bench-peers  rules beside pyfim and arules, models beside implicit, studies beside R and lifetimes"
	@echo "make screenshots  the pictures of docs/images"
	@echo "make bench      rapport bench all, and the Google Benchmark drivers"

deps:
	@mkdir -p build
	@tools/install_deps.sh

# The console and the storefront, embedded in the program; skipped where there is no npm.
web: deps
	@tools/build_web.sh

build: web
	@cmake --preset release > build/release-configure.log 2>&1 || (cat build/release-configure.log; exit 1)
	@cmake --build build/release -j$(JOBS) --target rapport
	@ln -sf src/app/rapport build/release/rapport

demo: build
	@tools/demo.sh

test: web
	@tools/install_deps.sh tools/packages-browser.txt
	@cmake --preset asan > build/asan-configure.log 2>&1 || (cat build/asan-configure.log; exit 1)
	@cmake --build build/asan -j$(JOBS)
	@python3 tools/check_layers.py
	@python3 tools/run_tests.py build/asan --jobs $(JOBS)

deps-full: deps
	@tools/install_deps.sh tools/packages-full.txt

lint: deps-full
	@python3 tools/check_layers.py
	@git ls-files '*.cc' '*.h' | xargs clang-format-16 --dry-run --Werror
	@cmake --preset tidy > /dev/null
	@git ls-files 'src/*.cc' | grep -v -E '_(test|bench)\.cc$$' | xargs -P$(JOBS) -n4 clang-tidy-16 -p build/tidy --quiet

format:
	@git ls-files '*.cc' '*.h' | xargs clang-format-16 -i

test-full: test deps-full
	@tools/test_full.sh

bench: build
	@cmake --preset bench > build/bench-configure.log 2>&1 || (cat build/bench-configure.log; exit 1)
	@cmake --build build/bench -j$(JOBS)
	@tools/bench.sh

# Our figures beside other programs on the same files; a program that cannot be had is named and left out.
bench-peers: build
	@tools/install_deps.sh tools/packages-peers.txt || echo "skipped: R (its packages cannot be had)"
	@python3 tools/bench_peers.py build/release/rapport
	@python3 tools/bench_models_peers.py build/release/rapport
	@for set in movielens beauty; do \
	   python3 tools/bench_quality_peers.py build/release/rapport "$(RAPPORT_SHARED)/data" $$set || exit 1; done
	@python3 tools/bench_next_basket_peers.py build/release/rapport
	@python3 tools/bench_study_peers.py build/release/rapport

# The pictures of docs/images, which the README shows.
screenshots: build
	@tools/install_deps.sh tools/packages-browser.txt
	@RAPPORT_BUILD=build/release node tests/browser/screenshots.mjs

clean:
	rm -rf build/dev build/release build/asan build/tsan build/clang build/bench build/fuzz
