#!/usr/bin/env python3
"""Tests of embed_assets.py: what it writes is compiled and read back."""
import gzip
import subprocess
import tempfile
import unittest
from pathlib import Path

import embed_assets

ROOT = Path(__file__).resolve().parent.parent

READER = r"""
#include <cstdio>
#include "assets/assets.h"
int main() {
  for (const auto& file : rapport::assets::console().files()) {
    std::printf("%.*s %.*s %zu %zu %zu\n", int(file.path.size()), file.path.data(), int(file.etag.size()), file.etag.data(),
                file.plain.size(), file.gzip.size(), file.brotli.size());
    std::fwrite(file.plain.data(), 1, file.plain.size(), stdout);
  }
}
"""


class EmbedAssets(unittest.TestCase):
    def setUp(self):
        self.kept = tempfile.TemporaryDirectory()
        self.addCleanup(self.kept.cleanup)
        self.folder = Path(self.kept.name)
        self.dist = self.folder / "dist"
        (self.dist / "assets").mkdir(parents=True)

    def test_what_is_embedded_reads_back(self):
        page, script = b"<!doctype html>\n", b"console.log('\xe4\xbd\xa0\xe5\xa5\xbd');\n" * 40
        (self.dist / "index.html").write_bytes(page)
        (self.dist / "assets" / "a-1.js").write_bytes(script)
        (self.dist / "assets" / "a-1.js.br").write_bytes(b"brotli")
        (self.dist / "assets" / "a-1.js.map").write_bytes(b"{}")
        table, blob = self.folder / "table.cc", self.folder / "bytes.bin"
        embed_assets.main([self.dist, table, blob])
        first = table.read_text(), blob.read_bytes()
        embed_assets.main([self.dist, table, blob])
        self.assertEqual(first, (table.read_text(), blob.read_bytes()))
        (self.folder / "reader.cc").write_text(READER)
        program = self.folder / "reader"
        subprocess.run(["g++", "-std=c++20", f"-I{ROOT}/src", self.folder / "reader.cc", table,
                        ROOT / "src/assets/assets.cc", "-o", program], check=True)
        said = subprocess.run([program], check=True, capture_output=True).stdout
        rows, _ = embed_assets.collect(self.dist)
        zipped = len(gzip.compress(script, 9, mtime=0))
        self.assertEqual(said, b"/assets/a-1.js %s %d %d 6\n%s/index.html %s %d 0 0\n%s" % (
            rows[0][2].encode(), len(script), zipped, script, rows[1][2].encode(), len(page), page))

    def test_an_unknown_kind_of_file_stops_the_build(self):
        (self.dist / "virus.exe").write_bytes(b"x")
        with self.assertRaises(SystemExit) as stopped:
            embed_assets.collect(self.dist)
        self.assertIn(".exe", str(stopped.exception))


if __name__ == "__main__":
    unittest.main()
