"""T77, T78, T79, T80: limits of the header, requests that two servers could read differently, pipelines, ranges."""

import re

import pytest
from wire import Closed, Wire, ask, request


def many(count, size=1):
    return [f"X-N{index}: {'v' * size}" for index in range(count)]


REFUSED = {
    "129 fields": dict(lines=many(128)),                       # with Host
    "10,000 tiny fields": dict(lines=many(10_000)),
    "a 17 KiB field": dict(lines=["X-Big: " + "v" * (17 << 10)]),
    "a 17 KiB name": dict(lines=["X" * (17 << 10) + ": v"]),
    "40 KiB in total": dict(lines=many(4, 10 << 10)),
    "a 100 KiB cookie": dict(lines=["Cookie: portico=" + "v" * (100 << 10)]),
    "a 100 KiB address": dict(target="/" + "x" * (100 << 10)),
    "a 100 KiB query": dict(target="/login?" + "x" * (100 << 10)),
    "a 17 KiB address": dict(target="/login?" + "x" * (17 << 10)),
    "a 100 KiB method": dict(method="G" * (100 << 10)),
}


@pytest.mark.parametrize("label", REFUSED)
def test_t77_headers_beyond_the_limits_end_the_connection(portico, label):
    case = {"method": "GET", "target": "/login", "lines": []} | REFUSED[label]
    with Wire(portico.port) as wire:
        wire.send(request(case["method"], case["target"], f"lindenhof.localhost:{portico.port}", *case["lines"]))
        try:
            answer = wire.answer()
            assert answer.status in (400, 414, 431), f"{label}: {answer.status}"
        except Closed:
            pass
        if label != "a 17 KiB address":
            assert wire.is_closed(), f"{label}: the connection stays open"


TAKEN = {
    "127 fields and Host": many(126),
    "a 15 KiB field": ["X-Big: " + "v" * (15 << 10)],
    "30 KiB in total": many(3, 9 << 10),
}


@pytest.mark.parametrize("label", TAKEN)
def test_t77_headers_within_the_limits_are_served(portico, label):
    answer = ask(portico.port, request("GET", "/login", f"lindenhof.localhost:{portico.port}", *TAKEN[label]))
    assert answer is not None and answer.status == 200, label


def test_t77_an_address_of_8_kib_is_taken_and_a_longer_one_refused(portico):
    host = f"lindenhof.localhost:{portico.port}"
    assert ask(portico.port, request("GET", "/login?q=" + "x" * 8_000, host)).status == 200
    answer = ask(portico.port, request("GET", "/login?q=" + "x" * 9_000, host))
    assert answer.status == 414 and answer.header("content-security-policy")


def test_t77_trailers_count_like_headers(portico):
    host = f"lindenhof.localhost:{portico.port}"
    trailers = "".join(f"X-T{index}: v\r\n" for index in range(1_001)).encode()
    with Wire(portico.port) as wire:
        wire.send(request("POST", "/login", host, "Transfer-Encoding: chunked", "Content-Type: application/x-www-form-urlencoded"))
        wire.send(b"1\r\na\r\n0\r\n" + trailers + b"\r\n")
        try:
            assert 400 <= wire.answer().status < 500
        except Closed:
            pass
        wire.send(request("GET", "/healthz", host))
        assert wire.is_closed(), "the connection stays open after 1,001 trailers"


def test_t77_a_header_that_never_ends_costs_little_memory(portico):
    """500 connections with half a header each; the server's memory stays bounded and it still answers."""
    before = portico.memory()
    wires = []
    try:
        for _ in range(500):
            wire = Wire(portico.port)
            wire.send(b"GET / HTTP/1.1\r\nHost: lindenhof.localhost\r\nX-Half: " + b"v" * (15 << 10))
            wires.append(wire)
        assert portico.visitor().get("/healthz").status == 200
        grown = portico.memory() - before
        assert grown < 150, f"{grown} MiB for 500 half headers"
    finally:
        for wire in wires:
            wire.socket.close()


# What a proxy and a server could read differently; the second request in each must never be answered.
SMUGGLED = {
    "both lengths": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: H\r\n\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: 35\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: H\r\n\r\n",
    "a list of lengths": b"Content-Length: 0, 35\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: H\r\n\r\n",
    "a signed length": b"Content-Length: +5\r\n\r\nhello",
    "a negative length": b"Content-Length: -1\r\n\r\n",
    "a length in hex": b"Content-Length: 0x5\r\n\r\nhello",
    "a length beyond 64 bits": b"Content-Length: 99999999999999999999999\r\n\r\nhello",
    "a strange coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: H\r\n\r\n",
    "chunked is not last": b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: H\r\n\r\n",
    "two codings": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: H\r\n\r\n",
    "a folded header": b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: H\r\n\r\n",
    "a coding with a tab": b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: H\r\n\r\n",
    "a space before the colon": b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: H\r\n\r\n",
    "a chunk size with a sign": b"Transfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n",
    "a chunk size beyond 64 bits": b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nhello\r\n0\r\n\r\n",
    "a negative chunk size": b"Transfer-Encoding: chunked\r\n\r\n-1\r\nhello\r\n0\r\n\r\n",
    "a chunk without its end": b"Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: H\r\n\r\n",
    "NUL in a header": b"X-Nul: a\0b\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("label", SMUGGLED)
def test_t78_a_request_that_could_be_read_two_ways_is_refused(portico, label):
    host = f"lindenhof.localhost:{portico.port}".encode()
    head = b"POST /login HTTP/1.1\r\nHost: " + host + b"\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    with Wire(portico.port) as wire:
        wire.send(head + SMUGGLED[label].replace(b"Host: H", b"Host: " + host))
        try:
            first = wire.answer()
            assert 400 <= first.status < 500, f"{label}: {first.status}"
            second = wire.answer()
            assert second.status == 400, f"{label}: a second answer, {second.status}"
        except Closed:
            pass


def test_t78_chunk_extensions_do_not_eat_memory(portico):
    before = portico.memory()
    host = f"lindenhof.localhost:{portico.port}"
    with Wire(portico.port) as wire:
        wire.send(request("POST", "/login", host, "Transfer-Encoding: chunked", "Content-Type: application/x-www-form-urlencoded"))
        for _ in range(64):
            if not wire.send(b"1;" + b"x" * (1 << 20) + b"\r\na\r\n"):
                break
        wire.send(b"0\r\n\r\n")
        try:
            assert 400 <= wire.answer().status < 500
        except Closed:
            pass
    assert portico.memory() - before < 100


def test_t79_a_thousand_requests_in_one_go_are_answered_in_order(portico):
    host = f"lindenhof.localhost:{portico.port}"
    with Wire(portico.port, seconds=60) as wire:
        targets = ["/healthz" if index % 3 else f"/n{index}" for index in range(1_000)]
        wire.send(b"".join(request("GET", target, host) for target in targets))
        for target in targets:
            answer = wire.answer()
            assert answer.status == (200 if target == "/healthz" else 404), target


def test_t79_a_pipeline_mixes_companies_without_mixing_answers(portico):
    with Wire(portico.port, seconds=60) as wire:
        names = [("lindenhof", b"Lindenhof"), ("harbour", b"Harbour")] * 50
        wire.send(b"".join(request("GET", "/login", f"{name}.localhost:{portico.port}") for name, _ in names))
        for _, word in names:
            answer = wire.answer()
            assert answer.status == 200 and word in answer.body
            assert (b"Lindenhof" in answer.body) != (b"Harbour" in answer.body)


def assets(portico):
    html = portico.visitor().get("/login").text
    return sorted(set(re.findall(r'/a/[^"#]+', html)))


RANGES = [
    "bytes=0-0", "bytes=5-1", "bytes=99999999-", "bytes=-5", "bytes=-0", "bytes=0-", "bytes=9223372036854775807-", "bytes=-9223372036854775808",
    "bytes=0-18446744073709551615", "bytes=0-99999999999999999999999", "bytes=a-b", "bytes=", "bytes=,", "octets=0-1", "bytes=0-1,2-3",
    "bytes=" + ",".join(f"{index}-{index}" for index in range(1_500)),
]


@pytest.mark.parametrize("value", RANGES, ids=[value[:40] for value in RANGES])
def test_t80_ranges_never_lie_about_the_length(portico, value):
    """Wire.answer() reads exactly Content-Length bytes, so a wrong length shows as a broken next answer on the connection."""
    host = f"lindenhof.localhost:{portico.port}"
    visitor = portico.visitor("manager")
    photo = portico.sql(
        "select p.id from app.fault_photo p join app.tenant t on t.id = p.tenant_id and t.slug = 'lindenhof' order by p.id limit 1")[0]["id"]
    cookie = f"Cookie: portico={visitor.cookies['portico']}"
    with Wire(portico.port) as wire:
        for path in [*assets(portico), f"/files/{photo}", "/login", "/faults.csv"]:
            wire.send(request("GET", path, host, cookie))
            whole = wire.answer()
            wire.send(request("GET", path, host, cookie, f"Range: {value}"))
            part = wire.answer()
            assert part.status in (200, 206, 416), f"{path} {value[:60]}: {part.status}"
            if part.status == 200 and path != "/login":
                assert part.body == whole.body
            if part.status == 206:
                first, last, total = map(int, re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", part.header("content-range")).groups())
                assert part.body == whole.body[first:last + 1] and total == len(whole.body)


def test_t80_ten_thousand_ranges_are_more_than_a_header_holds(portico):
    value = "bytes=" + ",".join(f"{index}-{index}" for index in range(10_000))
    answer = ask(portico.port, request("GET", assets(portico)[0], f"lindenhof.localhost:{portico.port}", f"Range: {value}"))
    assert answer is None or answer.status in (400, 431)


def test_assets_are_immutable_compressed_and_answer_conditional_requests(portico):
    host = f"lindenhof.localhost:{portico.port}"
    for path in assets(portico):
        plain = ask(portico.port, request("GET", path, host))
        assert plain.status == 200 and "immutable" in plain.header("cache-control"), path
        zipped = ask(portico.port, request("GET", path, host, "Accept-Encoding: gzip"))
        if path.endswith((".css", ".js")) and len(plain.body) > 500:
            assert zipped.header("content-encoding") == "gzip" and len(zipped.body) < len(plain.body), path
        again = ask(portico.port, request("GET", path, host, f"If-None-Match: {plain.header('etag')}"))
        assert again.status == 304 and not again.body, path
        head = ask(portico.port, request("HEAD", path, host))
        assert head.status == 200 and head.header("content-length") == str(len(plain.body)), path
        for trick in (path + "/", path.replace("/a/", "/a/../a/"), path.replace("/a/", "/a//"), path + "%00", "/a/../../etc/passwd", "/a/..%2f..%2fetc/passwd"):
            answer = ask(portico.port, request("GET", trick, host))
            assert answer is None or answer.status in (308, 400, 404), f"{trick}: {answer.status}"


def test_security_headers_stand_on_every_kind_of_answer(portico):
    host = f"lindenhof.localhost:{portico.port}"
    for data in (
        request("GET", "/login", host), request("GET", "/nothing", host), request("GET", "/dashboard", host), request("GET", "/healthz", host),
        request("GET", "/login", "unknown.example"), request("GET", "/login?" + "x" * 9_000, host), request("DELETE", "/login", host),
        request("GET", assets(portico)[0], host), request("GET", "/api/v1/faults", host),
    ):
        answer = ask(portico.port, data)
        what = data[:60]
        assert answer.header("content-security-policy").startswith("default-src 'self'"), what
        assert "unsafe" not in answer.header("content-security-policy")
        assert answer.header("x-content-type-options") == "nosniff", what
        assert answer.header("x-frame-options") == "DENY" and answer.header("referrer-policy"), what
        assert answer.header("x-request-id") and answer.header("server") is None, what


def test_metrics_and_configuration_are_not_public(portico):
    host = f"lindenhof.localhost:{portico.port}"
    for target in ("/metrics", "/.git/config", "/tenants/lindenhof/tenant.yaml", "/var", "/a/", "/files/", "/files", "/.env", "/debug", "/api/v1"):
        answer = ask(portico.port, request("GET", target, host))
        assert answer.status in (303, 308, 404), f"{target}: {answer.status}"
