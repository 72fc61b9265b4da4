#!/usr/bin/env python3
"""Studies over a shop's own facts, by the command line and over HTTP, held to facts counted here from the same events."""
import csv
import datetime
import json
import os
import subprocess
import tempfile
import unittest
from collections import defaultdict
from pathlib import Path

from rapport_server import ServerTest, binary

HALF_HOUR = 30 * 60
HOUR = 60 * 60
DAY = 24 * HOUR
LATEST_SCORES = "SELECT value AS score FROM survey_answers WHERE item = 'nps'"


def seconds(event):
    return datetime.datetime.fromisoformat(event["timestamp"].replace("Z", "+00:00")).timestamp()


class Studies(ServerTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = Path(tempfile.mkdtemp(prefix="rapport-study-test-"))
        cls.world = cls.folder / "world.jsonl"
        cls.server.run("simulate", "--seed", 11, "--customers", 500, "--products", 120, "--days", 300, "--out", cls.world)
        cls.server.run("import", "--data", cls.server.data, "--shop", "main", "--recipe", "events-jsonl", cls.world)
        cls.events = [json.loads(line) for line in cls.world.read_text().splitlines()]

    def study(self, *arguments, check=True, **environment):
        done = subprocess.run([binary(), "study", *map(str, arguments)], capture_output=True, text=True, timeout=120,
                              env={**os.environ, **environment})
        if check:
            self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def of_shop(self, *arguments):
        return json.loads(self.study(*arguments, "--data", self.server.data, "--shop", "main", "--json").stdout)

    def by_person(self):
        people = defaultdict(list)
        for event in self.events:
            if "userId" in event:
                people[event["userId"]].append(event)
        return people

    def test_a_shops_answer_is_studied_as_a_file_is_and_leaves_nothing_behind(self):
        scores = [answer["value"] for event in self.events if event.get("event") == "Survey Answered"
                  for answer in event["properties"]["answers"] if answer["item"] == "nps"]
        file = self.folder / "scores.csv"
        with open(file, "w", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["score"])
            writer.writerows([[score] for score in scores])
        with tempfile.TemporaryDirectory() as empty:
            done = self.study("nps", "--data", self.server.data, "--shop", "main", "--sql", LATEST_SCORES, "--score", "score",
                              "--json", TMPDIR=empty)
            self.assertEqual(os.listdir(empty), [])
        self.assertGreater(len(scores), 50)
        self.assertEqual(json.loads(done.stdout), json.loads(self.study("nps", "--file", file, "--score", "score",
                                                                        "--json").stdout))

    def test_what_cannot_be_asked_is_said(self):
        for arguments, word in ((["nps", "--shop", "main", "--data", self.server.data], "--sql"),
                                (["nps", "--data", self.server.data, "--sql", "DROP TABLE events"], "SELECT"),
                                (["nps", "--data", self.server.data, "--sql", LATEST_SCORES, "--file", "x.csv"], "--file"),
                                (["alpha", "--items", "a,b"], "--file")):
            done = self.study(*arguments, check=False)
            self.assertEqual(done.returncode, 1, arguments)
            self.assertIn(word, done.stderr)

    def test_a_model_may_be_a_file(self):
        survey = Path(__file__).resolve().parent.parent.parent / "docs" / "study" / "service_survey.csv"
        text = "S =~ s1 + s2 + s3\nQ =~ q1 + q2 + q3"
        file = self.folder / "model.lav"
        file.write_text(text)
        for given in (["--model", file], [f"--model={file}"]):
            self.assertEqual(self.study("cfa", "--file", survey, *given, "--json").stdout,
                             self.study("cfa", "--file", survey, "--model", text, "--json").stdout)

    def test_pains_are_those_that_the_events_hold(self):
        report = self.of_shop("diagnose")
        pains = {pain["pain"]: pain for pain in report["pains"]}
        terms, asked = 0, 0
        for events in self.by_person().values():
            readings = [e for e in events if e.get("event") == "Content Viewed" and e["properties"].get("term")]
            contacts = [e for e in events if e.get("event") == "Contact Started"]
            terms += len(readings)
            asked += sum(any(c["properties"].get("term") == r["properties"]["term"] and
                             0 <= seconds(c) - seconds(r) <= HOUR for c in contacts) for r in readings)
        questions = sum(1 for e in self.events
                        if e.get("event") == "Contact Started" and e["properties"].get("reason") == "term")
        # People read before they are known, too: what is counted here is part of what the shop knows.
        self.assertGreater(asked, 5)
        self.assertGreaterEqual(pains["term_asked"]["chances"], terms)
        self.assertGreaterEqual(pains["term_asked"]["hits"], asked)
        self.assertLessEqual(pains["term_asked"]["hits"], questions)
        self.assertLessEqual(pains["term_asked"]["ci_low"], asked / terms)
        begun = sum(1 for e in self.events if e.get("event") == "Form Page Viewed" and e["properties"]["page"] == 1)
        self.assertLessEqual(abs(pains["form_abandoned"]["chances"] - begun), 5)
        left = 0
        for events in self.by_person().values():
            pages = [e for e in events if e.get("event") == "Form Page Viewed" and e["properties"]["page"] == 3]
            orders = [seconds(e) for e in events if e.get("event") == "Order Completed"]
            starts = [seconds(e) for e in events if e.get("event") == "Form Page Viewed" and e["properties"]["page"] == 1]
            for page in pages:
                until = min([s for s in starts if s > seconds(page)] + [seconds(page) + DAY])
                left += not any(seconds(page) <= order <= until for order in orders)
        self.assertGreater(left, 50)
        self.assertLessEqual(abs(pains["form_abandoned"]["hits"] - left), max(3, 0.02 * left))
        unsolved = sum(1 for e in self.events
                       if e.get("event") == "Contact Started" and e["properties"].get("reason") == "unsolved")
        self.assertGreaterEqual(pains["chased"]["hits"], unsolved)
        self.assertEqual(sum(group["customers"] for group in report["groups"]), report["customers"])
        self.assertEqual([row["k"] for row in report["k"]], list(range(2, 9)))

    def test_claims_are_told_or_refused_with_a_reason(self):
        report = self.of_shop("claims")
        board = {claim["claim"]: claim for claim in report["claims"]}
        self.assertEqual(len(board), 13)
        for claim in board.values():
            if claim["verdict"] == "cannot_tell":
                self.assertTrue(claim["reason"])
                self.assertIsNone(claim["figure"])
            else:
                self.assertLess(claim["ci_low"], claim["figure"])
                self.assertGreater(claim["ci_high"], claim["figure"])
        self.assertIn("consulted", board["consulting_trust"]["reason"])
        # Late and punctual, clear and unclear move the same orders' satisfaction: the slope is planted above 0.
        self.assertGreater(board["experience"]["ci_low"], 0)

    def test_churn_is_judged_on_later_months(self):
        report = self.of_shop("churn")
        self.assertGreater(report["auc_ci_low"], 0.5)
        self.assertLessEqual(report["warned"], report["scored"])
        self.assertTrue(all(row["probability"] >= report["threshold"] for row in report["warned_customers"]))
        self.assertEqual(report, self.of_shop("churn"), "the same facts and seed give the same report")

    def test_the_same_over_http(self):
        read = self.server.key("read")
        methods = self.server.call("GET", "/v1/studies", read).json["methods"]
        self.assertIn("diagnose", [method["name"] for method in methods])
        asked = {"sql": LATEST_SCORES, "options": {"score": "score"}}
        answer = self.server.call("POST", "/v1/studies/nps", read, asked)
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(answer.json, self.of_shop("nps", "--sql", LATEST_SCORES, "--score", "score"))
        self.assertEqual(self.server.call("POST", "/v1/studies/diagnose", read, {}).json, self.of_shop("diagnose"))
        page = self.server.call("POST", "/v1/studies/nps?as=html&lang=zh-Hans", read, asked)
        self.assertIn("text/html", page.headers["content-type"])
        self.assertIn("</html>", page.body.decode())
        parts = self.server.call("POST", "/v1/studies/nps?as=parts", read, asked).json
        self.assertEqual({figure["name"]: figure["value"] for figure in parts["figures"] if not figure["group"]}["nps"], answer.json["nps"])

    def test_a_file_is_handed_over_and_studied(self):
        read = self.server.key("read")
        survey = Path(__file__).resolve().parent.parent.parent / "docs" / "study" / "service_survey.csv"
        table = self.server.call("POST", "/v1/study-tables", read, body=survey.read_bytes()).json
        self.assertEqual(table["n"], 200)
        self.assertEqual({column["name"]: column["type"] for column in table["columns"]}["s1"], "number")
        answer = self.server.call("POST", "/v1/studies/alpha", read, {"table": table["table"], "options": {"items": "s1,s2,s3"}})
        self.assertEqual(answer.json, json.loads(self.study("alpha", "--file", survey, "--items", "s1,s2,s3", "--json").stdout))
        gone = self.server.call("POST", "/v1/studies/alpha", read, {"table": "00", "options": {"items": "s1,s2"}})
        self.assertEqual(gone.status, 404, gone.body)
        for k in range(8):
            self.server.call("POST", "/v1/study-tables", read, body=b"a,b\n1,2\n")
        gone = self.server.call("POST", "/v1/studies/alpha", read, {"table": table["table"], "options": {"items": "s1,s2,s3"}})
        self.assertEqual(gone.status, 404, "the last eight are kept")


if __name__ == "__main__":
    unittest.main()
