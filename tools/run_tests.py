#!/usr/bin/env python3
"""Runs every test program of one build tree and the scripts beside it, then prints one closing line.

Usage: run_tests.py BUILD_DIR [--only NAME ...] [--jobs N]

GoogleTest programs are the executables named *_test under BUILD_DIR; Python suites are tools/*_test.py and
tests/api/*_test.py; the console's are `npm test` in web/ and tests/browser/run.mjs. A program that dies counts as one failure.
"""
import argparse
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def gtest(program):
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        command = [str(program), f"--gtest_output=json:{report.name}", "--gtest_brief=1"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                              cwd=program.parent)
        passed = failed = skipped = 0
        skips = []
        try:
            tree = json.load(open(report.name))
        except (OSError, ValueError):
            return 0, 1, 0, done.stdout + f"\n{program.name}: ended with code {done.returncode} and no report\n", skips
        for suite in tree.get("testsuites", []):
            for case in suite["testsuite"]:
                if case.get("failures"):
                    failed += 1
                elif case.get("result") == "SKIPPED":
                    skipped += 1
                    skips.append(f"{suite['name']}.{case['name']}")
                elif case.get("result") == "COMPLETED":
                    passed += 1
        if done.returncode != 0 and failed == 0:
            failed = 1
        return passed, failed, skipped, done.stdout if failed else "", skips


def counted(command, cwd, env=None):
    """A suite that closes with 'N passed, N failed[, N skipped]', or unittest's own closing lines."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          cwd=cwd, env=env)
    out = done.stdout
    plain = re.findall(r"(\d+) passed, (\d+) failed(?:, (\d+) skipped)?", out)
    if plain:
        passed, failed, skipped = (int(n or 0) for n in plain[-1])
    else:
        ran = re.search(r"Ran (\d+) tests?", out)
        total = int(ran.group(1)) if ran else 0
        bad = sum(int(n) for n in re.findall(r"(?:failures|errors)=(\d+)", out))
        skipped = sum(int(n) for n in re.findall(r"skipped=(\d+)", out))
        passed, failed = total - bad - skipped, bad
    if done.returncode != 0 and failed == 0:
        failed = 1
    return passed, failed, skipped, out if failed else "", re.findall(r"skipped '([^']*)'|SKIP: (.*)", out)


def in_node(words, env):
    """A script of Node's; skipped where there is none."""
    if shutil.which("node") is None:
        return 0, 0, 1, "", [("no node", "")]
    return counted(["node", *words], ROOT, env)


def web_units(env):
    if shutil.which("npm") is None or not (ROOT / "web" / "node_modules").is_dir():
        return 0, 0, 1, "", [("web/node_modules is missing: npm --prefix web ci", "")]
    return counted(["npm", "--prefix", "web", "test", "--silent"], ROOT, env)


def told(output, most=40):
    """The lines of a failed suite that say what failed; its last lines where none does."""
    lines = output.splitlines()
    marked = re.compile(r"Failure$|FAILED|^  \| |^(FAIL|ERROR):|Sanitizer|runtime error|ended with code")
    chosen = sorted({n for i, line in enumerate(lines) if marked.search(line) for n in range(i, min(i + 6, len(lines)))})
    return [lines[n] for n in chosen[:most]] or lines[-most:]


def suites(build):
    for program in sorted(build.rglob("*_test")):
        if program.is_file() and os.access(program, os.X_OK):
            yield program.name, lambda p=program: gtest(p)
    env = dict(os.environ, RAPPORT_BUILD=str(build), PYTHONDONTWRITEBYTECODE="1")
    for folder in ("tools", "tests/api"):
        for script in sorted((ROOT / folder).glob("*_test.py")):
            yield f"{folder}/{script.name}", lambda s=script: counted([sys.executable, "-B", str(s)], s.parent, env)
    yield "web", lambda: web_units(env)
    yield "tests/browser", lambda: in_node(["tests/browser/run.mjs"], env)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("build", type=Path)
    options.add_argument("--only", nargs="*", default=[])
    options.add_argument("--jobs", type=int, default=2)
    asked = options.parse_args()
    chosen = [s for s in suites(asked.build.resolve()) if not asked.only or any(o in s[0] for o in asked.only)]
    totals = [0, 0, 0]
    failures = []

    def timed(suite):
        start = time.monotonic()
        return suite[0], suite[1](), time.monotonic() - start

    with concurrent.futures.ThreadPoolExecutor(asked.jobs) as pool:
        for name, (passed, failed, skipped, output, skips), seconds in pool.map(timed, chosen):
            print(f"{'ok  ' if failed == 0 else 'FAIL'} {name}: {passed} passed, {failed} failed, {skipped} skipped "
                  f"({seconds:.1f} s)", flush=True)
            for skip in skips:
                print(f"     skipped: {skip}")
            if failed:
                failures.append((name, told(output)))
            if failed:  # What failed stands right here; everything it wrote, in a file beside the build.
                print("\n".join("     " + line for line in failures[-1][1]), flush=True)
                kept = asked.build / "test-output" / (re.sub(r"\W+", "-", name) + ".log")
                kept.parent.mkdir(exist_ok=True)
                kept.write_text(output)
                print(f"     all of it: {kept}", flush=True)
            totals = [a + b for a, b in zip(totals, (passed, failed, skipped))]
    if os.environ.get("CI") == "true" and totals[2] > 0:
        print("CI: nothing may be skipped here")
        totals = [totals[0], totals[1] + totals[2], 0]
    for name, lines in failures:  # Once more at the end, where a reader of a long log looks first.
        print(f"FAIL {name}")
        print("\n".join("     " + line for line in lines))
    print(f"{totals[0]} passed, {totals[1]} failed, {totals[2]} skipped")
    return 1 if totals[1] or totals[0] == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
