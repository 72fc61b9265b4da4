#!/usr/bin/env python3
"""Black box over the real binary: what one caller may take, and what is refused by name."""
import base64
import os
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from rapport_server import ServerTest, binary


def memory_mb(process, what):
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith(what + ":"):
            return int(line.split()[1]) // 1024
    return 0


def has_own_heap():
    """Builds with a sanitizer bring their own heap, which asks nobody."""
    done = subprocess.run(["ldd", binary()], capture_output=True, text=True, check=False)
    return "libtcmalloc" in done.stdout


SLOW = "SELECT max(a.range * b.range) FROM range(10000000) a, range(10000000) b"


class Memory(ServerTest):
    def ask(self, query):
        return self.server.call("POST", "/v1/sql", self.admin, {"query": query})

    def test_what_a_query_builds_is_bounded(self):
        queries = ["SELECT repeat('x', 2000000000)",
                   "SELECT max(length(repeat('x', 100000000 + i::INT))) FROM range(2048) r(i)",
                   "SELECT length(string_agg(repeat('y', 100000) || i, ',')) FROM range(100000) r(i)",
                   "SELECT len(list(repeat('z', 60000) || i)) FROM range(100000) r(i)"]
        if has_own_heap():
            queries.append("SELECT length(replace(repeat('a', 100000), 'a', repeat('b', 100000)))")
        before = memory_mb(self.server.process, "VmRSS")
        for query in queries:
            answer = self.ask(query)
            # 429 where it was the memory of all queries' tables that was not enough.
            self.assertIn(answer.status, (413, 429), (query, answer.body))
        if has_own_heap():
            self.assertLess(memory_mb(self.server.process, "VmHWM") - before, 2500)
        answer = self.ask("SELECT length(repeat('x', 1000000)) AS n")
        self.assertEqual(answer.status, 200, answer.body)


class Turns(ServerTest):
    def test_one_caller_waits_for_himself_only(self):
        greedy, other = self.server.key("read"), self.server.key("read")
        statuses, peers = [], []
        body = '{"query": "%s"}' % SLOW
        credentials = base64.b64encode(f"{greedy}:".encode()).decode()
        request = (f"POST /v1/sql HTTP/1.1\r\nHost: a\r\nAuthorization: Basic {credentials}\r\n"
                   f"Content-Length: {len(body)}\r\n\r\n{body}").encode()
        for _ in range(4):
            peer = socket.create_connection(("127.0.0.1", self.server.port), timeout=10)
            peer.sendall(request)
            peers.append(peer)
        # One of the four runs and three wait: a fifth is told so.
        until = time.monotonic() + 20
        while 429 not in statuses and time.monotonic() < until:
            answers = [threading.Thread(target=lambda: statuses.append(
                self.server.call("POST", "/v1/sql", greedy, {"query": "SELECT 1"}).status)) for _ in range(2)]
            for one in answers:
                one.daemon = True
                one.start()
            time.sleep(0.2)
        self.assertIn(429, statuses)
        # Meanwhile somebody else is answered, and so are looks into the store.
        self.assertEqual(self.server.call("POST", "/v1/sql", other, {"query": "SELECT 1 AS n"}).status, 200)
        self.assertEqual(self.server.call("GET", "/v1/tail?limit=1", other).status, 200)
        # Who hangs up is waited for no more: his questions end, and he may ask again.
        for peer in peers:
            peer.close()
        until = time.monotonic() + 25
        status = 0
        while status != 200 and time.monotonic() < until:
            status = self.server.call("POST", "/v1/sql", greedy, {"query": "SELECT 1 AS n"}).status
        self.assertEqual(status, 200)


class Refusals(ServerTest):
    def command(self, *arguments):
        return subprocess.run([binary(), *arguments], capture_output=True, text=True, timeout=120, check=False)

    def test_a_missing_folder_is_named_and_not_made(self):
        with tempfile.TemporaryDirectory() as folder:
            missing = os.path.join(folder, "nothing")
            for command in (["sql", "--shop", "main", "select 1"], ["customer", "--shop", "main", "ada"],
                            ["tail", "--shop", "main"], ["verify"], ["erasures"]):
                done = self.command(command[0], "--data", missing, *command[1:])
                self.assertNotEqual(done.returncode, 0, command)
                self.assertIn("no data folder here", done.stderr, command)
                self.assertFalse(os.path.exists(missing), command)

    def test_restore_refuses_junk(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            (folder / "junk" / "db").mkdir(parents=True)
            (folder / "junk" / "witness").write_bytes(b"junk")
            (folder / "empty").write_text("")
            (folder / "ledger").write_text("# rapport erasures: 0\n")
            done = self.command("restore", folder / "junk", "--to", folder / "to", "--ledger", folder / "empty")
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("ledger of erasures", done.stderr)
            done = self.command("restore", folder / "junk", "--to", folder / "to", "--ledger", folder / "ledger")
            self.assertNotEqual(done.returncode, 0)
            self.assertFalse((folder / "to").exists())

    def test_positions_beyond_the_log(self):
        answer = self.server.call("POST", "/v1/identify", self.ingest,
                                  {"userId": "ada", "messageId": "p1", "traits": {"city_tier": "1"}})
        self.assertEqual(answer.status, 200, answer.body)
        offset = int(answer.headers["x-log-offset"])
        read = self.server.call("GET", "/v1/customers/ada", self.admin, headers={"X-Log-Offset": str(offset)})
        self.assertEqual(read.status, 200, read.body)
        beyond = self.server.call("GET", "/v1/customers/ada", self.admin, headers={"X-Log-Offset": str(offset + 1000)})
        self.assertEqual(beyond.status, 503, beyond.body)
        self.assertEqual(beyond.json["where"], "X-Log-Offset")
        future = self.server.call("GET", f"/v1/customers/ada?known_at={offset + 1000}", self.admin)
        self.assertEqual(future.status, 400, future.body)
        self.assertEqual(future.json["where"], "known_at")


if __name__ == "__main__":
    unittest.main()
