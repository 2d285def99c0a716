"""Two clients over plain http.client: a browser without scripts that fills in forms, and a program with a bearer token."""

import gzip
import http.client
import json
import re
import secrets
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit


@dataclass
class Answer:
    status: int
    headers: list
    body: bytes
    path: str

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def all(self, name: str) -> list:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self):
        return json.loads(self.body)

    @property
    def page(self) -> "Page":
        return Page.read(self.text)


@dataclass
class Form:
    action: str
    method: str
    multipart: bool
    values: dict = field(default_factory=dict)
    options: dict = field(default_factory=dict)


class Page(HTMLParser):
    """The parts of a page that tests ask for: title, headings, forms with the values that a browser would send."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.forms, self.links, self.images, self.ids = [], [], [], []
        self.title = self.h1 = ""
        self.texts = []
        self._form = self._text = self._select = None

    @classmethod
    def read(cls, html: str) -> "Page":
        page = cls()
        page.feed(html)
        page.close()
        return page

    def form(self, ending: str) -> Form:
        for form in self.forms:
            if form.action.endswith(ending):
                return form
        raise AssertionError(f"no form to …{ending}; there are {[form.action for form in self.forms]}")

    def has_form(self, ending: str) -> bool:
        return any(form.action.endswith(ending) for form in self.forms)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def handle_starttag(self, tag, attributes):
        values = {name: value or "" for name, value in attributes}
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "form":
            self._form = Form(values.get("action", ""), values.get("method", "get"), "multipart" in values.get("enctype", ""))
            self.forms.append(self._form)
        elif tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "img":
            self.images.append(values)
        elif tag in ("title", "h1", "textarea"):
            self._text = (tag, values.get("name"), [])
        elif self._form and tag == "input" and "name" in values:
            self._input(values)
        elif self._form and tag == "select":
            self._select = values.get("name")
            self._form.values.setdefault(self._select, "")
            self._form.options[self._select] = []
        elif self._select and tag == "option":
            value = values.get("value", "")
            self._form.options[self._select].append(value)
            if "selected" in values or not self._form.values[self._select]:
                self._form.values[self._select] = value

    def _input(self, values):
        name, kind = values["name"], values.get("type", "text")
        if kind == "file":
            return
        if kind in ("radio", "checkbox"):
            self._form.options.setdefault(name, []).append(values.get("value", "on"))
            if "checked" not in values:
                return
        self._form.values[name] = values.get("value", "")

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_data(self, data):
        self.texts.append(data)
        if self._text:
            self._text[2].append(data)

    def handle_endtag(self, tag):
        if self._text and tag == self._text[0]:
            text = "".join(self._text[2])
            if tag == "textarea" and self._form:
                self._form.values[self._text[1]] = text.removeprefix("\n")
            elif tag in ("title", "h1"):
                setattr(self, tag, text.strip())
            self._text = None
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None


class Client:
    def __init__(self, port: int, host: str):
        self.port = port
        self.host = host
        self.connection = None

    def send(self, method: str, path: str, body: bytes | None, headers: dict) -> Answer:
        """One request; a kept connection that the server has closed meanwhile is opened again."""
        for attempt in (1, 2):
            fresh = self.connection is None
            if fresh:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                self.connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
                for name, value in ({"Host": self.host} | headers).items():
                    self.connection.putheader(name, value)
                if body is not None or method not in ("GET", "HEAD", "OPTIONS"):
                    self.connection.putheader("Content-Length", str(len(body or b"")))
                self.connection.endheaders(body)
                response = self.connection.getresponse()
                data = response.read()
            except (OSError, http.client.HTTPException):
                self.close()
                if fresh or attempt == 2:
                    raise
                continue
            if response.will_close:
                self.close()
            if response.getheader("Content-Encoding") == "gzip":
                data = gzip.decompress(data)
            return Answer(response.status, response.getheaders(), data, path)
        raise AssertionError("unreachable")

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None


class Visitor(Client):
    """A browser without scripts: cookies, redirects, forms."""

    def __init__(self, port: int, host: str, language: str | None = None):
        super().__init__(port, host)
        self.cookies = {}
        self.language = language

    def request(self, method: str, path: str, body: bytes | None = None, headers: dict | None = None) -> Answer:
        full = {"Accept": "text/html"}
        if self.language:
            full["Accept-Language"] = self.language
        if self.cookies:
            full["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.send(method, path, body, full | (headers or {}))
        for line in answer.all("Set-Cookie"):
            name, _, value = line.split(";")[0].partition("=")
            if not value or "max-age=0" in line.lower().replace(" ", ""):
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return answer

    def get(self, path: str, **headers: str) -> Answer:
        return self.request("GET", path, None, {name.replace("_", "-"): value for name, value in headers.items()})

    def follow(self, answer: Answer) -> Answer:
        for _ in range(5):
            if answer.status not in (301, 302, 303, 307, 308):
                return answer
            parts = urlsplit(answer.header("Location"))
            answer = self.get(parts.path + (f"?{parts.query}" if parts.query else ""))
        raise AssertionError("redirects for ever")

    def post(self, path: str, values: dict, files: list | None = None, multipart: bool = False, **headers: str) -> Answer:
        """Sends a form as a browser does. `files` are (field, file name, type, bytes)."""
        if files or multipart:
            body, kind = encode_multipart(list(values.items()), files or [])
        else:
            body, kind = urlencode(values).encode(), "application/x-www-form-urlencoded"
        wanted = {"Content-Type": kind, "Origin": f"http://{self.host}", "Sec-Fetch-Site": "same-origin"}
        wanted |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request("POST", path, body, wanted)

    def submit(self, form: Form, files: list | None = None, **values: str) -> Answer:
        return self.post(form.action, form.values | values, files, form.multipart)

    def sign_in(self, email: str, password: str) -> "Visitor":
        form = self.get("/login").page.form("/login")
        answer = self.submit(form, email=email, password=password)
        assert answer.status == 303, f"sign-in of {email}: {answer.status} {answer.page.words[:300]}"
        return self


class Program(Client):
    """A program that speaks JSON to /api/v1."""

    token = None

    def sign_in(self, email: str, password: str) -> "Program":
        answer = self.post("auth/login", {"email": email, "password": password})
        assert answer.status == 200, f"{answer.status} {answer.text}"
        self.token = answer.json()["accessToken"]
        return self

    def request(self, method: str, path: str, body: bytes | None = None, headers: dict | None = None) -> Answer:
        full = {"Accept": "application/json"}
        if self.token:
            full["Authorization"] = f"Bearer {self.token}"
        return self.send(method, path if path.startswith("/") else f"/api/v1/{path}", body, full | (headers or {}))

    def get(self, path: str) -> Answer:
        return self.request("GET", path)

    def post(self, path: str, values: dict | list | None = None, key: str | None = None, method: str = "POST") -> Answer:
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        return self.request(method, path, json.dumps(values if values is not None else {}).encode(), headers)

    def patch(self, path: str, values: dict) -> Answer:
        return self.post(path, values, method="PATCH")

    def upload(self, path: str, values: dict, files: list, key: str | None = None) -> Answer:
        body, kind = encode_multipart(list(values.items()), files)
        return self.request("POST", path, body, {"Content-Type": kind} | ({"Idempotency-Key": key} if key else {}))


def encode_multipart(values: list, files: list) -> tuple[bytes, str]:
    boundary = f"----portico{secrets.token_hex(12)}"
    out = bytearray()
    for name, value in values:
        out += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    for name, filename, kind, data in files:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\nContent-Type: {kind}\r\n\r\n'
        out += head.encode("utf-8", "surrogateescape") + data + b"\r\n"
    out += f"--{boundary}--\r\n".encode()
    return bytes(out), f"multipart/form-data; boundary={boundary}"


def masked(answer: Answer) -> tuple:
    """Status, headers and body without what differs between two requests for the same thing: request id, form keys, date, and how many
    answers the server had still in mind (which only one in development tells)."""
    drop = {"x-request-id", "date", "server-timing"}
    ids = [value for name, value in answer.headers if name.lower() == "x-request-id"]
    body = answer.body
    for one in ids:
        body = body.replace(one.encode(), b"REQUEST")
    body = re.sub(rb'(name="(?:form_key|csrf_token)" value=")[^"]*', rb"\1", body)
    headers = sorted((name.lower(), "ETAG" if name.lower() == "etag" else value) for name, value in answer.headers if name.lower() not in drop)
    return answer.status, tuple(headers), body
