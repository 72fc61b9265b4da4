#!/usr/bin/env python3
"""Our studies beside R's lavaan and psych and Python's lifetimes: first the same figures on the same file, then times.

usage: bench_study_peers.py RAPPORT [--runs N]

A peer that cannot be had is named and left out. A figure that differs by more than 1e-5 ends the run with exit code 1 before
any time is printed. Peers are timed in their own process on data in memory, median of N runs; ours by `rapport bench study`
on data of the same shape in memory. relaimpo (LMG) is not among Debian's packages and is not run.
"""
import argparse
import csv
import json
import os
import random
import subprocess
import sys

from bench_peers import environment

SEED = 20261122
CFA = "a =~ x1 + x2 + x3\nb =~ x4 + x5 + x6\nc =~ x7 + x8 + x9"

LAVAAN = """
suppressMessages(library(lavaan))
args <- commandArgs(TRUE); d <- read.csv(args[1]); runs <- as.integer(args[2])
model <- 'a =~ x1 + x2 + x3
b =~ x4 + x5 + x6
c =~ x7 + x8 + x9'
t <- sapply(1:runs, function(i) system.time(fit <<- cfa(model, d))[['elapsed']])
f <- fitMeasures(fit)
cat(sprintf('{"seconds":%.9g,"chisq":%.12g,"cfi":%.12g,"tli":%.12g,"rmsea":%.12g,"srmr":%.12g}', median(t), f['chisq'],
            f['cfi'], f['tli'], f['rmsea'], f['srmr']))
"""
PSYCH = """
suppressMessages(library(psych))
args <- commandArgs(TRUE); runs <- as.integer(args[2]); big <- as.integer(args[3])
d <- read.csv(args[1])
exact <- suppressWarnings(alpha(d, check.keys = FALSE))
set.seed(1); f <- rnorm(big)
m <- sapply(1:22, function(i) round(pmin(6, pmax(1, 3.5 + 1.2 * (0.7 * f + sqrt(0.51) * rnorm(big))))))
t <- sapply(1:runs, function(i) system.time(suppressWarnings(alpha(m, check.keys = FALSE)))[['elapsed']])
cat(sprintf('{"seconds":%.9g,"alpha":%.12g,"std_alpha":%.12g}', median(t), exact$total$raw_alpha, exact$total$std.alpha))
"""
LIFETIMES = """
import csv, json, sys, time, statistics
from lifetimes import BetaGeoFitter
rows = list(csv.DictReader(open(sys.argv[1])))
import numpy as np
x, tx, T = (np.array([float(r[k]) for r in rows]) for k in ('frequency', 'recency', 'T'))
times = []
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    fit = BetaGeoFitter(penalizer_coef=0.0).fit(x, tx, T)
    times.append(time.perf_counter() - start)
p = fit.params_
print(json.dumps({'seconds': statistics.median(times), 'r': p['r'], 'alpha': p['alpha'], 'a': p['a'], 'b': p['b'],
                  'll': -fit._negative_log_likelihood_ * len(rows) if hasattr(fit, '_negative_log_likelihood_') else None}))
"""


def write(path, heads, rows):
    with open(path, "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(heads)
        writer.writerows(rows)


def answers(rng):
    rows = []
    for _ in range(301):
        common = rng.gauss(0, 1)
        factors = [0.3 ** 0.5 * common + 0.7 ** 0.5 * rng.gauss(0, 1) for _ in range(3)]
        rows.append([f"{0.7 * factors[i // 3] + 0.51 ** 0.5 * rng.gauss(0, 1):.6f}" for i in range(9)])
    return rows


def cohort(rng):
    rows = []
    for _ in range(2357):
        length, frequency, recency, now = 27 + 12 * rng.random(), 0, 0.0, 0.0
        rate, leave = rng.expovariate(18), rng.random() * rng.random()
        while True:
            now += rng.expovariate(rate) if rate > 0 else 1e9
            if now >= length:
                break
            frequency, recency = frequency + 1, now
            if rng.random() < leave:
                break
        rows.append([frequency, f"{recency:.6f}", f"{length:.6f}"])
    return rows


def peer(command, name):
    """The peer's JSON, or None with its name and reason said."""
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=1800)
        return json.loads(done.stdout.strip().splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as error:
        lines = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        print(f"{name} skipped: {lines[-1] if lines else error}")
        return None


def ours(rapport, *arguments):
    done = subprocess.run([rapport, "study", *arguments, "--json"], check=True, capture_output=True, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def differing(name, mine, theirs, figures, tolerance):
    """Figures of `theirs` that ours does not repeat."""
    wrong = [f for f in figures if abs(mine[f] - theirs[f]) > tolerance * max(1, abs(theirs[f]))]
    for figure in wrong:
        print(f"{name}: {figure} is {theirs[figure]}, rapport {mine[figure]}", file=sys.stderr)
    return bool(wrong)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rapport")
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    folder = os.path.join("build", "peers")
    os.makedirs(folder, exist_ok=True)
    rng, runs = random.Random(SEED), str(asked.runs)
    items, buyers = os.path.join(folder, "items.csv"), os.path.join(folder, "buyers.csv")
    names = [f"x{i}" for i in range(1, 10)]
    write(items, names, answers(rng))
    write(buyers, ["frequency", "recency", "T"], cohort(rng))

    wrong, theirs = False, {}
    lavaan = peer(["Rscript", "-e", LAVAAN, items, runs], "lavaan")
    if lavaan:
        mine = ours(asked.rapport, "cfa", "--file", items, "--model", CFA)["fit"]
        wrong |= differing("lavaan", mine, lavaan, ["chisq", "cfi", "tli", "rmsea", "srmr"], 1e-5)
        theirs["study.cfa_301x9"] = ("lavaan", lavaan["seconds"])
    psych = peer(["Rscript", "-e", PSYCH, items, runs, "1000000"], "psych")
    if psych:
        mine = ours(asked.rapport, "alpha", "--file", items, "--items", ",".join(names))
        wrong |= differing("psych", mine, psych, ["alpha", "std_alpha"], 1e-9)
        theirs["study.alpha_omega_1m_x_22"] = ("psych alpha, without omega", psych["seconds"])
    python, why = environment(os.path.join(folder, "venv_clv"), ["lifetimes"])
    lifetimes = peer([python, "-c", LIFETIMES, buyers, runs], "lifetimes") if python else print(f"lifetimes skipped: {why}")
    if lifetimes:
        mine = ours(asked.rapport, "clv", "--summary", buyers, "--model", "bgnbd")
        wrong |= differing("lifetimes", mine, lifetimes, ["r", "alpha", "a", "b"], 1e-3)
        theirs["study.bgnbd_2357"] = ("lifetimes", lifetimes["seconds"])
    if wrong:
        return 1
    done = subprocess.run([asked.rapport, "bench", "study", "--json"], check=True, capture_output=True, text=True)
    print(f"seed {SEED}; figures are equal; medians of {runs}")
    for line in done.stdout.splitlines():
        figure = json.loads(line)
        name, value = figure["name"], figure["value"]
        text = f"{name:<28} {value:10.4g} {figure['unit']:<3} aim {figure['aim']:g}"
        if name in theirs:
            who, seconds = theirs[name]
            text += f"   {who} {seconds * 1e3:.4g} ms = {seconds * 1e3 / value:.0f} times ours"
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
