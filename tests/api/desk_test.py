"""The service desk as strangers meet it: the simulated staff that works what feedback opens, and `rapport tickets`."""
import datetime
import json
import time
import unittest
import uuid

from rapport_server import ServerTest


class SimulatedStaff(ServerTest):
    """Two weeks of a small shop, as `make demo` lives them: what the desk looks like after a while."""

    def ask(self, *arguments):
        done = self.server.run("tickets", *arguments, "--data", self.server.data, "--shop", "staffed", "--json")
        return json.loads(done.stdout)

    def of_feedback(self, queue):
        listed = self.ask("list", "--queue", queue, "--most", "500")
        return [ticket for ticket in listed["tickets"] if ticket["ticket_id"].startswith("fb-")], listed["now"]

    def test_a_living_shop_keeps_its_desk_in_hand(self):
        done = self.server.run("simulate", "--data", self.server.data, "--shop", "staffed", "--customers", "900",
                               "--products", "60", "--days", "60", "--seed", "5", "--live", "--live-days", "14",
                               "--speed", "200000")
        self.assertRegex(done.stderr, r"[1-9]\d* moves of the desk's staff")
        still_open, now = self.of_feedback("open")
        finished, _ = self.of_feedback("done")
        self.assertGreaterEqual(len(finished), 6, "reviews and answers open tickets, and the staff closes them")
        # It is midnight, and the desk closed at six: whatever came by the day before has been seen.
        day = datetime.timedelta(hours=24)
        for ticket in still_open:
            opened = datetime.datetime.fromisoformat(ticket["opened"].replace("Z", "+00:00"))
            untouched = ticket["state"] == "open" and ticket["agent"] is None
            age = datetime.datetime.fromisoformat(now.replace("Z", "+00:00")) - opened
            self.assertFalse(untouched and age > day, ticket)
        late = [ticket for ticket in still_open if ticket["late"]]
        self.assertLessEqual(len(late), 1 + len(finished) // 5, late)
        called_back = 0
        for ticket in finished:
            self.assertRegex(ticket["agent"], r"^agent-[1-6]$")
            told = self.ask("show", ticket["ticket_id"])["history"]
            events = [one["event"] for one in told]
            self.assertIn("Message Posted", events, "the author was answered")
            states = [one["properties"]["state"] for one in told if one["event"] == "Ticket Updated"]
            self.assertIn("solved", states)
            called_back += "called_back" in states
        self.assertGreaterEqual(called_back, len(finished) // 2)
        self.assertTrue(self.ask("levels")["published"])
        self.assertEqual(len(self.ask("macros")["macros"]), 13)


def track(user, event, properties):
    return {"type": "track", "userId": user, "event": event, "messageId": uuid.uuid4().hex, "properties": properties}


class TicketsInTheTerminal(ServerTest):
    """`rapport tickets`: the doors of docs/desk.md over the folder's socket."""

    def tickets(self, *arguments, check=True):
        return self.server.run("tickets", *arguments, "--data", self.server.data, "--shop", "main", check=check)

    def json(self, *arguments):
        return json.loads(self.tickets(*arguments, "--json").stdout)

    def refused(self, *arguments):
        done = self.tickets(*arguments, check=False)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertTrue(done.stderr.startswith("rapport: "), done.stderr)
        return done.stderr

    def open_ticket(self, ticket, more=()):
        user = "u-" + ticket
        order = {"order_id": "O-" + ticket, "total": "200.00", "currency": "CNY",
                 "products": [{"product_id": "P1", "quantity": 1, "price": "200.00"}]}
        batch = [track(user, "Order Completed", order),
                 track(user, "Ticket Opened", {"ticket_id": ticket, "class": "logistics", "order_id": "O-" + ticket}), *more]
        answer = self.server.call("POST", "/v1/batch", self.ingest, {"batch": batch})
        self.assertEqual(answer.json["accepted"], len(batch), answer.body)

    def file(self, name, content):
        path = self.server.folder / name
        path.write_text(json.dumps(content, ensure_ascii=False))
        return path

    def test_a_refund_is_done_once_and_a_large_one_waits_for_a_second_person(self):
        self.open_ticket("T1")
        asked = ("refund", "T1", "--amount", "20", "--reason", "scratched", "--agent", "li", "--role", "agent")
        self.assertRegex(self.tickets(*asked).stdout, r"^refund \S+ is done at \d+\n$")
        self.assertIn("asked for before", self.tickets(*asked).stdout, "the same command twice is one refund")
        self.assertTrue(self.json(*asked)["repeated"])
        waits = self.json("refund", "T1", "--amount", "100", "--reason", "broken", "--agent", "li", "--role", "agent")
        self.assertEqual(waits["action"]["state"], "proposed")
        action = waits["action"]["action_id"]
        self.assertEqual([one["action_id"] for one in self.json("actions")["actions"]], [action])
        self.assertIn("1 wait for a second person", self.tickets("actions").stdout)
        self.assertIn("lets nothing through", self.refused("approve", "T1", action, "--agent", "li", "--role", "agent"))
        done = self.json("approve", "T1", action, "--agent", "wu", "--role", "owner")
        self.assertEqual((done["action"]["state"], done["action"]["decided_by"]), ("done", "wu"))
        self.assertIn("0 wait", self.tickets("actions").stdout)
        self.assertIn("2 on this ticket", self.tickets("actions", "T1").stdout)
        self.assertIn("left", self.refused("refund", "T1", "--amount", "100", "--reason", "more", "--agent", "li"))

    def test_a_coupon_is_refused_by_a_second_person(self):
        self.open_ticket("T2")
        waits = self.json("coupon", "T2", "--value", "20", "--reason", "late", "--agent", "li", "--role", "agent")
        self.assertEqual(waits["action"]["state"], "proposed")
        refused = self.tickets("refuse", "T2", waits["action"]["action_id"], "--reason", "too much", "--agent", "wu").stdout
        self.assertRegex(refused, r"is refused at \d+")
        small = self.json("coupon", "T2", "--value", "5", "--reason", "late", "--agent", "li", "--role", "agent")
        self.assertEqual(small["action"]["state"], "done")
        self.assertIn("no such service", self.refused("appointment", "T2", "--service", "S-none", "--for", "2030-01-01T10:00:00Z",
                                                  "--reason", "mend"))
        self.assertEqual(self.tickets("coupon", "T2", "--value", "5", check=False).returncode, 2, "--reason is missing")

    def test_written_answers_are_listed_shown_put_and_sent(self):
        self.open_ticket("T3")
        text = self.file("late.json", {"title": "Late parcel", "texts": {"en": "Order {order_id} is on its way."},
                                       "state": "waiting"})
        self.assertRegex(self.tickets("macros", "late", "--file", text).stdout, r"^published at \d+\n$")
        self.assertRegex(self.tickets("macros").stdout, r"(?m)^late +en +waiting +.*Late parcel$")
        self.assertEqual(self.json("macros", "late")["texts"]["en"], "Order {order_id} is on its way.")
        self.assertIn("no macro", self.refused("macros", "none"))
        self.assertIn("which macro", self.refused("macros", "--file", text))
        self.assertIn("nothing to say", self.refused("reply", "T3"))
        self.tickets("reply", "T3", "--macro", "late", "--agent", "li")
        shown = self.json("show", "T3")
        self.assertEqual(shown["state"], "waiting")
        said = [one["personal"] for one in shown["history"] if one["event"] == "Message Posted"]
        self.assertIn("Order O-T3 is on its way.", json.dumps(said))

    def test_a_ticket_is_handed_over_solved_and_called_back(self):
        self.open_ticket("T4")
        over = self.tickets("hand-over", "T4", "--agent", "wu", "--wanted", "her money", "--tried", "asked the carrier",
                            "--tried", "asked the bank").stdout
        self.assertRegex(over, r"^T4 is handed over at \d+\n$")
        history = self.json("show", "T4")["history"]
        packet = [one for one in history if one["event"] == "Ticket Assigned"][-1]
        self.assertIn("asked the bank", json.dumps(packet))
        self.assertIn("not called back", self.refused("called-back", "T4", "--satisfied"))
        self.tickets("update", "T4", "--state", "solved")
        self.assertRegex(self.tickets("call-backs", "--agent", "wu").stdout, r"T4 +wu")
        self.assertIn("one of --satisfied", self.refused("called-back", "T4"))
        self.assertIn("escalated", self.tickets("called-back", "T4", "--not-satisfied", "--note", "still waits").stdout)
        self.assertEqual(self.json("show", "T4")["state"], "escalated")
        self.tickets("update", "T4", "--state", "solved")
        self.assertIn("closed", self.tickets("called-back", "T4", "--satisfied", "--agent", "wu").stdout)
        self.assertEqual(self.json("call-backs")["tickets"], [])
        self.assertRegex(self.tickets("case-link", "T4").stdout, r"^/case/\d+\.\S+\n$")

    def test_the_desks_policy_is_shown_and_published(self):
        self.assertFalse(self.json("policy")["published"])
        wrong = self.file("wrong.json", {"limits": [{"role": "agent", "action": "gift"}]})
        self.refused("policy", "--file", wrong)
        shipped = {name: value for name, value in self.json("policy")["policy"].items() if name != "currency"}
        right = self.file("policy.json", shipped | {"coupon_days": 31})
        self.assertRegex(self.tickets("policy", "--file", right).stdout, r"^published at \d+\n$")
        self.assertEqual(self.json("policy")["policy"]["coupon_days"], 31)
        self.assertIn("cannot be read", self.refused("policy", "--file", self.server.folder / "none.json"))

    def test_you_said_we_did_counts_before_it_tells(self):
        review = track("u-said", "Review Posted", {"review_id": "V1", "product_id": "P9", "rating": 1,
                                                   "text": "电池太差了，半天就没电"})
        self.server.call("POST", "/v1/batch", self.ingest, {"batch": [review]})
        about = self.file("said.json", {"about": {"product_id": "P9"}, "texts": {"zh-Hans": "电池换了"}})
        until = time.monotonic() + 60
        while self.json("answer", "battery", "--file", about)["authors"] == 0 and time.monotonic() < until:
            time.sleep(0.2)
        counted = self.tickets("answer", "battery", "--file", about).stdout
        self.assertIn("1 authors of 1 pieces would hear of it", counted)
        self.assertIn("to tell them: --expect 1", counted)
        self.assertIn("1 authors by now", self.refused("answer", "battery", "--file", about, "--expect", "7"))
        self.assertEqual(self.tickets("answer", "battery", "--file", about, "--expect", "1").stdout, "1 told\n")
        self.assertEqual(self.tickets("answer", "battery", "--file", about, "--expect", "1").stdout, "0 told\n")
        self.assertRegex(self.tickets("answers").stdout, r"(?m)^battery +1 heard of it$")


if __name__ == "__main__":
    unittest.main()
