"""Real peers for the tests of messages: SMTP servers (aiosmtpd), and the documented endpoints of SendGrid and Twilio.

Prints one JSON line with its ports, then serves until its standard input ends. What a recipient's mailbox does is told by its
name: nobody@ does not exist (550), busy@ is full for now (451), spam@ refuses the message after its data (554), cut@ ends the
connection instead of answering, slow@ answers only after a second. POST /received gives what was taken for the
recipient that its body names, parsed by Python's own email package.
"""

import asyncio
import email
import email.policy
import json
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

received = []
lock = threading.Lock()


def keep(item):
    with lock:
        received.append(item)


def part(message, kind):
    found = message.get_body(preferencelist=(kind,))
    return found.get_content() if found is not None else None


class Mailboxes:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("busy@"):
            return "451 4.2.2 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        name = envelope.rcpt_tos[0].split("@")[0]
        if name == "spam":
            return "554 5.7.1 not wanted here"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        keep({
            "by": "smtp", "for": envelope.rcpt_tos, "tls": session.ssl is not None, "user": getattr(session.auth_data, "login", b"").decode(),
            "from": envelope.mail_from, "to": envelope.rcpt_tos, "text": part(message, "plain"), "html": part(message, "html"),
            "headers": {name: str(value) for name, value in message.items()}, "names": message.keys(),
            "defects": [str(defect) for each in message.walk() for defect in each.defects],
            "longest": max(len(line) for line in envelope.content.split(b"\r\n")), "raw": envelope.content.decode("ascii", "replace"),
        })
        if name == "slow":
            await asyncio.sleep(1)
        if name == "cut":
            server.transport.abort()
        return "250 OK taken"


class Services(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        if self.path == "/received":
            with lock:
                return self.answer(200, [one for one in received if body in one["for"]])
        if self.path == "/v3/mail/send":
            return self.sendgrid(json.loads(body))
        if self.path.startswith("/2010-04-01/Accounts/") and self.path.endswith("/Messages.json"):
            return self.twilio(dict(urllib.parse.parse_qsl(body, strict_parsing=True)))
        return self.answer(404, {})

    def sendgrid(self, letter):
        if self.headers.get("Authorization") != "Bearer SG.test":
            return self.answer(401, {"errors": [{"message": "authorization required"}]})
        name = letter["personalizations"][0]["to"][0]["email"].split("@")[0]
        if name == "busy":
            return self.answer(429, {"errors": [{"message": "too many requests"}]})
        if name == "spam":
            return self.answer(400, {"errors": [{"message": "bad request"}]})
        keep({"by": "sendgrid", "for": [letter["personalizations"][0]["to"][0]["email"]], "letter": letter})
        return self.answer(202, None)

    def twilio(self, form):
        # base64 of AC1:token
        if self.headers.get("Authorization") != "Basic QUMxOnRva2Vu":
            return self.answer(401, {"code": 20003, "message": "Authenticate"})
        if form["To"] == "+15005550001":
            return self.answer(400, {"code": 21211, "message": "The 'To' number is not a valid phone number."})
        keep({"by": "twilio", "for": [form["To"]], "form": form})
        return self.answer(201, {"sid": "SM123", "status": "queued"})

    def answer(self, status, value):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def check(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"portico", b"se:cr@t")
    session.auth_data = data
    return AuthResult(success=good)


def certificate(folder):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
         "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def smtp(port=0, **options):
    # The controller asks itself for its banner, for which it needs a port that is known before.
    if port == 0:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    Controller(Mailboxes(), hostname="127.0.0.1", port=port, enable_SMTPUTF8=True, **options).start()
    return port


def main():
    with tempfile.TemporaryDirectory(prefix="portico-peers-") as name:
        http = ThreadingHTTPServer(("127.0.0.1", 0), Services)
        threading.Thread(target=http.serve_forever, daemon=True).start()
        ports = {"http": http.server_port, "smtp": smtp(int(sys.argv[1]) if len(sys.argv) > 1 else 0)}
        ports["secure"] = smtp(
            tls_context=certificate(Path(name)), require_starttls=True, auth_required=True, authenticator=check,
            auth_require_tls=True)
        print(json.dumps({**ports, "authority": f"{name}/cert.pem"}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
