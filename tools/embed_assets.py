#!/usr/bin/env python3
"""Writes the table of files that src/assets embeds, and the bytes it points into.

Usage: embed_assets.py DIST TABLE.cc BYTES.bin

Every file under DIST becomes a row: path, media type, entity tag, plain bytes, and its precompressed forms: the twins
FILE.gz and FILE.br that lie beside it; a missing gzip twin of a text is made here. Equal input gives equal output.
"""
import gzip
import hashlib
import sys
from pathlib import Path

MEDIA = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
}
TEXTS = {".html", ".js", ".mjs", ".css", ".svg", ".json", ".webmanifest", ".txt"}
TWINS = (".gz", ".br")
LEAST_WORTH_ZIPPING = 256


def forms(file):
    """(plain, gzip, brotli) of one file; b"" for a form that there is not or that saves nothing."""
    plain = file.read_bytes()
    twins = [Path(f"{file}{ending}") for ending in TWINS]
    zipped, brotli = (twin.read_bytes() if twin.is_file() else b"" for twin in twins)
    if not zipped and file.suffix in TEXTS and len(plain) >= LEAST_WORTH_ZIPPING:
        zipped = gzip.compress(plain, 9, mtime=0)
    return [plain] + [form if len(form) < len(plain) else b"" for form in (zipped, brotli)]


def collect(dist):
    """Rows (path, media, etag, [(offset, size) x 3]) ascending by path, and the bytes they point into."""
    rows, blob = [], bytearray()
    files = [f for f in dist.rglob("*") if f.is_file() and f.suffix not in TWINS and f.suffix != ".map"]
    for file in files:
        media = MEDIA.get(file.suffix)
        if media is None:
            raise SystemExit(f"embed_assets: {file}: no media type for '{file.suffix}' (expected one of {' '.join(MEDIA)})")
        path = "/" + file.relative_to(dist).as_posix()
        if any(c in path for c in '"\\\n'):
            raise SystemExit(f"embed_assets: {file}: a path that cannot stand in a table")
        rows.append((path, media, file))
    table = []
    for path, media, file in sorted(rows, key=lambda row: row[0].encode()):
        places = []
        whole = forms(file)
        for form in whole:
            places.append((len(blob), len(form)))
            blob += form
        table.append((path, media, hashlib.sha256(whole[0]).hexdigest()[:16], places))
    return table, bytes(blob)


def source(table, bytes_path):
    """The C++ text."""
    out = ["// Made by tools/embed_assets.py; not to be edited.", '#include "assets/assets.h"', "",
           # The digest makes the compiler read the bytes anew when only they changed.
           f"// {hashlib.sha256(Path(bytes_path).read_bytes()).hexdigest()}",
           'asm(".section .rodata\\n.balign 16\\n.hidden rapport_assets_bytes\\n.global rapport_assets_bytes\\n"',
           f'    "rapport_assets_bytes:\\n.incbin \\"{bytes_path}\\"\\n.byte 0\\n.text\\n");',
           'extern "C" const char rapport_assets_bytes[] __attribute__((visibility("hidden")));', "",
           "namespace rapport::assets {", "namespace {", "",
           "std::string_view at(unsigned long offset, unsigned long size) { return {rapport_assets_bytes + offset, size}; }",
           "", "const File kFiles[] = {"]
    for path, media, etag, places in table:
        views = ", ".join(f"at({offset}, {size})" if size else '""' for offset, size in places)
        out.append(f'    {{"{path}", "{media}", "{etag}", {views}}},')
    out += ["};", "", "}  // namespace", "", "const Bundle& console() {", "  static const Bundle bundle{kFiles};",
            "  return bundle;", "}", "", "}  // namespace rapport::assets", ""]
    return "\n".join(out)


def main(arguments):
    if len(arguments) != 3:
        raise SystemExit(__doc__)
    dist, table_path, bytes_path = (Path(a) for a in arguments)
    table, blob = collect(dist)
    bytes_path.write_bytes(blob)
    table_path.write_text(source(table, bytes_path.resolve()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
