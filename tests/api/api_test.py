#!/usr/bin/env python3
"""Black box over the real binary: what a stranger with curl would try."""
import gzip
import json
import os
import socket
import subprocess
import threading
import unittest
import uuid

from rapport_server import ServerTest, binary


def track(user, event="Product Viewed", **more):
    message = {"type": "track", "userId": user, "event": event, "messageId": str(uuid.uuid4()),
               "properties": {"product_id": "P1"}}
    message.update(more)
    return message


class SimulatedShop(ServerTest):
    def run_command(self, *arguments):
        return subprocess.run([binary(), *arguments], capture_output=True, text=True, timeout=120, check=False)

    def simulate(self, shop, *more):
        return self.run_command("simulate", "--data", self.server.data, "--shop", shop, "--customers", "60",
                                "--products", "26", "--days", "60", "--seed", "5", *more)

    def test_a_world_is_told_to_a_shop_live_while_a_server_holds_the_folder(self):
        done = self.simulate("sim", "--live", "--live-days", "3", "--speed", "300000")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r"[1-9]\d* events imported, [1-9]\d* played")
        self.assertRegex(done.stderr, r"[1-9]\d* lists shown", "visitors asked the shop itself")
        counted = self.run_command("sql", "--data", self.server.data, "--shop", "sim", "--json",
                                   "select count(*) from events where event = 'Recommendation Shown' and "
                                   "json_extract_string(properties, '$.decision_id') like 'd\\_%' escape '\\'")
        self.assertGreater(json.loads(counted.stdout)["rows"][0][0], 10, counted.stdout)
        shops = self.server.call("GET", "/v1/shops", self.admin).json
        self.assertNotIn("sim", [shop["name"] for shop in shops["shops"]], "a key sees its own shop only")
        flips = self.run_command("tail", "--data", self.server.data, "--shop", "sim", "--derived", "-n", "100000")
        lines = [json.loads(line) for line in flips.stdout.splitlines()]
        last_days = [line for line in lines if line["valid_at"] > "2024-12-28"]
        self.assertTrue(last_days, "somebody moved in the last days")
        self.assertTrue(len(lines) > len(last_days), "and somebody before")
        counted = self.run_command("sql", "--data", self.server.data, "--shop", "sim", "--json",
                                   "select count(*) from events where event_time > received_at + interval 5 minute")
        self.assertEqual(json.loads(counted.stdout)["rows"], [[0]], counted.stdout)
        again = self.simulate("sim")
        self.assertIn("history already", again.stderr)
        verified = self.run_command("verify", "--data", self.server.data, "--threads", "2")
        self.assertIn("shop sim state ", verified.stdout)

    def test_a_shop_on_the_wall_clock_is_left_alone(self):
        refused = self.simulate("main")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("wall clock", refused.stderr)


class EventsIn(ServerTest):
    def test_single_and_batch_are_readable_at_their_offset(self):
        user = "u-" + uuid.uuid4().hex
        answer = self.server.call("POST", "/v1/track", self.ingest, track(user))
        self.assertEqual(answer.status, 200, answer.body)
        batch = {"batch": [track(user) for _ in range(50)] + [{"type": "identify", "userId": user,
                                                               "traits": {"city": "杭州", "email": f"{user}@x.cn"}}]}
        answer = self.server.call("POST", "/v1/batch", self.ingest, batch)
        self.assertEqual(answer.json["accepted"], 51)
        offset = answer.headers["x-log-offset"]
        customer = self.server.call("GET", f"/v1/customers/{user}", self.admin, headers={"X-Log-Offset": offset})
        self.assertEqual(customer.status, 200)
        self.assertIn({"kind": "email", "value": f"{user}@x.cn"},
                      [{"kind": i["kind"], "value": i["value"]} for i in customer.json["identities"]])
        self.assertGreaterEqual(customer.json["known_at"], int(offset))
        by_mail = self.server.call("GET", f"/v1/customers/email:{user}@x.cn", self.admin)
        self.assertEqual(by_mail.json["id"], customer.json["id"])

    def test_a_repeat_is_a_duplicate(self):
        message = track("dup")
        self.assertEqual(self.server.call("POST", "/v1/track", self.ingest, message).json["accepted"], 1)
        self.assertEqual(self.server.call("POST", "/v1/track", self.ingest, message).json["duplicate"], 1)

    def test_one_wrong_event_is_a_dead_letter_and_the_rest_stands(self):
        wrong = track("dl", event="Order Completed", properties={"order_id": "O", "total": "much"})
        answer = self.server.call("POST", "/v1/batch", self.ingest, {"batch": [track("dl"), wrong, track("dl")]})
        self.assertEqual((answer.status, answer.json["accepted"], answer.json["rejected"]), (200, 2, 1))
        letters = self.server.call("GET", "/v1/dead-letters?limit=1000", self.admin).json["dead_letters"]
        mine = [letter for letter in letters if '"dl"' in letter.get("raw", "")]
        self.assertTrue(mine and mine[-1]["where"].startswith("properties."), letters)

    def test_a_wrong_envelope_takes_nothing(self):
        before = self.accepted()
        for body, status in (("{", 400), ("[]", 400), ('{"batch":1}', 400), (b"\xff", 400),
                             ('{"batch":[{"type":"track","userId":"a","event":"X","properties":{"n":NaN}}]}', 400)):
            answer = self.server.call("POST", "/v1/batch", self.ingest, body)
            self.assertEqual(answer.status, status, body)
            self.assertEqual(answer.headers["content-type"], "application/problem+json")
            self.assertIn("code", answer.json)
        large = self.server.call("POST", "/v1/track", self.ingest, {"userId": "a", "event": "X", "x": "y" * 40000})
        self.assertEqual(large.status, 413)
        self.assertEqual(self.server.call("POST", "/v1/track", "nokey", track("a")).status, 401)
        self.assertEqual(self.server.call("POST", "/v1/track", None, track("a")).status, 401)
        self.assertEqual(self.server.call("POST", "/v1/track", self.read, track("a")).status, 403)
        self.assertEqual(self.accepted(), before)

    def accepted(self):
        page = self.server.call("GET", "/metrics").body.decode()
        return [line for line in page.splitlines() if line.startswith("rapport_events_accepted_total")]

    def test_zipped_bodies_are_taken(self):
        body = gzip.compress(json.dumps({"batch": [track("zip") for _ in range(20)]}).encode())
        answer = self.server.call("POST", "/v1/batch", self.ingest, body, {"Content-Encoding": "gzip"})
        self.assertEqual(answer.json["accepted"], 20)
        bomb = gzip.compress(b" " * 50_000_000)
        self.assertEqual(
            self.server.call("POST", "/v1/batch", self.ingest, bomb, {"Content-Encoding": "gzip"}).status, 413)

    def test_beacons_of_web_pages(self):
        page = {"Origin": "https://shop.example", "Content-Type": "text/plain"}
        beacon = dict(track("beacon"), writeKey=self.public)
        answer = self.server.call("POST", "/v1/t", None, beacon, page)
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(answer.headers["access-control-allow-origin"], "*")
        self.assertEqual(self.server.call("POST", "/v1/t", None, dict(beacon, writeKey=self.ingest), page).status, 403)
        asked = self.server.call("OPTIONS", "/v1/t", None, None,
                                 {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"})
        self.assertEqual((asked.status, asked.headers["access-control-allow-origin"]), (204, "*"))
        settings = self.server.call("GET", f"/v1/projects/{self.public}/settings")
        self.assertEqual(settings.json["integrations"]["Segment.io"]["apiKey"], self.public)

    def test_catalogue_nouns_need_nobody(self):
        noun = {"type": "track", "event": "Product Published", "properties": {"product_id": "P9", "name": "杯子"}}
        self.assertEqual(self.server.call("POST", "/v1/batch", self.ingest, {"batch": [noun]}).json["accepted"], 1)

    def test_many_at_once_lose_nothing(self):
        users = [f"many-{n}" for n in range(8)]
        failures = []

        def send(user):
            for _ in range(10):
                answer = self.server.call("POST", "/v1/batch", self.ingest, {"batch": [track(user) for _ in range(20)]})
                if answer.status != 200 or answer.json["accepted"] != 20:
                    failures.append(answer.body)

        threads = [threading.Thread(target=send, args=(user,)) for user in users]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])


class TheRim(ServerTest):
    def test_document_health_and_unknown_paths(self):
        document = self.server.call("GET", "/openapi.json").json
        self.assertTrue(document["openapi"].startswith("3.1"))
        for path in ("/v1/track", "/v1/customers/{id}", "/v1/customers/{id}/explain", "/v1/customers/{id}/unlink",
                     "/v1/segments/{name}/customers", "/v1/sql"):
            self.assertIn(path, document["paths"])
        self.assertEqual(self.server.call("GET", "/livez").status, 200)
        self.assertEqual(self.server.call("GET", "/readyz").status, 200)
        self.assertEqual(self.server.call("GET", "/v1/nothing", self.admin).status, 404)
        self.assertEqual(self.server.call("GET", "/v1/track", self.admin).status, 405)
        self.assertEqual(self.server.call("GET", "/../../etc/passwd").status, 404)

    def test_hostile_bytes_do_no_harm(self):
        for raw in (b"\x00" * 100, b"GET /" + b"a" * 100_000, b"POST /v1/track HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                    b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00",
                    b"POST /v1/track HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"):
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as peer:
                try:
                    peer.sendall(raw)
                    peer.shutdown(socket.SHUT_WR)
                    while peer.recv(4096):
                        pass
                except OSError:  # the server may have hung up first
                    pass
        self.assertEqual(self.server.call("GET", "/readyz").status, 200)

    def test_socket_is_the_owners(self):
        sockets = [p for p in self.server.data.rglob("*") if p.is_socket()]
        self.assertEqual(len(sockets), 1)
        self.assertEqual(os.stat(sockets[0]).st_mode & 0o777, 0o600)

    def test_a_second_server_is_refused_and_the_first_is_still_reached(self):
        second = subprocess.run([binary(), "serve", "--data", self.server.data, "--listen", "127.0.0.1:0"],
                                capture_output=True, text=True, timeout=60)
        self.assertNotEqual(second.returncode, 0)
        self.assertIn("another process holds this folder", second.stderr)
        self.assertTrue((self.server.data / "rapport.sock").exists())
        answer = subprocess.run([binary(), "sql", "--data", self.server.data, "--shop", "main", "select 1 one"],
                                capture_output=True, text=True, timeout=60)
        self.assertEqual(answer.returncode, 0, answer.stderr)

    def test_tail_waits(self):
        start = self.server.call("GET", "/v1/tail?limit=10000", self.admin).json["next"]
        box = []
        waiting = threading.Thread(
            target=lambda: box.append(self.server.call("GET", f"/v1/tail?wait=30&after={start}", self.admin).json))
        waiting.start()
        self.server.call("POST", "/v1/track", self.ingest, track("tail", event="Awaited"))
        waiting.join()
        self.assertIn("Awaited", [event["event"] for event in box[0]["events"]])


class Restart(ServerTest):
    def test_what_was_answered_is_there_after_sigterm_and_after_sigkill(self):
        import signal
        for how, code in ((signal.SIGTERM, 0), (signal.SIGKILL, -9)):
            user = "r-" + uuid.uuid4().hex
            answer = self.server.call("POST", "/v1/batch", self.ingest, {"batch": [track(user) for _ in range(30)]})
            self.assertEqual(answer.json["accepted"], 30)
            self.assertEqual(self.server.stop(how), code)
            # Looking at a folder leaves it as it is, however the log is cut.
            states = [subprocess.run([binary(), "verify", "--data", self.server.data, "--batch", batch],
                                     capture_output=True, text=True, timeout=120).stdout.splitlines()[-1]
                      for batch in ("1000", "1000", "7")]
            self.assertEqual(len(set(states)), 1, states)
            self.server.start()
            customer = self.server.call("GET", f"/v1/customers/{user}", self.admin,
                                        headers={"X-Log-Offset": answer.headers["x-log-offset"]})
            self.assertEqual(customer.status, 200, customer.body)
            self.assertEqual(len(self.server.timeline(user, self.admin, 30)), 30)


if __name__ == "__main__":
    unittest.main()
