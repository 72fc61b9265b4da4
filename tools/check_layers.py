#!/usr/bin/env python3
"""Holds every include under src/ to the room table of docs/ARCHITECTURE.md. There is no list of exceptions.

Checked: a room includes only rooms its row names, and only their doors (headers directly in the room's folder, or one
subject folder that is not detail/); a third party is touched only by the room that owns it; `views` holds no floating
point and no clock; the CMake files name no room that the table does not allow; each room has a README of at most 30
lines. Usage: check_layers.py [ROOT]. Prints each breach with file and line; exit 1 if there is any.
"""
import re
import sys
from pathlib import Path

# Third parties by the include that gives them away -> rooms that may touch them. fmt and GoogleTest are everybody's.
FENCE = [
    (r"spdlog/", {"base"}),
    (r"openssl/(evp|hmac|sha|rand|crypto)\.h", {"base", "codec"}),
    (r"openssl/", {"base", "codec", "courier"}),
    (r"sodium", {"base", "engine"}),
    (r"unicode/", {"text"}),
    (r"Eigen/|unsupported/Eigen", {"math"}),
    (r"boost/math", {"math"}),
    (r"boost/json", {"codec"}),
    (r"boost/(asio|beast)", {"http"}),
    (r"simdjson", {"codec"}),
    (r"rocksdb/", {"store"}),
    (r"roaring/", {"views"}),
    (r"xgboost/", {"learn"}),
    (r"duckdb", {"lens"}),
    (r"xlsxwriter", {"lens"}),
    (r"qrencode", {"http"}),
    (r"(minizip/|unzip\.h|zip\.h|zlib\.h)", {"lens", "http"}),
    (r"pugixml", {"lens"}),
    (r"curl/", {"courier"}),
    (r"CLI/|CLI11", {"app"}),
    (r"gperftools/", {"app"}),
    (r"toml", {"app"}),
    (r"benchmark/benchmark\.h", None),  # only *_bench.cc files, and the bench room
]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
FLOATS = re.compile(r"\b(float|double|long double|std::(exp|log|pow|sqrt|floor|ceil|round|lround|llround|fabs)|<cmath>)\b")
CLOCKS = re.compile(r"\b(system_clock|steady_clock|SystemClock|monotonic_ns|std::time\(|secure_random|std::random_device)\b")


def read_table(text):
    """The room table -> {room: set of rooms it may use}."""
    table = {}
    for line in text.splitlines():
        cells = [c.strip() for c in line.strip().strip("|").split("|")]
        if len(cells) < 4:
            continue
        name = re.fullmatch(r"`([a-z_]+)`", cells[0])
        if not name:
            continue
        uses = cells[2]
        table[name.group(1)] = None if uses == "all" else set() if uses in ("-", "") else set(uses.split())
    return table


def strip_comments(text):
    """Comments and strings blanked, line numbers kept."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', blank, text, flags=re.S)


def check_include(room, path, target, system, table, rooms):
    first = target.split("/", 1)[0]
    if not system and first in rooms:
        if first != room and table[room] is not None and first not in table[room]:
            return f"room {room} may not use room {first}"
        if first != room and "/detail/" in target:
            return f"{target} is private to room {first}"
        return None
    for pattern, owners in FENCE:
        if re.match(pattern, target):
            if owners is None:
                return None if path.name.endswith("_bench.cc") or room == "bench" else "Google Benchmark belongs to *_bench.cc"
            # Tests may make the files that their room reads.
            if room not in owners:
                return f"{target} may be touched only by {', '.join(sorted(owners))}"
            return None
    return None


def check(root):
    problems = []
    table = read_table((root / "docs/ARCHITECTURE.md").read_text())
    if not table:
        return ["docs/ARCHITECTURE.md: no room table found"]
    src = root / "src"
    present = {p.name for p in src.iterdir() if p.is_dir()}
    for room in sorted(present - set(table)):
        problems.append(f"src/{room}: not in the table of docs/ARCHITECTURE.md")
    for room in sorted(present & set(table)):
        folder = src / room
        readme = folder / "README.md"
        if not readme.exists():
            problems.append(f"src/{room}: no README.md")
        elif len(readme.read_text().splitlines()) > 30:
            problems.append(f"src/{room}/README.md: over 30 lines")
        cmake = folder / "CMakeLists.txt"
        if cmake.exists():
            used = re.search(r"MAY_USE\s+([a-z_ \n]*)", cmake.read_text())
            for other in (used.group(1).split() if used else []):
                if other in table and table[room] is not None and other not in table[room]:
                    problems.append(f"src/{room}/CMakeLists.txt: MAY_USE {other} is not in the table")
        for path in sorted(folder.rglob("*")):
            if path.suffix not in (".h", ".cc"):
                continue
            text = path.read_text()
            where = path.relative_to(root)
            for number, line in enumerate(text.splitlines(), 1):
                found = INCLUDE.match(line)
                if not found:
                    continue
                breach = check_include(room, path, found.group(2), found.group(1) == "<", table, set(table))
                if breach:
                    problems.append(f"{where}:{number}: {breach}")
            if room == "views" and not path.name.endswith(("_bench.cc", "_test.cc")):
                for number, line in enumerate(strip_comments(text).splitlines(), 1):
                    if FLOATS.search(line):
                        problems.append(f"{where}:{number}: floating point in views")
                    if CLOCKS.search(line):
                        problems.append(f"{where}:{number}: a clock or random source in views")
    return problems


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent)
    problems = check(root)
    for problem in problems:
        print(problem)
    if not problems:
        print("layers: every include agrees with docs/ARCHITECTURE.md")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
