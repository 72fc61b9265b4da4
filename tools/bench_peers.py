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

# Rules of one consequent with body, head and both counted, confidence and lift; ours carry three measures more and the
# false discovery rate.
FIM_RULES = """
import fim, json, sys, time
path, count, runs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
baskets = [line.split() for line in open(path)]
def best(smallest):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        rules = len(fim.arules(baskets, supp=-smallest, conf=6, zmin=2, mode='o', report='abhCl'))
        times.append(time.perf_counter() - start)
    return min(times), rules
convert, _ = best(len(baskets) + 1)
seconds, rules = best(count)
print(json.dumps({'seconds': seconds - convert, 'rules': rules}))
"""
# Where the package is to be had; Debian 12 does not carry it.
R_RULES = """
suppressMessages(library(arules))
asked <- commandArgs(TRUE)
baskets <- read.transactions(asked[1], format = 'basket', sep = ' ')
parameter <- list(supp = as.numeric(asked[2]) / length(baskets), conf = 0.06, minlen = 2, maxlen = 50, maxtime = 0)
seconds <- min(sapply(seq_len(as.integer(asked[3])), function(i)
  system.time(rules <<- apriori(baskets, parameter, control = list(verbose = FALSE)))[['elapsed']]))
cat(sprintf('{"seconds": %f, "rules": %d}', seconds, length(rules)))
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


def rules_beside(rapport, python, path, runs):
    """Rows of (who, seconds, rules) for the rules at nine baskets and a confidence of 6 %; None when counts differ."""
    best = None
    for _ in range(runs):
        done = subprocess.run([rapport, "rules", "--file", path, "--count", "9", "--confidence", "0.06", "--top", "1",
                               "--json"], check=True, capture_output=True, text=True)
        last = json.loads(done.stdout.splitlines()[-1])
        if best is None or last["seconds"] < best["seconds"]:
            best = last
    rows = [("rapport", best["seconds"], best["rules"])]
    peers = [("fim.arules", [python, "-c", FIM_RULES]), ("R arules", ["Rscript", "-e", R_RULES])]
    for name, command in peers:
        if command[0] is None:
            continue
        try:
            done = subprocess.run([*command, path, "9", str(runs)], check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as error:
            lines = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
            print(f"{name} skipped: {lines[0] if lines else error}")
            continue
        peer = json.loads(done.stdout)
        if peer["rules"] != best["rules"]:
            print(f"{name} found {peer['rules']} rules, rapport {best['rules']}", file=sys.stderr)
            return None
        rows.append((name, peer["seconds"], peer["rules"]))
    return rows


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
    made = rules_beside(asked.rapport, python, os.path.join(folder, "retail.dat"), asked.runs)
    if made is None:
        return 1
    print(f"seed {SEED}, best of {asked.runs}; itemsets of each size are equal")
    for shape, who, seconds, sets in rows:
        print(f"{shape:<8} {who:<16} {seconds:8.4f} s   {sets} itemsets")
    for who, seconds, rules in made:
        print(f"{'rules':<8} {who:<16} {seconds:8.4f} s   {rules} rules, mining included")
    return 0


if __name__ == "__main__":
    sys.exit(main())
