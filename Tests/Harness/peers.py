"""Real servers beside Portico that can be stopped and started again at the same address: mail (aiosmtpd), storage (moto's S3) and
an identity provider (oidc-provider-mock).

    with RealHouse(cluster, folder) as house:
        house.mailbox.stop()
"""

import email
import email.policy
import json
import os
import re
import shutil
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from xml.etree import ElementTree

from aiosmtpd.controller import Controller
from portico import ROOT, Portico, free_port

# Seconds until a server that was just started counts as missing.
PATIENCE = 120


class Mailbox:
    """Takes mail for everybody and keeps it, also over a stop."""

    def __init__(self):
        self.port, self.taken, self.lock, self.controller = free_port(), [], threading.Lock(), None

    def __enter__(self) -> "Mailbox":
        return self.start()

    def __exit__(self, *_):
        self.stop()

    @property
    def settings(self) -> dict:
        return {"PORTICO_SMTP_URL": f"smtp://127.0.0.1:{self.port}?starttls=never", "PORTICO_MAIL_FROM": "notices@portico.test"}

    def start(self) -> "Mailbox":
        if not self.controller:
            self.controller = Controller(self, hostname="127.0.0.1", port=self.port, enable_SMTPUTF8=True)
            self.controller.start()
        return self

    def stop(self):
        if self.controller:
            self.controller.stop()
        self.controller = None

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        with self.lock:
            self.taken += [(address, message) for address in envelope.rcpt_tos]
        return "250 OK"

    def mails(self, address: str) -> list:
        """What was taken for an address, oldest first."""
        with self.lock:
            return [message for recipient, message in self.taken if recipient == address]

    def subjects(self, address: str) -> list:
        return [str(message["Subject"]) for message in self.mails(address)]

    def link(self, address: str, path: str) -> str:
        """The newest link to such a path in the newest mails to an address, without scheme and host."""
        for message in reversed(self.mails(address)):
            found = re.search(rf"https?://[^/\s]+({re.escape(path)}\S*)", message.get_body(("plain",)).get_content())
            if found:
                return found.group(1)
        raise AssertionError(f"no link to {path} for {address}: {self.subjects(address)}")


class Bucket:
    """Moto's server with one bucket. What it kept is gone when it is stopped, as after the loss of a disk."""

    name = "portico-test"

    def __init__(self):
        self.port, self.process = free_port(), None

    def __enter__(self) -> "Bucket":
        return self.start()

    def __exit__(self, *_):
        self.stop()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict:
        return {
            "PORTICO_S3_ENDPOINT": self.address, "PORTICO_S3_BUCKET": self.name, "PORTICO_S3_KEY": "key", "PORTICO_S3_SECRET": "secret",
            "PORTICO_S3_REGION": "eu-central-1",
        }

    def start(self) -> "Bucket":
        if self.process:
            return self
        folder = os.environ.get("PORTICO_PEERS")
        assert folder, "bin/test sets PORTICO_PEERS, the folder of moto_server"
        self.process = subprocess.Popen(
            [Path(folder) / "moto_server", "-H", "127.0.0.1", "-p", str(self.port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=os.environ | {"MOTO_S3_CUSTOM_ENDPOINTS": self.address})
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self._ask("PUT", b"<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint></CreateBucketConfiguration>")
                return self
            except (ConnectionError, urllib.error.URLError) as error:
                assert not isinstance(error, urllib.error.HTTPError), error.read()
                assert self.process.poll() is None and time.monotonic() < end, "moto's server does not listen"
                time.sleep(0.1)

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
        self.process = None

    def _ask(self, method: str, body: bytes | None = None, query: str = "") -> bytes:
        # Signed as far as moto looks.
        headers = {"Content-Type": "application/xml", "Authorization": "AWS4-HMAC-SHA256 Credential=key/20260101/eu-central-1/s3/aws4_request, SignedHeaders=host, Signature=0"}
        request = urllib.request.Request(f"{self.address}/{self.name}{query}", body, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()

    def keys(self) -> set:
        """Every object in it."""
        tree = ElementTree.fromstring(self._ask("GET", query="?list-type=2&max-keys=1000"))
        return {one.text for one in tree.iter() if one.tag.endswith("}Key") or one.tag == "Key"}


class IdentityProvider:
    """Tests/Peers/provider.py: OpenID Connect by Authlib. Whom it knows is forgotten when it is stopped."""

    def __init__(self):
        self.port, self.process = free_port(), None

    def __enter__(self) -> "IdentityProvider":
        return self.start()

    def __exit__(self, *_):
        self.stop()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict:
        return {"PORTICO_OUTBOUND_PRIVATE": f"127.0.0.1:{self.port}"}

    def start(self) -> "IdentityProvider":
        if not self.process:
            folder = os.environ.get("PORTICO_PEERS")
            assert folder, "bin/test sets PORTICO_PEERS, the folder of the Python that has oidc-provider-mock"
            self.process = subprocess.Popen(
                [Path(folder) / "python", "-B", ROOT / "Tests/Peers/provider.py", str(self.port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL)
            assert json.loads(self.process.stdout.readline())["issuer"] == self.issuer
        return self

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
        self.process = None

    def person(self, subject: str, **claims):
        """What it says of somebody."""
        request = urllib.request.Request(
            f"{self.issuer}/users/{subject}", json.dumps(claims).encode(), {"Content-Type": "application/json"}, method="PUT")
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert answer.status == 204


class RealHouse(Portico):
    """A Portico with a mail server and a store of its own, and its worker in a second process, which can be killed alone.

    Everybody may register with both companies.
    """

    def __init__(self, cluster, folder: Path):
        shutil.copytree(ROOT / "Public", folder / "Public")     # assets are no links
        for name in ("Templates", "Migrations"):
            (folder / name).symlink_to(ROOT / name)
        shutil.copytree(ROOT / "tenants", folder / "tenants")
        closed = folder / "tenants/lindenhof/tenant.yaml"
        text = closed.read_text()
        assert "registration: {rule: closed}" in text
        closed.write_text(text.replace("registration: {rule: closed}", "registration: {rule: open, role: resident}"))
        self.mailbox, self.bucket, self.hand = Mailbox(), Bucket(), None
        super().__init__(cluster, role="web", home=folder, **self.mailbox.settings, **self.bucket.settings)

    def __enter__(self) -> "RealHouse":
        try:
            self.mailbox.start()
            self.bucket.start()
            super().__enter__()
            self.hire()
        except BaseException:
            self.leave()
            raise
        return self

    def __exit__(self, *arguments):
        self.fire()
        if self.house:
            super().__exit__(*arguments)
        self.leave()

    def leave(self):
        self.mailbox.stop()
        self.bucket.stop()

    def hire(self):
        if not self.hand:
            self.hand = self.worker()

    def fire(self):
        """kill -9 of the worker."""
        if self.hand:
            self.end(self.hand)
        self.hand = None

    def later(self, done, what: str, seconds: float = 240):
        """Until something is so. What waits for its next try is due at once: nobody has to wait for minutes."""
        end = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < end, f"not {what} after {seconds} s\n{self.tail()}"
            self.sql("update jobs.queue set run_at = now() where state = 'queued' and attempt > 0 and run_at > now()")
            time.sleep(0.5)
