#!/usr/bin/env python3
"""The layer check is itself held: each rule is broken once in a small tree and must be reported."""
import tempfile
import unittest
from pathlib import Path

import check_layers

TABLE = """
| room | what | may use | alone touches |
|---|---|---|---|
| `base` | ground | - | |
| `store` | log | base | RocksDB |
| `views` | folds | base | |
| `app` | main | all | |
"""


class Layers(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        (self.root / "docs").mkdir()
        (self.root / "docs/ARCHITECTURE.md").write_text(TABLE)
        for room in ("base", "store", "views", "app"):
            (self.root / "src" / room).mkdir(parents=True)
            (self.root / "src" / room / "README.md").write_text("# room\n")

    def tearDown(self):
        self.folder.cleanup()

    def problems(self, path, text):
        target = self.root / "src" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return check_layers.check(self.root)

    def test_a_whole_tree_passes(self):
        self.assertEqual(self.problems("store/log.cc", '#include "base/id.h"\n#include <rocksdb/db.h>\n'), [])

    def test_a_room_may_not_use_what_its_row_does_not_name(self):
        self.assertIn("may not use room store", self.problems("views/a.cc", '#include "store/store.h"\n')[0])

    def test_detail_is_private(self):
        self.assertIn("private", self.problems("app/main.cc", '#include "store/detail/x.h"\n')[0])

    def test_third_parties_are_fenced(self):
        self.assertIn("only by store", self.problems("app/main.cc", "#include <rocksdb/db.h>\n")[0])
        (self.root / "src/app/main.cc").unlink()
        self.assertIn("Benchmark", self.problems("base/a.cc", "#include <benchmark/benchmark.h>\n")[0])

    def test_views_hold_no_floats_and_no_clock(self):
        self.assertIn("floating point", self.problems("views/a.cc", "double x = 0;\n")[0])
        self.assertIn("clock", self.problems("views/a.cc", "auto t = monotonic_ns();\n")[0])
        self.assertEqual(self.problems("views/a.cc", "// a double entry\nint x;\n"), [])

    def test_an_unknown_room_is_reported(self):
        (self.root / "src/utils").mkdir()
        self.assertIn("not in the table", check_layers.check(self.root)[0])

    def test_a_room_without_readme_is_reported(self):
        (self.root / "src/app/README.md").unlink()
        self.assertIn("no README", check_layers.check(self.root)[0])


if __name__ == "__main__":
    unittest.main()
