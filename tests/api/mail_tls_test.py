#!/usr/bin/env python3
"""Letters go out by TLS and by nothing less: a small mail server with certificates of a CA made for the test."""
import json
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from rapport_server import Server, binary

LETTER_WAIT_S = 30


def run_openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


class Authority:
    """Certificates for `localhost` and for another name, both of one CA; and a CA that signed neither."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="rapport-ca-"))
        for name in ("ca", "other"):
            run_openssl(self.folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", "2", "-subj", f"/CN=rapport test {name}",
                        "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")
        for name, host in (("good", "localhost"), ("elsewhere", "mail.elsewhere.example")):
            (self.folder / f"{name}.ext").write_text(f"subjectAltName=DNS:{host}\nbasicConstraints=CA:FALSE\n")
            run_openssl(self.folder, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={host}")
            run_openssl(self.folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                        "-CAcreateserial", "-days", "2", "-extfile", f"{name}.ext", "-out", f"{name}.pem")

    def context(self, name):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        return context

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class MailServer:
    """Takes letters, one connection a thread. `implicit`: TLS from the first byte; else STARTTLS, where offered."""

    def __init__(self, context, implicit, offers_tls=True):
        self.context, self.implicit, self.offers_tls = context, implicit, offers_tls
        self.letters, self.handshakes, self.clear_commands = [], [], []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def secure(self, connection):
        try:
            secured = self.context.wrap_socket(connection, server_side=True)
        except (ssl.SSLError, OSError) as error:
            self.handshakes.append(str(error))
            return None
        self.handshakes.append(secured.version())
        return secured

    def serve(self, connection):
        is_secure = self.implicit
        if self.implicit:
            connection = self.secure(connection)
        if connection is None:
            return
        try:
            self.talk(connection, is_secure)
        except (OSError, ValueError):
            pass
        finally:
            connection.close()

    def talk(self, connection, is_secure):
        stream = connection.makefile("rwb")

        def say(text):
            stream.write(text.encode() + b"\r\n")
            stream.flush()

        say("220 test")
        while True:
            line = stream.readline().decode(errors="replace").strip()
            if not line:
                return
            verb = line.split(" ")[0].upper()
            if not is_secure:
                self.clear_commands.append(verb)
            if verb == "EHLO":
                say("250-test" if self.offers_tls and not is_secure else "250 test")
                if self.offers_tls and not is_secure:
                    say("250 STARTTLS")
            elif verb == "STARTTLS":
                say("220 go ahead")
                secured = self.secure(connection)
                if secured is None:
                    return
                return self.talk_on(secured)
            elif verb == "DATA":
                say("354 go on")
                lines = []
                while (one := stream.readline()) not in (b".\r\n", b""):
                    lines.append(one)
                self.letters.append((is_secure, b"".join(lines).decode(errors="replace")))
                say("250 taken")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")

    def talk_on(self, secured):
        """After STARTTLS a session begins anew, without a greeting."""
        stream = secured.makefile("rwb")
        plain_write = stream.write
        stream.write = lambda data: None if data == b"220 test\r\n" else plain_write(data)

        class Secured:
            @staticmethod
            def makefile(_):
                return stream

        self.talk(Secured(), True)

    def close(self):
        self.listener.close()


@unittest.skipUnless(shutil.which("openssl") or os.environ.get("CI") == "true", "openssl makes the test's certificates")
class MailOverTls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not binary().exists() and os.environ.get("CI") != "true":
            raise unittest.SkipTest(f"no server at {binary()}; build it, or set RAPPORT_BUILD")
        cls.authority = Authority()

    @classmethod
    def tearDownClass(cls):
        cls.authority.close()

    def send_by(self, mail, security, ca="ca"):
        """Invites a customer by letter; returns the server, which the caller closes."""
        config = self.authority.folder / "rapport.toml"
        config.write_text("[mail]\n"
                          f'host = "localhost"\nport = {mail.port}\nsecurity = "{security}"\nfrom = "care@shop.example"\n'
                          f'ca_file = "{self.authority.folder / (ca + ".pem")}"\nbase_url = "https://shop.example"\n'
                          'language = "en"\n')
        server = Server("--config", str(config))
        self.addCleanup(server.close)
        self.addCleanup(mail.close)
        admin = server.key("admin")
        events = [{"type": "identify", "userId": "ada", "messageId": "i", "traits": {"email": "ada@example.com"}},
                  {"type": "track", "userId": "ada", "messageId": "c", "event": "Consent Updated",
                   "properties": {"purpose": "service", "channel": "email", "granted": True}}]
        self.assertEqual(server.call("POST", "/v1/batch", admin, {"batch": events}).status, 200)
        self.assertEqual(server.call("PUT", "/v1/surveys/nps", admin, {"template": "nps"}).status, 200)
        invited = server.call("POST", "/v1/surveys/nps/invitations", admin,
                              {"customer": "user_id:ada", "channel": "email", "send": True})
        self.assertEqual(invited.status, 200, invited.body)
        self.assertEqual(len(invited.json["invited"]), 1, invited.body)
        return server

    def wait_for(self, holds):
        until = time.monotonic() + LETTER_WAIT_S
        while time.monotonic() < until and not holds():
            time.sleep(0.05)
        self.assertTrue(holds())

    def said(self, server):
        """What the server's log says of letters that did not leave."""
        lines = (server.folder / "log").read_text(errors="replace").splitlines()
        return [json.loads(line) for line in lines if "a letter" in line]

    def check_letter(self, mail):
        self.wait_for(lambda: mail.letters)
        is_secure, letter = mail.letters[0]
        self.assertTrue(is_secure)
        self.assertIn("To: ada@example.com", letter)
        self.assertIn(mail.handshakes[0], ("TLSv1.2", "TLSv1.3"))

    def check_refused(self, server, mail):
        self.wait_for(lambda: self.said(server))
        self.assertEqual(mail.letters, [])
        self.assertNotIn("MAIL", mail.clear_commands)
        self.assertNotIn("DATA", mail.clear_commands)
        return json.dumps(self.said(server)[0]).lower()

    def test_starttls_carries_a_letter(self):
        mail = MailServer(self.authority.context("good"), implicit=False)
        self.send_by(mail, "starttls")
        self.check_letter(mail)
        self.assertEqual(set(mail.clear_commands), {"EHLO", "STARTTLS"})

    def test_tls_from_the_first_byte_carries_a_letter(self):
        mail = MailServer(self.authority.context("good"), implicit=True)
        self.send_by(mail, "tls")
        self.check_letter(mail)

    def test_a_certificate_of_another_name_is_refused_and_said(self):
        for security in ("starttls", "tls"):
            mail = MailServer(self.authority.context("elsewhere"), implicit=security == "tls")
            why = self.check_refused(self.send_by(mail, security), mail)
            self.assertRegex(why, "certificate|peer|ssl", security)

    def test_an_unknown_authority_is_refused_and_said(self):
        mail = MailServer(self.authority.context("good"), implicit=True)
        why = self.check_refused(self.send_by(mail, "tls", ca="other"), mail)
        self.assertRegex(why, "certificate|ssl")

    def test_a_server_that_offers_no_tls_gets_no_letter(self):
        mail = MailServer(self.authority.context("good"), implicit=False, offers_tls=False)
        why = self.check_refused(self.send_by(mail, "starttls"), mail)
        self.assertRegex(why, "ssl|tls")


if __name__ == "__main__":
    unittest.main()
