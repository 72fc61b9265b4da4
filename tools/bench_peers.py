#!/usr/bin/env python3
"""Rapport beside other programs, on the same files, one process at a time.

usage: bench_peers.py RAPPORT [--runs N]

Peers are installed into a virtual environment under build/peers; one that cannot be had is named and left out. What both
sides found is compared before any time is printed: a difference ends the run with exit code 1. Times are the best of N runs.
"""
import argparse
import json
import os
import subprocess
import sys
import venv

SEED = "20261122"
SHAPES = [("retail", 0.0001), ("dense", 0.5)]

# Runs inside the environment. Lists are converted on every call of pyfim: that part is measured by a call that finds
# nothing and is taken off.
PYFIM = """
import fim, json, sys, time
path, count, runs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
baskets = [line.split() for line in open(path)]
def best(call):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        found = call()
        times.append(time.perf_counter() - start)
    return min(times), found
convert, _ = best(lambda: fim.eclat(baskets, target='s', supp=-len(baskets) - 1, report='='))
out = {}
for name, miner in (('eclat', fim.eclat), ('fpgrowth', fim.fpgrowth)):
    seconds, spectrum = best(lambda: miner(baskets, target='s', supp=-count, report='='))
    sizes = {}
    for size, _, sets in spectrum:
        sizes[size] = sizes.get(size, 0) + int(sets)
    out[name] = {'seconds': seconds - convert, 'sizes': [sizes[k] for k in sorted(sizes) if k > 0]}
print(json.dumps(out))
"""


def environment(folder, packages):
    """Python of an environment with these packages, or None and why not."""
    python = os.path.join(folder, "bin", "python")
    try:
        if not os.path.exists(python):
            venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True, capture_output=True, timeout=600)
    except (OSError, subprocess.SubprocessError) as error:
        detail = getattr(error, "stderr", b"") or b""
        lines = detail.decode(errors="replace").strip().splitlines()
        return None, lines[-1] if lines else str(error)
    return python, ""


def ours(rapport, path, support, runs):
    best = None
    for _ in range(runs):
        done = subprocess.run([rapport, "rules", "--file", path, "--support", str(support), "--confidence", "1",
                               "--top", "1", "--sizes", "--json"], check=True, capture_output=True, text=True)
        last = json.loads(done.stdout.splitlines()[-1])
        if best is None or last["itemsets_seconds"] < best["itemsets_seconds"]:
            best = last
    return best


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rapport")
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    folder = os.path.join("build", "peers")
    os.makedirs(folder, exist_ok=True)
    python, why = environment(os.path.join(folder, "venv"), ["pyfim"])
    if python is None:
        print(f"pyfim skipped: {why}")
    rows = []
    for shape, support in SHAPES:
        path = os.path.join(folder, f"{shape}.dat")
        with open(path, "w") as out:
            subprocess.run([asked.rapport, "rules", "--generate", shape, "--seed", SEED], check=True, stdout=out)
        mine = ours(asked.rapport, path, support, asked.runs)
        rows.append((shape, "rapport", mine["itemsets_seconds"], mine["itemsets"]))
        if python is None:
            continue
        done = subprocess.run([python, "-c", PYFIM, path, str(mine["smallest_count"]), str(asked.runs)], check=True,
                              capture_output=True, text=True)
        for name, peer in json.loads(done.stdout).items():
            if peer["sizes"] != mine["itemsets_by_size"]:
                print(f"{shape}: {name} found {peer['sizes']}, rapport {mine['itemsets_by_size']}", file=sys.stderr)
                return 1
            rows.append((shape, f"pyfim {name}", peer["seconds"], sum(peer["sizes"])))
    print(f"seed {SEED}, best of {asked.runs}; itemsets of each size are equal")
    for shape, who, seconds, sets in rows:
        print(f"{shape:<8} {who:<16} {seconds:8.4f} s   {sets} itemsets")
    return 0


if __name__ == "__main__":
    sys.exit(main())
