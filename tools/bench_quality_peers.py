#!/usr/bin/env python3
"""How good our lists are beside those of the library `implicit`, on the very same split.

usage: bench_quality_peers.py RAPPORT DATA movielens|beauty

`rapport evaluate --write-split` leaves what was shown, what was asked and our lists. implicit's ALS and its item-kNN are
tuned over as many settings as each of ours on a split of the training data alone, made by the same rule; the best
setting is then asked once about the same customers, with the same candidates. Ours is the model that was best on its own inner
split. NDCG at 10 of both sides is computed here; the difference is paired by customer, its interval from drawing
customers again.
"""
import argparse
import json
import os
import re
import subprocess
import sys

from bench_peers import environment

SETS = {
    "movielens": ["--interactions", "movielens_small/ratings.csv.gz", "--columns", "userId,movieId,timestamp",
                  "--models", "item-cosine,item-tfidf,item-bm25,als,ease:items=1500", "--split", "customers",
                  "--seeds", "5"],
    "beauty": ["--baskets-by-customer", "amazon_beauty/Beauty.txt.gz", "--one-by-one",
               "--models", "item-cosine,item-tfidf,item-bm25,als", "--split", "last-basket", "--seeds", "1"],
}
TRIES = 8

PEER = r"""
import json, sys, warnings
warnings.filterwarnings('ignore')
import numpy as np, scipy.sparse as sp
from implicit.cpu.als import AlternatingLeastSquares
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender, TFIDFRecommender
folder, kind, ours, seeds, tries = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
rng = np.random.default_rng(20261122)

KNN = [(CosineRecommender, {'K': 100}), (TFIDFRecommender, {'K': 100}), (BM25Recommender, {'K': 100}),
       (CosineRecommender, {'K': 20}), (TFIDFRecommender, {'K': 20}), (BM25Recommender, {'K': 20}),
       (BM25Recommender, {'K': 100, 'K1': 100, 'B': 0.5}), (TFIDFRecommender, {'K': 300})][:tries]
ALS = [(AlternatingLeastSquares, {'factors': f, 'regularization': r, 'alpha': a})
       for f, r, a in [(64, 0.01, 1), (64, 1, 10), (128, 1, 10), (64, 10, 10), (64, 10, 40), (128, 10, 10), (32, 1, 10),
                       (64, 100, 40)]][:tries]


def numbers(text):
    return [int(word) for word in text.split()]


def read(seed):
    train = {}
    for line in open(f'{folder}/{seed}-train.txt'):
        customer, *items = numbers(line)
        train[customer] = items
    cases = []
    for line in open(f'{folder}/{seed}-cases.txt'):
        customer, shown, wanted = line.rstrip('\n').split('|')
        cases.append((int(customer), numbers(shown), set(numbers(wanted))))
    return train, cases


def matrix(rows, items):
    rows = [sorted(set(row)) for row in rows]
    ends = np.cumsum([0] + [len(row) for row in rows])
    columns = np.array([item for row in rows for item in row], dtype=np.int32)
    return sp.csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=(len(rows), items))


def inner(train):
    # The rule of the outer split, on the training data alone.
    rest, cases = {}, []
    for customer, items in train.items():
        if kind == 'last-basket':
            cut = len(items) - 1
        else:
            cut = int(0.8 * len(items)) if rng.random() < 0.2 else len(items)
        if cut == 0 or cut == len(items):
            rest[customer] = items
            continue
        wanted = set(items[cut:]) - set(items[:cut])
        if kind == 'last-basket':
            rest[customer] = items[:cut]
        if wanted:
            cases.append((customer, items[:cut], wanted))
    return rest, cases


def ndcg(ranked, wanted, k=10):
    gain = sum(1 / np.log2(place + 2) for place, item in enumerate(ranked[:k]) if item in wanted)
    return gain / sum(1 / np.log2(place + 2) for place in range(min(k, len(wanted))))


def judge(setting, train, cases, items, seed):
    make, options = setting
    model = make(**options, num_threads=2, **({'random_state': seed, 'iterations': 15}
                                              if make is AlternatingLeastSquares else {}))
    seen = matrix(list(train.values()), items)
    model.fit(seen, show_progress=False)
    known = set(np.flatnonzero(np.diff(seen.tocsc().indptr)).tolist())
    asked = matrix([shown for _, shown, _ in cases], items)
    more = {'recalculate_user': True} if make is AlternatingLeastSquares else {}
    values = []
    for at in range(0, len(cases), 500):
        part = cases[at:at + 500]
        ids, scores = model.recommend(np.arange(at, at + len(part)), asked[at:at + len(part)], N=30,
                                      filter_already_liked_items=True, **more)
        for (_, _, wanted), row, score in zip(part, ids, scores):
            ranked = [int(i) for i, s in zip(row, score) if i >= 0 and int(i) in known and s > -1e30]
            values.append(ndcg(ranked, wanted))
    return np.array(values)


def interval(values, groups):
    # Customers are drawn whole: each as often as there are seeds that asked her.
    sums, counts = {}, {}
    for value, group in zip(values, groups):
        sums[group] = sums.get(group, 0) + value
        counts[group] = counts.get(group, 0) + 1
    s, n = np.array(list(sums.values())), np.array([counts[g] for g in sums])
    draws = []
    for _ in range(2000):
        drawn = rng.integers(len(s), size=len(s))
        draws.append(s[drawn].sum() / n[drawn].sum())
    return [float(np.mean(values)), *map(float, np.percentile(draws, [2.5, 97.5]))]


mine, groups, peers, chosen = [], [], {'als': [], 'item-knn': []}, {}
for seed in range(1, seeds + 1):
    train, cases = read(seed)
    lists = [numbers(line) for line in open(f'{folder}/{seed}-{ours}.txt')]
    items = 1 + max(max(i for row in train.values() for i in row),
                    max(i for _, shown, wanted in cases for i in [*shown, *wanted]))
    mine += [ndcg(row, wanted) for row, (_, _, wanted) in zip(lists, cases)]
    groups += [customer for customer, _, _ in cases]
    if seed == 1:
        rest, asked = inner(train)
        for name, settings in (('als', ALS), ('item-knn', KNN)):
            chosen[name] = max(settings, key=lambda setting: judge(setting, rest, asked, items, 1).mean())
    for name in peers:
        peers[name] += list(judge(chosen[name], train, cases, items, seed))
mine = np.array(mine)
out = {'cases': len(mine), 'ours': interval(mine, groups)}
for name, values in peers.items():
    values = np.array(values)
    out[name] = {'setting': f'{chosen[name][0].__name__} {chosen[name][1]}', 'ndcg': interval(values, groups),
                 'ours_less': interval(mine - values, groups)}
print(json.dumps(out))
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("rapport")
    parser.add_argument("data")
    parser.add_argument("set", choices=SETS)
    asked = parser.parse_args()
    arguments = list(SETS[asked.set])
    arguments[1] = os.path.join(asked.data, arguments[1])
    if not os.path.exists(arguments[1]):
        print(f"{asked.set} skipped: no {arguments[1]}")
        return 0
    folder = os.path.join("build", "peers", asked.set)
    os.makedirs(folder, exist_ok=True)
    python, why = environment(os.path.join("build", "peers", "venv"), ["implicit"])
    if python is None:
        print(f"{asked.set} skipped: implicit: {why}")
        return 0
    done = subprocess.run([asked.rapport, "evaluate", *arguments, "--tune", str(TRIES), "--threads", "2", "--k", "10",
                           "--json", "--write-split", folder], check=True, capture_output=True, text=True)
    best = {}
    for name, value in re.findall(r"tuning: (\S+) ndcg@10 (\S+)", done.stderr):
        model = name.split(":")[0]
        if float(value) > best.get(model, ("", -1.0))[1]:
            best[model] = (name, float(value))
    best = {model: kept for model, kept in best.items() if model != "personal"}
    ours = max(best, key=lambda model: best[model][1])
    split, seeds = arguments[arguments.index("--split") + 1], arguments[arguments.index("--seeds") + 1]
    ran = subprocess.run([python, "-c", PEER, folder, split, ours, seeds, str(TRIES)], check=True, capture_output=True,
                         text=True, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})
    found = json.loads(ran.stdout.splitlines()[-1])
    mean, low, high = found["ours"]
    print(f"{asked.set}: {found['cases']} lists; ours {best[ours][0]}: NDCG@10 {mean:.4f} [{low:.4f}, {high:.4f}]")
    for name in ("als", "item-knn"):
        mean, low, high = found[name]["ndcg"]
        less = found[name]["ours_less"]
        print(f"  implicit {name} {found[name]['setting']}: {mean:.4f} [{low:.4f}, {high:.4f}], "
              f"ours less it {less[0]:+.4f} [{less[1]:+.4f}, {less[2]:+.4f}]")
    return 0


if __name__ == "__main__":
    sys.exit(main())
