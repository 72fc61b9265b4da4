#!/usr/bin/env python3
"""Factors, neighbours and folding in beside the library `implicit`, on the same interactions.

usage: bench_models_peers.py RAPPORT

`rapport bench models --write` leaves its interactions and its lists; implicit is trained on them in a virtual environment
under build/peers, with two threads as ours. Before any time is printed the losses of both after five sweeps must lie
within 1 % of each other and the lists of neighbours must be equal but for ties: otherwise the run ends with exit code 1.

implicit minimises sum c (1 - x.y)^2 over seen + sum (x.y)^2 over unseen + r (|x|^2 + |y|^2). With c = 1 + 1 / a and
r = l (1 + a) / a its rows, scaled by 1 / sqrt(1 + a), minimise ours with a flat ridge l and unseen weight a; the loss is
computed here from its rows in our form.
"""
import json
import os
import subprocess
import sys

from bench_peers import environment

PEER = """
import json, sys, time, warnings
warnings.filterwarnings('ignore')
import numpy as np, scipy.sparse as sp
from implicit.cpu.als import AlternatingLeastSquares
from implicit.nearest_neighbours import TFIDFRecommender
import implicit
from implicit.cpu import _als
folder, a, ridge, sweeps, threads = sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), 2
pairs = np.fromfile(folder + '/interactions.txt', dtype=np.int64, sep=' ').reshape(-1, 2)
counts = sp.csr_matrix((np.ones(len(pairs), np.float32), (pairs[:, 0], pairs[:, 1])))
counts.sum_duplicates()
seen = counts.copy()
seen.data[:] = 1
model = AlternatingLeastSquares(factors=128, regularization=ridge * (1 + a) / a, alpha=1 + 1 / a, iterations=sweeps,
                                num_threads=threads, random_state=1)
took, cpu = [], [time.process_time()]


def note(iteration, seconds, loss):
    took.append(seconds)
    cpu.append(time.process_time())


model.fit(seen, show_progress=False, callback=note)
sweep_cpu = (cpu[-1] - cpu[1]) / (sweeps - 1)
x, y = model.user_factors, model.item_factors
weighed = (seen * (1 + 1 / a)).tocsr().astype(np.float32)
_als.least_squares_cg(weighed, x, y, model.regularization, num_threads=threads, cg_steps=20)
s = 1 / np.sqrt(1 + a)
x, y = (x * s).astype(np.float64), (y * s).astype(np.float64)
loss = a * float(np.sum((x.T @ x) * (y.T @ y))) + ridge * float(np.sum(x * x) + np.sum(y * y))
rows = np.repeat(np.arange(seen.shape[0]), np.diff(seen.indptr))
for at in range(0, len(rows), 500000):
    c, i = rows[at:at + 500000], seen.indices[at:at + 500000]
    loss += float(np.sum((np.einsum('ij,ij->i', x[c], y[i]) - 1) ** 2))
folded = []
for c in range(200):
    one = seen[c]
    start = time.perf_counter()
    model.recalculate_user(c, one)
    folded.append(time.perf_counter() - start)
near = TFIDFRecommender(K=51, num_threads=threads)
start, cpu = time.perf_counter(), time.process_time()
near.fit(counts, show_progress=False)
neighbours, neighbours_cpu = time.perf_counter() - start, time.process_time() - cpu
lists = np.loadtxt(folder + '/neighbours.txt', max_rows=100 * 50)
worst = 0.0
for item in range(100):
    mine = np.sort(lists[lists[:, 0] == item][:, 2])[::-1]
    row = near.similarity[item]
    theirs = np.sort(row.data[row.indices != item])[::-1][:50]
    worst = max(worst, float(np.max(np.abs(theirs / mine[:len(theirs)] - 1))))
print(json.dumps({'version': implicit.__version__, 'pairs': int(seen.nnz), 'loss': loss / len(pairs),
                  'sweep': float(np.median(took[1:])), 'sweep_cpu': sweep_cpu, 'neighbours_cpu': neighbours_cpu,
                  'fold_in_ms': 1e3 * float(np.median(folded)),
                  'neighbours': neighbours, 'worst': worst}))
"""


def of_processor(seconds):
    return "" if seconds is None else f" ({seconds:.2f} of processor time)"


def main():
    folder = os.path.join("build", "peers")
    data = os.path.join(folder, "models")
    os.makedirs(data, exist_ok=True)
    done = subprocess.run([sys.argv[1], "bench", "models", "--write", data, "--json"], check=True, capture_output=True,
                          text=True)
    mine = {figure["name"]: figure for figure in map(json.loads, done.stdout.splitlines())}
    rows = [("models.als_sweep", "s"), ("models.item_item_50", "s"), ("models.fold_in_128", "ms")]
    python, why = environment(os.path.join(folder, "venv"), ["implicit"])
    peer = {}
    if python is None:
        print(f"implicit skipped: {why}")
    else:
        flat = mine["models.als_flat_loss"]
        ran = subprocess.run([python, "-c", PEER, data, str(flat["unobserved"]), str(flat["ridge"]),
                              str(int(flat["sweeps"]))], check=True, capture_output=True, text=True,
                             env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})
        peer = json.loads(ran.stdout.splitlines()[-1])
        print(f"after {int(flat['sweeps'])} sweeps: loss {flat['value']:.6f}, implicit {peer['version']} "
              f"{peer['loss']:.6f}; similarities differ by at most {peer['worst']:.1e} of themselves")
        if abs(flat["value"] / peer["loss"] - 1) > 0.01 or peer["worst"] > 1e-3:
            print("not the same problem", file=sys.stderr)
            return 1
    for (name, unit), theirs in zip(rows, ("sweep", "neighbours", "fold_in_ms")):
        ours = f"{mine[name]['value']:10.4f} {unit}{of_processor(mine[name].get('processor_s'))}"
        beside = f"   implicit {peer[theirs]:10.4f} {unit}{of_processor(peer.get(theirs + '_cpu'))}" if peer else ""
        print(f"{name:<22} {ours}{beside}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
