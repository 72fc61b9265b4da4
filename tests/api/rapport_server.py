"""A real server on a fresh folder, for black-box tests. Standard library only."""
import base64
import http.client
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def binary():
    build = Path(os.environ.get("RAPPORT_BUILD", ROOT / "build" / "release"))
    return build / "src" / "app" / "rapport"


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)


class Server:
    """`rapport serve` in a folder of its own; ends with SIGTERM and must end well."""

    def __init__(self, *options):
        self.folder = Path(tempfile.mkdtemp(prefix="rapport-api-"))
        self.data = self.folder / "data"
        self.options = options
        self.process = None
        self.port = 0
        self.start()

    def start(self):
        self.log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(
            [binary(), "serve", "--data", self.data, "--listen", "127.0.0.1:0", *self.options],
            stdout=self.log, stderr=self.log)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            self.port = self.find_port()
            if self.port and self.call("GET", "/readyz").status == 200:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError("the server did not start:\n" + (self.folder / "log").read_text(errors="replace"))

    def find_port(self):
        port = 0
        for line in (self.folder / "log").read_text(errors="replace").splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if entry.get("event") == "serving":
                port = int(entry["port"])
        return port

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        code = self.process.wait(timeout=60)
        self.log.close()
        (self.folder / "log").unlink()
        return code

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if not self.log.closed:
            self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *arguments, check=True):
        """The command line over the folder's socket."""
        done = subprocess.run([binary(), *map(str, arguments)], capture_output=True, text=True, timeout=120)
        if check and done.returncode != 0:
            raise RuntimeError(f"rapport {' '.join(map(str, arguments))}: {done.stderr}")
        return done

    def key(self, role, shop="main"):
        return self.run("keys", "add", "--data", self.data, "--shop", shop, "--role", role, "--quiet").stdout.strip()

    def call(self, method, path, key=None, body=None, headers=None):
        headers = dict(headers or {})
        if key:
            headers["Authorization"] = "Basic " + base64.b64encode(f"{key}:".encode()).decode()
        if isinstance(body, (dict, list)):
            body = json.dumps(body, ensure_ascii=False)
        if isinstance(body, str):
            body = body.encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body=body, headers=headers)
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        except ConnectionError:
            return Answer(0, {}, b"")
        finally:
            connection.close()


    def timeline(self, user, key, count):
        """The customer's events once there are `count`, or what there is after ten seconds: the index by customer
        follows the log at its own pace."""
        until = time.monotonic() + 10
        while True:
            answer = self.call("GET", f"/v1/customers/{user}/timeline?limit=1000", key)
            events = answer.json["events"] if answer.status == 200 else []
            if len(events) >= count or time.monotonic() > until:
                return events
            time.sleep(0.05)


class ServerTest(unittest.TestCase):
    """One server for all tests of a class."""
    server = None
    options = ()

    @classmethod
    def setUpClass(cls):
        if not binary().exists():
            message = f"no server at {binary()}; build it, or set RAPPORT_BUILD"
            if os.environ.get("CI") == "true":
                raise RuntimeError(message)
            raise unittest.SkipTest(message)
        cls.server = Server(*cls.options)
        cls.admin = cls.server.key("admin")
        cls.ingest = cls.server.key("ingest")
        cls.public = cls.server.key("public")
        cls.read = cls.server.key("read")

    @classmethod
    def tearDownClass(cls):
        if cls.server:
            cls.server.close()
