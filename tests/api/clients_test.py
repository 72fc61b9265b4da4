#!/usr/bin/env python3
"""Segment's own clients, pinned in package.json, against the real server: the npm packages that shops use."""
import json
import os
import shutil
import subprocess
import unittest
from pathlib import Path

from rapport_server import ServerTest

HERE = Path(__file__).resolve().parent


def install():
    """node_modules as the lockfile has it; a reason to skip when that is not possible here."""
    if (HERE / "node_modules" / ".package-lock.json").exists():
        return None
    if not shutil.which("node") or not shutil.which("npm"):
        return "no node or npm"
    done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=HERE, capture_output=True,
                          text=True)
    return None if done.returncode == 0 else "npm ci failed: " + done.stderr[-300:]


class RealClients(ServerTest):
    @classmethod
    def setUpClass(cls):
        reason = install()
        if reason and os.environ.get("CI") == "true":
            raise RuntimeError(reason)
        if reason:
            raise unittest.SkipTest(reason)
        super().setUpClass()

    def client(self, script, key, user):
        done = subprocess.run(["node", HERE / "clients" / script, f"http://127.0.0.1:{self.server.port}", key, user],
                              capture_output=True, text=True, timeout=120, cwd=HERE)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout.splitlines()[-1])

    def events_of(self, user, count):
        return self.server.timeline(user, self.admin, count)

    def no_dead_letters(self):
        letters = self.server.call("GET", "/v1/dead-letters?limit=1000", self.admin).json["dead_letters"]
        self.assertEqual(letters, [])

    def test_server_client(self):
        report = self.client("server_client.mjs", self.ingest, "ada")
        self.assertEqual(report, {"sent": 27, "failed": []})
        events = self.events_of("ada", 27)
        self.assertEqual(len(events), 27)
        order = next(event for event in events if event["event"] == "Order Completed")
        # The claimed time, moved by what the client's clock seemed to be off when it sent: a few milliseconds here.
        self.assertRegex(order["event_time"], r"^2026-01-05T08:00:0[0-4]")
        customer = self.server.call("GET", "/v1/customers/email:ada@example.cn", self.admin).json
        kinds = sorted((i["kind"], i["value"]) for i in customer["identities"])
        self.assertIn(("anonymous_id", "anon-ada"), kinds)
        self.assertIn(("user_id", "old-ada"), kinds)
        self.no_dead_letters()

    def test_browser_client(self):
        report = self.client("browser_client.mjs", self.public, "bob")
        self.assertEqual(set(report["statuses"]), {200}, report)
        self.assertEqual(sorted(set(report["paths"])),
                         sorted([f"/v1/projects/{self.public}/settings", "/v1/p", "/v1/i", "/v1/t", "/v1/g", "/v1/a"]))
        events = self.events_of("bob", 6)
        self.assertEqual(sorted(event["event"] for event in events if event["type"] == "track"),
                         ["Product Added", "Product Viewed"])
        self.assertTrue(any(event["type"] == "page" for event in events), events)
        self.no_dead_letters()


if __name__ == "__main__":
    unittest.main()
