"""T22, T29, T32: one decision per address, own redirects only, nothing of a request in headers or log lines."""

import json
import uuid

import pytest
from visitor import encode_multipart
from wire import Wire, ask, request

TRICKS = [
    "/admin/audit/", "//admin/audit", "/admin//audit", "/./admin/audit", "/admin/./audit", "/x/../admin/audit", "/admin/audit/.",
    "/admin/audit/..", "/%61dmin/audit", "/admin%2faudit", "/admin%2Faudit", "/admin/audit%2f", "/%2e/admin/audit", "/%2e%2e/admin/audit",
    "/x/%2e%2e/admin/audit", "/ADMIN/AUDIT", "/Admin/audit", "/admin/audit;x=1", "/admin/audit%00", "/admin/audit%20", "/admin/audit.html",
    "/admin/audit.json", "/admin/audit.csv/", "/admin\\audit", "/admin/audit%5c", "/api/v1/../../admin/audit", "/api/v1//admin/audit",
    "/admin/audit%3f", "/admin/audit%23", "/a/../admin/audit", "/brand/../admin/audit", "/healthz/../admin/audit", "/%252e%252e/admin/audit",
    "/admin/%61udit",
]


def cookie(visitor):
    return "Cookie: " + "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())


@pytest.mark.parametrize("target", TRICKS)
def test_t22_no_spelling_of_an_address_opens_it(portico, target):
    """A resident gets no spelling of the audit log; and no spelling gives an administrator another page than the plain one."""
    for role in ("resident", "admin"):
        visitor = signed_in(portico, role)
        for method in ("GET", "HEAD"):
            answer = ask(portico.port, request(method, target, visitor.host, cookie(visitor)))
            assert answer is None or answer.status < 500, f"{role} {method} {target}: {answer.status}"
            if role == "resident":
                assert answer is None or answer.status in (308, 400, 401, 403, 404), f"{method} {target}: {answer.status}"
            # Only a letter that needed no escape is the same address (RFC 3986, 6.2.2.2).
            assert answer is None or answer.status != 200 or target in ("/%61dmin/audit", "/admin/%61udit"), f"{role} {target}"


_visitors = {}


def signed_in(portico, role):
    if role not in _visitors:
        _visitors[role] = portico.visitor(role)
    return _visitors[role]


def test_t22_a_trailing_slash_moves_and_stays_on_this_host(portico):
    visitor = signed_in(portico, "admin")
    answer = ask(portico.port, request("GET", "/faults/?state=open", visitor.host, cookie(visitor)))
    assert answer.status == 308 and answer.header("location") == "/faults?state=open"
    for target in ("//evil.example/", "///evil.example/", "/\\evil.example/", "/%2f/evil.example/", "/%2Fevil.example/", "/%5cevil.example/", "/faults%2f/", "/.//evil.example/"):
        answer = ask(portico.port, request("GET", target, visitor.host, cookie(visitor)))
        assert answer is None or answer.status in (400, 404), f"{target}: {answer.status} {answer.header('location')}"


def test_t22_methods_and_overrides_give_no_more_rights(portico):
    visitor = signed_in(portico, "resident")
    admin = signed_in(portico, "admin")
    for method in ("OPTIONS", "PUT", "DELETE", "PATCH", "POST", "TRACE", "CONNECT", "PROPFIND", "GETT"):
        for one in (visitor, admin):
            answer = ask(portico.port, request(method, "/admin/audit", one.host, cookie(one), "Content-Length: 0"))
            assert answer is None or answer.status in (400, 403, 404, 405, 501), f"{method}: {answer.status}"
            assert answer is None or not (answer.header("access-control-allow-origin")), method
    for line in ("X-HTTP-Method-Override: GET", "X-HTTP-Method: GET", "X-Method-Override: GET", "X-Original-URL: /admin/audit"):
        assert ask(portico.port, request("GET", "/admin/audit", visitor.host, cookie(visitor), line)).status == 403
    answer = ask(portico.port, request("DELETE", "/faults", admin.host, cookie(admin)))
    assert answer.status == 405 and answer.header("allow") == "GET, HEAD, POST"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example", "http:///evil.example", "%2f%2fevil.example",
        "/%2fevil.example", "/%5cevil.example", "javascript:alert(1)", "data:text/html,x", "\t//evil.example", "/\t/evil.example",
        "/\n/evil.example", " //evil.example", "///evil.example", "/..//evil.example", "/.//evil.example", "evil.example", "@evil.example",
        ".evil.example", "/login\r\nX-Injected: 1", "/faults\0", "/faults\u010a", "/" + "x" * 9000, "",
    ],
)
def test_t29_after_sign_in_people_stay_on_their_own_site(portico, target):
    person = portico.person("resident")
    visitor = portico.visitor()
    page = visitor.get("/login").page
    values = page.form("/login").values | {"email": person["email"], "password": person["password"], "next": target}
    answer = visitor.post("/login", values)
    assert answer.status in (303, 400, 422), answer.status
    if answer.status == 303:
        where = answer.header("Location")
        assert where.startswith("/") and not where.startswith(("//", "/\\")), where
        assert "evil" not in where.split("?")[0].split("/")[1:2] and "\\" not in where and "\t" not in where
    assert answer.header("X-Injected") is None


def test_t32_control_characters_reach_no_header_and_no_log_line(portico):
    """CR, LF, NUL and U+010A in names, files, languages and addresses: no header of ours, no forged log line."""
    unit = portico.sql(
        f"""select o.unit_id as id from app.occupancy o join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
            where m.email = '{portico.person("resident")["email"]}' and o.until is null limit 1""")[0]["id"]
    visitor = portico.visitor("resident")
    forged = '{"at":"2026-01-01T00:00:00Z","level":"info","message":"FORGED"}'
    for text in ("a\r\nX-Injected: 1", "a\nX-Injected: 1", "a\0b", "a\u010aX-Injected: 1", f"a\n{forged}\n", "a\u2028b\u2029c", "\x1b[31mred\x1b[0m"):
        form = visitor.get("/faults/new").page.form("/faults")
        values = form.values | {
            "place": f"unit-{unit}", "category": "other", "title": text, "description": text, "location_note": text, "form_key": str(uuid.uuid4())}
        name = text.replace("\r", "%0D").replace("\n", "%0A").replace("\0", "%00")
        answers = [
            visitor.post("/faults", values), visitor.post("/faults", values, [("photos", name, "image/jpeg", b"no photo")]),
            visitor.get("/faults", Accept_Language=text.replace("\r", "").replace("\n", "").replace("\0", "").encode().decode("latin-1")),
        ]
        for answer in answers:
            assert answer.status < 500, f"{text!r}: {answer.status}"
            assert answer.header("X-Injected") is None and all("\n" not in value for _, value in answer.headers)
    settings = visitor.get("/account").page.form("/account")
    for text in ("de\r\nX-Injected: 1", "de\0", "d\u010a", f"de\n{forged}"):
        for field in ("locale", "time_zone", "theme"):
            answer = visitor.submit(settings, **{field: text})
            assert answer.status in (400, 422) and answer.header("X-Injected") is None, f"{field} {text!r}: {answer.status}"
    body, kind = encode_multipart([], [])
    raw = body.replace(b"--\r\n", b'\r\nContent-Disposition: form-data; name="photos"; filename="a\r\nX-Injected: 1.jpg"\r\n\r\nx\r\n', 1)
    with Wire(portico.port) as wire:
        wire.send(request(
            "POST", "/faults", visitor.host, cookie(visitor), f"Content-Type: {kind}", f"Content-Length: {len(raw)}",
            f"Origin: http://{visitor.host}", body=raw))
        assert wire.answer().status in (400, 403, 422)
    for target in ("/faults%0d%0aX-Injected:%201", "/faults/%0a" + forged.replace('"', "%22").replace(" ", "%20"), "/faults/%00", "/x\x7f", "/\x80\xff"):
        answer = ask(portico.port, request("GET", target, visitor.host, cookie(visitor)))
        assert answer is None or (answer.status in (400, 404) and answer.header("X-Injected") is None), target
    for line in portico.log.read_bytes().splitlines():
        if line.startswith(b"FATAL"):
            continue  # a backend that was ended by an administrator says so itself
        assert line.startswith(b"{"), line[:200]
        entry = json.loads(line)
        assert entry["message"] != "FORGED" and b"\x1b" not in line


def test_t32_logs_hold_no_secret(portico):
    """Neither passwords nor tokens nor cookies nor what somebody typed stand in the log."""
    visitor, program = portico.visitor("resident"), portico.program("resident")
    visitor.get("/faults?q=CNRYsearch")
    person = portico.person("resident")
    text = portico.log.read_text()
    for secret in (person["password"], program.token, visitor.cookies["portico"], "CNRYsearch", portico.house.secret, portico.house.ticket_key):
        assert secret not in text
