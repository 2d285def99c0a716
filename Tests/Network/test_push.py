"""Web Push (RFC 8030, 8291, 8292) and Firebase: what devices get from a real server and its worker.

The push service is a server of the test's own; http_ece opens what it received and PyJWT verifies who sent it, neither of which shares a
line with Portico.
"""

import base64
import json
import secrets
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import http_ece
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from portico import Portico


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def bytes_of(words: str) -> bytes:
    return base64.urlsafe_b64decode(words + "=" * (-len(words) % 4))


class Service(ThreadingHTTPServer):
    """A push service, a token endpoint and Firebase. `answers` says with what an address answers next: (status, headers)."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.heard, self.answers, self.lock = [], {}, threading.Lock()
        self.key = rsa.generate_private_key(65537, 2048)
        self.bearer = secrets.token_hex(16)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def account(self) -> str:
        pem = self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return json.dumps({
            "type": "service_account", "project_id": "portico-test", "private_key_id": "k1", "private_key": pem.decode(),
            "client_email": "push@portico-test.iam.test", "token_uri": f"{self.url}/token"})

    def at(self, path: str) -> list:
        with self.lock:
            return [one for one in self.heard if one["path"] == path]

    def wait(self, path: str, count: int = 1, seconds: float = 60) -> list:
        end = time.monotonic() + seconds
        while len(self.at(path)) < count:
            assert time.monotonic() < end, f"{path} was asked {len(self.at(path))} times in {seconds} s, not {count}"
            time.sleep(0.05)
        return self.at(path)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        with self.server.lock:
            self.server.heard.append({"path": self.path, "headers": dict(self.headers.items()), "body": body})
            waiting = self.server.answers.get(self.path)
            planned = waiting.pop(0) if waiting else None
        if planned:
            return self.answer(*planned)
        if self.path == "/token":
            return self.token(dict(urllib.parse.parse_qsl(body.decode(), strict_parsing=True)))
        if self.path.endswith("/messages:send"):
            return self.firebase(json.loads(body))
        return self.answer(201, {})

    def token(self, form: dict):
        """RFC 7523, as Google wants it."""
        claims = jwt.decode(form["assertion"], self.server.key.public_key(), ["RS256"], audience=f"{self.server.url}/token")
        good = form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer" and claims["iss"] == "push@portico-test.iam.test" \
            and claims["scope"] == "https://www.googleapis.com/auth/firebase.messaging" and claims["exp"] - claims["iat"] <= 3600
        if not good:
            return self.answer(400, {}, {"error": "invalid_grant"})
        self.answer(200, {}, {"access_token": self.server.bearer, "expires_in": 3599, "token_type": "Bearer"})

    def firebase(self, message: dict):
        if self.headers.get("Authorization") != f"Bearer {self.server.bearer}":
            return self.answer(401, {}, {"error": {"code": 401, "status": "UNAUTHENTICATED"}})
        if message["message"]["token"].startswith("gone"):
            detail = {"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": "UNREGISTERED"}
            return self.answer(404, {}, {"error": {"code": 404, "status": "NOT_FOUND", "details": [detail]}})
        self.answer(200, {}, {"name": "projects/portico-test/messages/1"})

    def answer(self, status: int, headers: dict, value=None):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        for name, one in headers.items():
            self.send_header(name, one)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Browser:
    """The keys of a subscription."""

    def __init__(self):
        self.key, self.auth = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(16)

    def subscribe(self, person, url: str) -> dict:
        point = self.key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        answer = person.post("push/registrations", {"endpoint": url, "p256dh": text(point), "auth": text(self.auth)})
        assert answer.status == 201, answer.text
        return answer.json()

    def read(self, body: bytes) -> dict:
        return json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth, version="aes128gcm"))


@pytest.fixture(scope="module")
def service():
    service = Service()
    yield service
    service.shutdown()


@pytest.fixture(scope="module")
def portico(cluster, service):
    with Portico(
            cluster, PORTICO_OUTBOUND_PRIVATE=f"127.0.0.1:{service.server_port}", PORTICO_FCM_ACCOUNT=service.account,
            PORTICO_FCM_URL=service.url) as portico:
        yield portico


@pytest.fixture(scope="module")
def manager(portico):
    return portico.program("manager")


@pytest.fixture(scope="module")
def talk(portico):
    """Says something to the manager in a conversation of the resident's."""
    resident = portico.program("resident")
    person = portico.sql(f"select id from app.member where email = '{portico.person('manager')['email']}'")[0]["id"]
    made = resident.post("conversations", {"participantIds": [person], "subject": "Push"})
    assert made.status == 201, made.text
    id = made.json()["conversationId"]

    def say(words: str):
        answer = resident.post(f"conversations/{id}/messages", {"content": words})
        assert answer.status == 201, answer.text
        # Nobody has to wait for ten seconds.
        portico.sql("update jobs.queue set run_at = now() where kind = 'messaging.push' and state = 'queued'")
        portico.sql("notify jobs")
    say.id = id
    return say


def forget(manager):
    for one in manager.get("push/registrations").json()["items"]:
        assert manager.request("DELETE", f"push/registrations/{one['id']}").status == 204


def test_an_independent_implementation_reads_what_a_browser_gets_and_knows_who_sent_it(portico, service, manager, talk):
    forget(manager)
    browser = Browser()
    browser.subscribe(manager, f"{service.url}/browser/1")
    talk("The lift **stands still** again. Straße 12 🛗")
    heard = service.wait("/browser/1")[0]
    shown = browser.read(heard["body"])
    assert shown["body"] == "The lift stands still again. Straße 12 🛗"
    assert shown["path"] == f"/messages/{talk.id}" and shown["tag"] == f"conversation:{talk.id}"
    assert shown["title"] == portico.sql(f"select name from app.member where email = '{portico.person('resident')['email']}'")[0]["name"]
    headers = {name.lower(): value for name, value in heard["headers"].items()}
    assert headers["content-encoding"] == "aes128gcm" and headers["ttl"] == "86400" and headers["urgency"] == "normal"
    assert len(bytes_of(headers["topic"])) == 24 and len(heard["body"]) <= 4096
    # RFC 8292: `vapid t=<jwt>, k=<public key>`.
    scheme, rest = headers["authorization"].split(" ", 1)
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes_of(parts["k"]))
    claims = jwt.decode(parts["t"], key, ["ES256"], audience=service.url)
    assert scheme == "vapid" and claims["sub"].startswith("mailto:")
    assert 0 < claims["exp"] - time.time() <= 12 * 3600
    assert parts["k"] == manager.get("push/key").json()["key"]
    time.sleep(2)
    assert len(service.at("/browser/1")) == 1, "one message, one push"


def test_another_browser_cannot_read_it(service, manager, talk):
    forget(manager)
    browser, other = Browser(), Browser()
    browser.subscribe(manager, f"{service.url}/browser/2")
    talk("For you alone")
    body = service.wait("/browser/2")[0]["body"]
    with pytest.raises(Exception):
        other.read(body)
    assert b"For you alone" not in body


def test_a_browser_that_is_gone_is_forgotten(service, manager, talk, portico):
    forget(manager)
    Browser().subscribe(manager, f"{service.url}/gone")
    service.answers["/gone"] = [(410, {})]
    talk("Anybody there?")
    service.wait("/gone")
    portico.wait_for_jobs()
    assert manager.get("push/registrations").json()["items"] == []
    talk("Nobody?")
    portico.wait_for_jobs()
    assert len(service.at("/gone")) == 1


def test_a_service_that_is_busy_is_asked_again_when_it_says(service, manager, talk, portico):
    forget(manager)
    browser = Browser()
    browser.subscribe(manager, f"{service.url}/busy")
    service.answers["/busy"] = [(429, {"Retry-After": "2"})]
    talk("It is urgent")
    asked = service.wait("/busy", 2)
    assert browser.read(asked[1]["body"])["body"] == "It is urgent"
    time.sleep(2)
    assert len(service.at("/busy")) == 2


def test_a_page_registers_the_browser_as_its_script_does(service, portico, talk):
    visitor = portico.visitor("manager")
    page = visitor.get("/account/notifications")
    assert "/sw.js" in page.text and visitor.get("/sw.js").header("Content-Type").startswith("text/javascript")
    form = page.page.form("/push/registrations")
    browser = Browser()
    point = browser.key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    answer = visitor.submit(form, endpoint=f"{service.url}/page", p256dh=text(point), auth=text(browser.auth))
    assert answer.status == 303, answer.text
    trial = visitor.submit(visitor.get("/account/notifications").page.form("/push/registrations/trial"))
    assert trial.status == 303
    assert browser.read(service.wait("/page")[0]["body"])["tag"] == "trial"


def test_an_app_is_told_through_firebase_and_forgotten_when_it_is_gone(service, manager, talk, portico):
    forget(manager)
    for token in ("phone-1", "gone-2"):
        assert manager.post("push/registrations", {"kind": "fcm", "token": token, "label": token}).status == 201
    talk("Said in confidence")
    path = "/v1/projects/portico-test/messages:send"
    service.wait(path, 2)
    portico.wait_for_jobs()
    messages = {json.loads(one["body"])["message"]["token"]: one for one in service.at(path)}
    assert set(messages) == {"phone-1", "gone-2"}
    # Google reads what it carries: who wrote, and not what.
    assert b"in confidence" not in messages["phone-1"]["body"]
    assert json.loads(messages["phone-1"]["body"])["message"]["data"]["path"] == f"/messages/{talk.id}"
    assert [one["label"] for one in manager.get("push/registrations").json()["items"]] == ["phone-1"]
    assert 1 <= len(service.at("/token")) <= 2
