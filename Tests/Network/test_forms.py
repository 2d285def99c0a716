"""T23, T26–T28, T55, T67: form tokens, origins, idempotency keys and sessions over the wire."""

import secrets
import threading
import uuid
from urllib.parse import urlencode

from visitor import Program
from wire import Wire, request


def place(portico, role="resident", slug="lindenhof"):
    return portico.sql(
        f"""select o.unit_id as id from app.occupancy o join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
            where m.email = '{portico.person(role, slug)["email"]}' and o.until is null limit 1""")[0]["id"]


def filled(visitor, unit, title):
    form = visitor.get("/faults/new").page.form("/faults")
    return form.values | {"place": f"unit-{unit}", "category": "other", "title": title, "description": "x"}


def count(portico, title):
    return portico.sql(f"select count(*) as n from app.fault where title = '{title}'")[0]["n"]


def test_t26_a_form_without_its_own_token_does_nothing(portico):
    unit, title = place(portico), f"T26 {uuid.uuid4()}"
    visitor, other = portico.visitor("resident"), portico.visitor("technician")
    elsewhere = portico.visitor("resident", "harbour")
    again = portico.visitor("resident")
    foreign = {
        "another member's": other.get("/account").page.form("/account").values["csrf_token"],
        "another company's": elsewhere.get("/account").page.form("/account").values["csrf_token"],
        "another session's of the same member": again.get("/account").page.form("/account").values["csrf_token"],
        "the sign-in page's": portico.visitor().get("/login").page.form("/login").values["csrf_token"],
        "empty": "", "random": secrets.token_urlsafe(32), "its own, cut": None, "its own, changed": None,
    }
    for label, token in foreign.items():
        values = filled(visitor, unit, title)
        own = values["csrf_token"]
        values["csrf_token"] = {"its own, cut": own[:-1], "its own, changed": own[:-2] + ("AA" if own[-2:] != "AA" else "BB")}.get(label, token)
        assert visitor.post("/faults", values).status == 403, label
    values = filled(visitor, unit, title)
    token = values.pop("csrf_token")
    assert visitor.post("/faults", values).status == 403, "no token"
    assert visitor.post(f"/faults?csrf_token={token}", values).status == 403, "a token in the address"
    assert visitor.post("/faults", values, X_CSRF_Token=token).status == 403, "a token in a header"
    assert count(portico, title) == 0
    assert visitor.post("/faults", values | {"csrf_token": token}).status == 303
    assert count(portico, title) == 1


def test_t26_the_token_of_an_ended_session_is_worth_nothing(portico):
    unit, title = place(portico), f"T26 old {uuid.uuid4()}"
    visitor = portico.visitor("resident")
    values = filled(visitor, unit, title)
    old = dict(visitor.cookies)
    assert visitor.submit(visitor.get("/account").page.form("/logout")).status == 303
    visitor.cookies = old
    answer = visitor.post("/faults", values)
    assert answer.status == 303 and answer.header("Location").startswith("/login")
    person = portico.person("resident")
    visitor.sign_in(person["email"], person["password"])
    assert visitor.post("/faults", values).status == 403
    assert count(portico, title) == 0


def test_t27_a_form_from_elsewhere_or_from_nowhere_does_nothing(portico):
    unit, title = place(portico), f"T27 {uuid.uuid4()}"
    visitor = portico.visitor("resident")
    own = f"http://{visitor.host}"
    for label, lines in {
        "cross-site": {"Sec-Fetch-Site": "cross-site", "Origin": own}, "same-site": {"Sec-Fetch-Site": "same-site", "Origin": own},
        "none": {"Sec-Fetch-Site": "none"}, "Origin null": {"Origin": "null"}, "both missing": {}, "a foreign Origin": {"Origin": "https://evil.example"},
        "another port": {"Origin": f"http://lindenhof.localhost:{portico.port + 1}"}, "the other company": {"Origin": f"http://harbour.localhost:{portico.port}"},
        "a longer name": {"Origin": own + ".evil.example"}, "only a Referer": {"Referer": own + "/faults/new"},
    }.items():
        values = filled(visitor, unit, title)
        answer = visitor.request("POST", "/faults", urlencode(values).encode(), {"Content-Type": "application/x-www-form-urlencoded"} | lines)
        assert answer.status == 403, f"{label}: {answer.status}"
    assert count(portico, title) == 0


def test_t27_json_on_a_page_needs_the_form_token(portico):
    title = f"T27 json {uuid.uuid4()}"
    visitor = portico.visitor("resident")
    body = ('{"title":"%s","description":"x","category":"other","unitId":"%s"}' % (title, place(portico))).encode()
    for kind in ("application/json", "text/plain", ""):
        answer = visitor.request("POST", "/faults", body, {"Content-Type": kind, "Origin": f"http://{visitor.host}"})
        assert answer.status in (400, 403, 415), f"{kind}: {answer.status}"
    answer = visitor.request("POST", "/api/v1/faults", body, {"Content-Type": "application/json", "Origin": f"http://{visitor.host}"})
    assert answer.status == 401, "a cookie opens no program's address"
    assert count(portico, title) == 0


def test_t28_nobody_is_signed_in_by_a_foreign_page(portico):
    person = portico.person("resident")
    stranger, victim = portico.visitor(), portico.visitor()
    values = stranger.get("/login").page.form("/login").values | {"email": person["email"], "password": person["password"]}
    victim.get("/login")
    assert victim.post("/login", values).status == 403, "a token bound to another visit"
    assert portico.visitor().post("/login", values).status == 403, "no visit at all"
    assert stranger.post("/login", values, Sec_Fetch_Site="cross-site", Origin="https://evil.example").status == 403


def test_t55_the_same_key_has_one_effect_and_one_answer(portico):
    """A double submit, ten at once, another body, another member, another company."""
    unit, title = place(portico), f"T55 {uuid.uuid4()}"
    visitor = portico.visitor("resident")
    values = filled(visitor, unit, title)
    answers = [visitor.post("/faults", values) for _ in range(3)]
    assert [answer.status for answer in answers] == [303] * 3
    assert len({answer.header("Location") for answer in answers}) == 1
    assert count(portico, title) == 1
    # Ten tabs at once: one 303 for all of them.
    title = f"T55 tabs {uuid.uuid4()}"
    values = filled(visitor, unit, title)
    results = []

    def click():
        mine = portico.visitor()
        mine.cookies = dict(visitor.cookies)
        results.append(mine.post("/faults", values))

    threads = [threading.Thread(target=click) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status for answer in results] == [303] * 10
    assert len({answer.header("Location") for answer in results}) == 1 and count(portico, title) == 1


def test_t55_a_program_gets_its_answer_again(portico):
    portico.forget_limits()
    program, key, title = portico.program("resident"), uuid.uuid4().hex, f"T55 api {uuid.uuid4()}"
    body = {"title": title, "description": "x", "category": "other", "unitId": place(portico)}
    first, second = (program.post("faults", body, key) for _ in range(2))
    assert first.status == second.status == 201 and first.body == second.body
    changed = program.post("faults", body | {"description": "y"}, key)
    assert changed.status == 422 and changed.json()["code"] == "idempotency_mismatch"
    assert count(portico, title) == 1
    # Twenty at once under a new key: one fault; everybody else is told to wait or gets the same answer.
    title, key = f"T55 race {uuid.uuid4()}", uuid.uuid4().hex
    body |= {"title": title}
    answers = []

    def send():
        mine = Program(portico.port, program.host)
        mine.token = program.token
        answers.append(mine.post("faults", body, key))

    portico.forget_limits()
    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = sorted(answer.status for answer in answers)
    assert set(statuses) <= {201, 409, 429} and 201 in statuses, statuses
    assert len({answer.body for answer in answers if answer.status == 201}) == 1 and count(portico, title) == 1
    # Keys of other members and other companies are their own.
    for role, slug in (("manager", "lindenhof"), ("resident", "harbour")):
        other = portico.program(role, slug)
        answer = other.post("faults", body | {"unitId": place(portico, "resident", slug)}, key)
        assert answer.status == 201 and answer.body not in {one.body for one in answers}
    for bad in ("short", "x" * 129):
        assert program.post("faults", body, bad).status == 400


def test_t55_while_the_first_is_in_flight_the_second_is_told_so(portico):
    """The first holds its key until its transaction ends: 409 for a program meanwhile, its own fault afterwards; other keys go on."""
    portico.forget_limits()
    program, key, title = portico.program("resident"), uuid.uuid4().hex, f"T55 flight {uuid.uuid4()}"
    body = {"title": title, "description": "x", "category": "other", "unitId": place(portico)}
    with portico.cluster.held(
        f"select pg_advisory_xact_lock(hashtextextended('{key}', (select id from app.tenant where slug = 'lindenhof')))", portico.house.database
    ):
        for _ in range(2):
            answer = program.post("faults", body, key)
            assert answer.status == 409 and answer.json()["code"] == "in_flight", answer.text
        assert count(portico, title) == 0
        elsewhere = portico.program("resident", "harbour")
        other = elsewhere.post("faults", body | {"unitId": place(portico, "resident", "harbour")}, key)
        assert other.status == 201, "another company's key is its own"
    assert program.post("faults", body, key).status == 201
    assert portico.sql(
        f"select count(*) as n from app.fault f join app.tenant t on t.id = f.tenant_id and t.slug = 'lindenhof' where title = '{title}'")[0]["n"] == 1


def test_t55_a_refused_form_does_not_use_up_its_key(portico):
    unit, title = place(portico), f"T55 second try {uuid.uuid4()}"
    visitor = portico.visitor("resident")
    values = filled(visitor, unit, title)
    refused = visitor.post("/faults", values | {"title": ""})
    assert refused.status == 422
    assert visitor.post("/faults", values).status == 303
    assert count(portico, title) == 1


def test_reports_of_one_member_are_limited(portico):
    """More than 20 an hour: 429 with Retry-After, and the page keeps what was typed."""
    portico.forget_limits()
    program = portico.program("resident")
    body = {"title": "often", "description": "x", "category": "other", "unitId": place(portico)}
    statuses = [program.post("faults", body).status for _ in range(21)]
    assert statuses == [201] * 20 + [429]
    answer = program.post("faults", body)
    assert answer.json()["code"] == "rate_limited" and 0 < int(answer.header("Retry-After")) <= 3600
    visitor = portico.visitor("resident")
    page = visitor.post("/faults", filled(visitor, place(portico), "kept after 429"))
    assert page.status == 429 and page.header("Retry-After")
    assert page.page.form("/faults").values["title"] == "kept after 429", "429 keeps what was typed (UX §9.1)"


def test_t67_sessions_end_and_begin_as_they_should(portico):
    person = portico.person("resident")
    # A cookie that somebody set before sign-in is not the session afterwards.
    visitor = portico.visitor()
    visitor.cookies["portico"] = "A" * 43
    form = visitor.get("/login").page.form("/login")
    visitor.submit(form, email=person["email"], password=person["password"])
    assert visitor.cookies["portico"] != "A" * 43 and visitor.get("/dashboard").status == 200
    # Signing in again gives another token.
    first = dict(visitor.cookies)
    visitor.sign_in(person["email"], person["password"])
    assert visitor.cookies["portico"] != first["portico"]
    # After signing out the token is dead, on every address.
    token = dict(visitor.cookies)
    out = visitor.submit(visitor.get("/account").page.form("/logout"))
    assert out.status == 303 and "portico" not in visitor.cookies
    visitor.cookies = token
    for path in ("/dashboard", "/faults", "/files/00000000-0000-0000-0000-000000000000"):
        answer = visitor.get(path)
        assert answer.status == 303 and answer.header("Location").startswith("/login"), path
    # Its flags.
    fresh = portico.visitor()
    line = next(value for value in fresh.submit(fresh.get("/login").page.form("/login"), email=person["email"], password=person["password"]).all("Set-Cookie")
                if value.startswith("portico="))
    assert "HttpOnly" in line and "SameSite=Lax" in line and "Path=/" in line and "Domain" not in line


def test_t67_t23_a_disabled_member_and_a_lost_role_count_at_once(portico):
    role = "caretaker"
    person = portico.person(role)
    where = f"email = '{person['email']}'"
    visitor, program = portico.visitor(role), portico.program(role)
    try:
        assert visitor.get("/buildings").status == 200
        portico.sql(f"update app.member set roles = '{{resident}}' where {where}")
        assert visitor.get("/buildings").status == 403 and program.get("buildings").status == 403
        portico.sql(f"update app.member set disabled_at = now() where {where}")
        assert visitor.get("/dashboard").status == 303 and program.get("me").status == 401
        refused = portico.visitor()
        answer = refused.submit(refused.get("/login").page.form("/login"), email=person["email"], password=person["password"])
        assert answer.status == 401
    finally:
        portico.sql(f"update app.member set roles = '{{{role}}}', disabled_at = null where {where}")


def test_t67_ten_thousand_made_up_cookies_open_nothing(portico):
    before = portico.sql("select count(*) as n from app.session")[0]["n"]
    host = f"lindenhof.localhost:{portico.port}"
    for _ in range(10):
        with Wire(portico.port, seconds=60) as wire:
            batch = [request("GET", "/dashboard", host, f"Cookie: portico={secrets.token_urlsafe(32)}") for _ in range(1_000)]
            sender = threading.Thread(target=wire.send, args=(b"".join(batch),))
            sender.start()
            for _ in batch:
                answer = wire.answer()
                assert answer.status == 303 and answer.header("location").startswith("/login")
            sender.join()
    assert portico.sql("select count(*) as n from app.session")[0]["n"] == before


def test_t67_two_session_cookies_are_none(portico):
    visitor = portico.visitor("resident")
    token = visitor.cookies["portico"]
    visitor.cookies = {}
    assert visitor.get("/dashboard", Cookie=f"portico={token}; portico={token}").status == 303
    assert visitor.get("/dashboard", Cookie=f"portico={token}").status == 200


def test_t67_a_refresh_token_is_good_once(portico):
    person = portico.person("resident")
    program = Program(portico.port, f"lindenhof.localhost:{portico.port}")
    pair = program.post("auth/login", {"email": person["email"], "password": person["password"]}).json()
    assert pair["access_token"] == pair["accessToken"] and pair["expires_in"] == 900
    second = program.post("auth/refresh", {"refreshToken": pair["refreshToken"]})
    assert second.status == 200 and second.json()["refreshToken"] != pair["refreshToken"]
    portico.sql("update app.session set spent_at = now() - interval '1 minute' where spent_at is not null")
    assert program.post("auth/refresh", {"refresh_token": pair["refreshToken"]}).status == 401
    assert program.post("auth/refresh", {"refreshToken": second.json()["refreshToken"]}).status == 401, "the whole sign-in has ended"
    program.token = second.json()["accessToken"]
    assert program.get("me").status == 401


def test_guessing_is_slowed_down_without_locking_others_out(portico):
    person = portico.person("technician")
    visitor = portico.visitor()
    form = visitor.get("/login").page.form("/login")
    texts = set()
    for attempt in range(5):
        answer = visitor.submit(form, email=person["email"], password="wrong wrong wrong")
        assert answer.status == 401
        texts.add(answer.page.words)
    unknown = visitor.submit(form, email="nobody@nowhere.example", password="wrong wrong wrong")
    assert unknown.status == 401
    assert {unknown.page.words} == texts, "T69: the same words for known and unknown"
    late = visitor.submit(form, email=person["email"], password=person["password"])
    assert late.status == 429 and int(late.header("Retry-After")) > 0
    assert late.page.form("/login").values["email"] == person["email"]
    portico.visitor("resident")     # another account from the same address still signs in
