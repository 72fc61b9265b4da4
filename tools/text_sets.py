#!/usr/bin/env python3
"""Parts open sets of labelled texts as docs/classify.md measures on them: texts that stand in an earlier set, or twice,
are left out, the rest is shuffled by a seed and parted 80/10/10.

    tools/text_sets.py OUT NAME=FILE:TEXT,LABEL ... [--seed N]

FILE is CSV, also gzipped; TEXT and LABEL are its columns. Writes OUT/NAME_{train,dev,test}.csv (columns text,label), and
NAME_most.csv, which is train and dev together.
"""
import argparse
import csv
import gzip
import io
import pathlib
import random
import sys


def rows_of(path: str, text: str, label: str) -> list[tuple[str, str]]:
    opened = gzip.open(path) if path.endswith(".gz") else open(path, "rb")
    with opened as file:
        table = csv.DictReader(io.TextIOWrapper(file, encoding="utf-8-sig", newline=""))
        if text not in (table.fieldnames or []) or label not in table.fieldnames:
            sys.exit(f"{path}: no columns '{text}' and '{label}', but {table.fieldnames}")
        return [((row[text] or "").strip(), row[label]) for row in table]


def parts_of(rows: list[tuple[str, str]], seen: set[str], seed: int) -> dict[str, list[tuple[str, str]]]:
    fresh = []
    for text, label in rows:
        if text and text not in seen:
            seen.add(text)
            fresh.append((text, label))
    random.Random(seed).shuffle(fresh)
    tenth = len(fresh) // 10
    parts = {"test": fresh[:tenth], "dev": fresh[tenth : 2 * tenth], "train": fresh[2 * tenth :]}
    parts["most"] = parts["train"] + parts["dev"]
    return parts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("sets", nargs="+", metavar="NAME=FILE:TEXT,LABEL")
    parser.add_argument("--seed", type=int, default=20261123)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    seen: set[str] = set()
    for one in asked.sets:
        try:
            name, rest = one.split("=", 1)
            path, columns = rest.rsplit(":", 1)
            text, label = columns.split(",")
        except ValueError:
            sys.exit(f"'{one}' is not NAME=FILE:TEXT,LABEL")
        for part, rows in parts_of(rows_of(path, text, label), seen, asked.seed).items():
            with open(asked.out / f"{name}_{part}.csv", "w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([("text", "label"), *rows])
            print(f"{name} {part}: {len(rows)}")


if __name__ == "__main__":
    main()
