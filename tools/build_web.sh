#!/usr/bin/env bash
# Builds the console and the storefront into web/dist, when they are there and something changed. Without npm it says
# so and goes on: the program then serves a page that tells how to build them.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -f web/package.json ] || exit 0
if ! command -v npm >/dev/null 2>&1; then
  echo "no npm: the console is left out (install Debian's nodejs and npm, then run this again)"
  exit 0
fi
# What the build reads, by content: files that git knows or would take, so neither node_modules nor dist.
inputs() {
  (git ls-files -co --exclude-standard web 2>/dev/null || find web -type f -not -path '*/node_modules/*' -not -path 'web/dist/*') |
    LC_ALL=C sort | while read -r file; do [ ! -f "$file" ] || echo "$file"; done | tr '\n' '\0' | xargs -0 sha256sum
  node --version
}
mkdir -p build/web
now=$(inputs | sha256sum | cut -d' ' -f1)
if [ -f web/dist/index.html ] && [ "$(cat build/web/stamp 2>/dev/null)" = "$now" ]; then
  exit 0
fi
rm -f build/web/stamp
lock=$(sha256sum web/package-lock.json | cut -d' ' -f1)
if [ ! -d web/node_modules ] || [ "$(cat build/web/lock 2>/dev/null)" != "$lock" ]; then
  rm -f build/web/lock
  npm --prefix web ci --no-audit --no-fund --loglevel=error > build/web/ci.log 2>&1 || { cat build/web/ci.log; exit 1; }
  echo "$lock" > build/web/lock
fi
npm --prefix web run build > build/web/build.log 2>&1 || { cat build/web/build.log; exit 1; }
echo "$now" > build/web/stamp
echo "the console is built"
