"""T03: only the Host of the connection and the session of that company choose the tenant."""

import json

import pytest
from wire import ask, request

LINDENHOF = "lindenhof.localhost"
HARBOUR = "harbour.localhost"


def host(portico, name):
    return f"{name}:{portico.port}"


@pytest.mark.parametrize(
    "label, lines",
    [
        ("no Host", []),
        ("empty Host", ["Host:"]),
        ("two Hosts", ["Host: lindenhof.localhost", "Host: harbour.localhost"]),
        ("the same Host twice", ["Host: lindenhof.localhost", "Host: lindenhof.localhost"]),
        ("a list", ["Host: lindenhof.localhost, harbour.localhost"]),
        ("a user before the Host", ["Host: harbour.localhost@lindenhof.localhost"]),
        ("a path in the Host", ["Host: lindenhof.localhost/../harbour.localhost"]),
        ("a stranger's Host", ["Host: lindenhof.localhost.evil.example"]),
        ("a prefix of a Host", ["Host: lindenhof.localhos"]),
        ("an address", ["Host: 127.0.0.1"]),
        ("NUL in the Host", ["Host: lindenhof.localhost\0harbour.localhost"]),
        ("a tab in the Host", ["Host: lindenhof\t.localhost"]),
        ("a space before the colon", ["Host : lindenhof.localhost"]),
    ],
)
def test_t03_a_request_without_exactly_one_known_host_gets_nothing(portico, label, lines):
    data = "\r\n".join(["GET /login HTTP/1.1", *lines]).encode("latin-1") + b"\r\n\r\n"
    answer = ask(portico.port, data)
    assert answer is None or answer.status in (400, 404), f"{label}: {answer.status}"
    if answer is not None:
        assert b"Harbour" not in answer.body, label


@pytest.mark.parametrize(
    "target",
    [
        "//harbour.localhost/login", "harbour.localhost/login", "*", "lindenhof.localhost:443", "login", "?login", "\\login",
    ],
)
def test_t03_a_target_that_is_no_path_is_refused(portico, target):
    answer = ask(portico.port, request("GET", target, host(portico, LINDENHOF)))
    assert answer is None or answer.status in (400, 404), f"{target}: {answer.status}"


@pytest.mark.parametrize("target", ["http://harbour.localhost/login", "https://harbour.localhost/login", "http://lindenhof.localhost/login", "http://"])
def test_t03_an_absolute_target_names_no_other_company(portico, target):
    """Refused, or served as the Host's company; never as the one in the target."""
    answer = ask(portico.port, request("GET", target, host(portico, LINDENHOF)))
    assert answer is None or (answer.status in (200, 303, 400, 404) and b"Harbour" not in answer.body), f"{target}: {answer.status}"


@pytest.mark.parametrize("spelling", ["LINDENHOF.localhost", "lindenhof.localhost", "Lindenhof.LocalHost"])
def test_t03_the_case_of_a_host_does_not_matter(portico, spelling):
    answer = ask(portico.port, request("GET", "/login", host(portico, spelling)))
    assert answer.status == 200 and b"Lindenhof" in answer.body


def test_t03_nothing_but_the_host_names_a_tenant(portico):
    """The other company's name in headers, query, cookie and body changes no answer."""
    program = portico.program("manager")
    plain = program.get("faults?limit=3").json()
    for name in ("X-Tenant-ID", "X-Tenant", "X-Forwarded-Host", "X-Original-Host", "X-Host", "Forwarded", "X-Rewrite-URL", "X-Original-URL"):
        for value in ("harbour", "harbour.localhost", "2", "host=harbour.localhost"):
            answer = program.request("GET", "faults?limit=3", None, {name: value})
            assert answer.status == 200 and answer.json() == plain, f"{name}: {value}"
    for query in ("tenant=harbour", "tenant_id=2", "tenantId=2", "host=harbour.localhost"):
        assert program.get(f"faults?limit=3&{query}").json() == plain, query
    answer = program.request("GET", "faults?limit=3", None, {"Cookie": "tenant=harbour; tenant_id=2"})
    assert answer.json() == plain
    before = portico.sql("select count(*) as n from app.fault where tenant_id <> (select id from app.tenant where slug = 'lindenhof')")
    unit = portico.sql(
        "select u.id from app.unit u join app.tenant t on t.id = u.tenant_id where t.slug = 'lindenhof' order by u.id limit 1")[0]["id"]
    program.post(
        "faults", {"title": "T03", "description": "T03", "category": "plumbing", "unitId": unit, "tenantId": 2, "tenant": "harbour"})
    assert portico.sql(
        "select count(*) as n from app.fault where tenant_id <> (select id from app.tenant where slug = 'lindenhof')") == before


def test_t03_a_session_is_worth_nothing_at_another_company(portico):
    visitor = portico.visitor("manager")
    cookie = f"Cookie: portico={visitor.cookies['portico']}"
    for path in ("/dashboard", "/faults", "/faults.csv", "/notifications", "/account"):
        answer = ask(portico.port, request("GET", path, host(portico, HARBOUR), cookie))
        assert answer.status == 303 and answer.header("location").startswith("/login"), path
    token = portico.program("manager").token
    for path in ("/api/v1/faults", "/api/v1/me", "/api/v1/notifications"):
        answer = ask(portico.port, request("GET", path, host(portico, HARBOUR), f"Authorization: Bearer {token}"))
        assert answer.status == 401, path
        assert set(json.loads(answer.body)) >= {"error", "code", "requestId"}


def test_t03_a_refresh_token_is_worth_nothing_at_another_company(portico):
    person = portico.person("manager")
    body = json.dumps({"email": person["email"], "password": person["password"]}).encode()
    kind = ("Content-Type: application/json",)
    answer = ask(
        portico.port,
        request("POST", "/api/v1/auth/login", host(portico, LINDENHOF), *kind, f"Content-Length: {len(body)}", body=body))
    refresh = json.dumps({"refreshToken": json.loads(answer.body)["refreshToken"]}).encode()
    for name, status in ((HARBOUR, 401), (LINDENHOF, 200)):
        answer = ask(
            portico.port,
            request("POST", "/api/v1/auth/refresh", host(portico, name), *kind, f"Content-Length: {len(refresh)}", body=refresh))
        assert answer.status == status, name
