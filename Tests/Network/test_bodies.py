"""T41, T43, T44, T47, T48, T71, T72: bodies beyond what a form may be: a 4xx, the same process, memory back."""

import gc
import json
import struct
import threading
import time
import unicodedata
import zlib
from urllib.parse import quote

import pytest
from portico import Portico
from visitor import encode_multipart
from wire import Closed, Wire, ask, request

MIB = 1 << 20
FORM = "application/x-www-form-urlencoded"
REFUSALS = (400, 404, 408, 413, 415, 422)


@pytest.fixture(scope="module")
def server(cluster):
    """A Portico of its own, because these tests look at its memory."""
    with Portico(cluster) as portico:
        yield portico


@pytest.fixture
def unit(server):
    server.forget_limits()
    return server.sql(
        f"""select o.unit_id as id from app.occupancy o join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
            where m.email = '{server.person("resident")["email"]}' and o.until is null limit 1""")[0]["id"]


@pytest.fixture(scope="module")
def program(server):
    return server.program("resident")


@pytest.fixture(autouse=True)
def same_process_and_memory_back(server):
    """Oracle (b) of SECURITY §7. What the allocator keeps of the largest legal upload is allowed for."""
    before, memory = server.pid, server.memory()
    yield
    gc.collect()
    assert server.visitor().get("/healthz").status == 200
    assert server.pid == before
    assert server.memory() < memory * 1.2 + 160, f"{memory} → {server.memory()} MiB"


def report(unit, **more):
    return {"title": "Body", "description": "Body", "category": "other", "unitId": unit} | more


def padded(phone, size):
    """The photo with comment segments (which a JPEG may have) until it has exactly `size` bytes."""
    left = size - len(phone)
    out = bytearray(phone[:2])
    while left > 0:
        step = min(left, 65_537)
        if 0 < left - step < 4:
            step -= 4
        out += b"\xff\xfe" + struct.pack(">H", step - 2) + b"\0" * (step - 4)
        left -= step
    return bytes(out + phone[2:])


# MARK: T41


@pytest.mark.parametrize("over, status", [(-1, 201), (0, 201), (1, 413)])
def test_t41_a_photo_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(server, program, unit, phone, over, status):
    data = padded(phone, 10 * MIB + over)
    assert len(data) == 10 * MIB + over
    answer = program.upload("faults", report(unit), [("photos", "limit.jpg", "image/jpeg", data)])
    assert answer.status in ((status,) if status == 201 else (400, 413)), f"{answer.status} {answer.text[:300]}"
    if over > 0:
        assert answer.json()["code"] in ("too_large", "validation_failed")


def test_t41_ten_photos_are_taken_and_the_eleventh_is_not(server, program, unit, phone):
    files = [("photos", f"{index}.jpg", "image/jpeg", phone) for index in range(11)]
    assert program.upload("faults", report(unit), files[:10]).status == 201
    answer = program.upload("faults", report(unit), files)
    assert answer.status in (400, 413), f"{answer.status} {answer.text[:300]}"


def test_t41_a_refused_upload_leaves_no_files_behind(server, program, unit, phone):
    def stored():
        return sorted(str(path) for path in (server.house.folder / "objects").rglob("*") if path.is_file())

    # The demo's papers get their previews first.
    busy = "select 1 from jobs.queue where kind = 'documents.read-pdf' and state in ('queued', 'running')"
    while server.sql(busy):
        time.sleep(0.2)
    before = stored()
    files = [("photos", "good.jpg", "image/jpeg", phone), ("photos", "bad.jpg", "image/jpeg", b"\xff\xd8\xff\xe0 no photo")]
    assert program.upload("faults", report(unit), files).status in REFUSALS
    assert program.upload("faults", report(unit, title=""), files[:1]).status in REFUSALS
    assert stored() == before
    spool = server.house.folder / "spool"
    assert not spool.exists() or not [path for path in spool.rglob("*") if path.is_file()], "the spool keeps files"


def head(server, program, path, *lines, kind=None, cookie=None):
    lines = [*lines, f"Authorization: Bearer {program.token}"] + ([f"Content-Type: {kind}"] if kind else [])
    return request("POST", path, program.host, *lines)


@pytest.mark.parametrize("length", [106 * MIB, 1 << 40, (1 << 63) - 1])
def test_t41_a_length_beyond_the_limit_is_refused_before_the_body(server, program, length):
    with Wire(server.port) as wire:
        wire.send(head(server, program, "/api/v1/faults", f"Content-Length: {length}", kind="multipart/form-data; boundary=x"))
        assert wire.answer().status == 413


def test_t41_a_body_shorter_than_its_length_is_no_request(server, program, unit):
    body = json.dumps(report(unit, title="short body")).encode()
    lines = (f"Content-Length: {len(body) + 10}",)
    answer = ask(
        server.port, head(server, program, "/api/v1/faults", *lines, kind="application/json") + body, half_close=True)
    assert answer is None or answer.status in (400, 408)
    assert not server.sql("select id from app.fault where title = 'short body'")


def test_t41_a_body_longer_than_its_length_is_the_next_request_and_no_good_one(server, program):
    with Wire(server.port) as wire:
        wire.send(head(server, program, "/api/v1/auth/login", "Content-Length: 2", kind="application/json") + b"{}" + b"x" * 1_000 + b"\r\n\r\n")
        assert wire.answer().status == 400
        try:
            assert wire.answer().status == 400
        except Closed:
            pass
        assert wire.is_closed()


@pytest.mark.parametrize(
    "path, kind, limit",
    [
        ("/api/v1/auth/login", "application/json", 256 << 10), ("/login", FORM, 256 << 10), ("/api/v1/faults", "application/json", 15 * MIB),
        ("/api/v1/faults", "multipart/form-data; boundary=x", 105 * MIB), ("/login", "text/plain", 64 << 10),
    ],
)
def test_t41_chunks_without_end_are_cut_off(server, program, path, kind, limit):
    """The server answers or closes soon after the limit; it does not read for ever."""
    chunk = b"10000\r\n" + b"a" * 65_536 + b"\r\n"
    visitor = server.visitor()
    visitor.get("/login")
    lines = [f"Cookie: portico_visit={visitor.cookies.get('portico_visit', '')}", f"Origin: http://{visitor.host}", "Transfer-Encoding: chunked"]
    most = limit + 24 * MIB        # what fits into sockets and buffers on the way
    sent = 0
    with Wire(server.port) as wire:
        wire.send(head(server, program, path, *lines, kind=kind))
        while sent < most and wire.send(chunk):
            sent += 65_536
            wire.socket.setblocking(False)
            try:
                if wire.socket.recv(1, 2):      # MSG_PEEK: an answer is there
                    break
            except BlockingIOError:
                pass
            finally:
                wire.socket.settimeout(60)
        assert sent < most, f"{sent >> 20} MiB were taken"
        try:
            assert wire.answer().status in (400, 413, 415, 403)
        except Closed:
            pass


def part(name, value, filename=None):
    disposition = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename else "")
    return f"--B\r\nContent-Disposition: {disposition}\r\n\r\n{value}\r\n".encode()


HOSTILE_MULTIPART = {
    "10,000 parts": ("B", b"".join(part(f"f{index}", "v") for index in range(10_000)) + b"--B--\r\n"),
    "10,000 files": ("B", b"".join(part("photos", "v", f"{index}.jpg") for index in range(10_000)) + b"--B--\r\n"),
    "10,000 part headers": ("B", b"--B\r\n" + b"".join(f"X-{index}: v\r\n".encode() for index in range(10_000)) + b"\r\nv\r\n--B--\r\n"),
    "a part header of 1 MB": ("B", b'--B\r\nContent-Disposition: form-data; name="' + b"n" * MIB + b'"\r\n\r\nv\r\n--B--\r\n'),
    "a part header without end": ("B", b"--B\r\nX: " + b"v" * MIB),
    "a boundary of 71": ("B" * 71, b"--" + b"B" * 71 + b"--\r\n"),
    "a boundary of 10 KB": ("B" * 10_000, b"--" + b"B" * 10_000 + b"--\r\n"),
    "no boundary": ("", b"----\r\n"),
    "no end": ("B", part("title", "v")),
    "an end in the middle": ("B", part("title", "v") + b"--B"),
    "nothing": ("B", b""),
    "only a preamble": ("B", b"x" * MIB),
    "no disposition": ("B", b"--B\r\nContent-Type: text/plain\r\n\r\nv\r\n--B--\r\n"),
    "another disposition": ("B", b'--B\r\nContent-Disposition: attachment; name="title"\r\n\r\nv\r\n--B--\r\n'),
    "no name": ("B", b"--B\r\nContent-Disposition: form-data\r\n\r\nv\r\n--B--\r\n"),
    "bad UTF-8 in a name": ("B", b'--B\r\nContent-Disposition: form-data; name="\xc3\x28"\r\n\r\nv\r\n--B--\r\n'),
    "bad UTF-8 in a value": ("B", b'--B\r\nContent-Disposition: form-data; name="title"\r\n\r\n\xc3\x28\r\n--B--\r\n'),
    "NUL in a value": ("B", part("title", "a\0b") + b"--B--\r\n"),
    "a part in base64": ("B", b'--B\r\nContent-Disposition: form-data; name="title"\r\nContent-Transfer-Encoding: base64\r\n\r\neA==\r\n--B--\r\n'),
    "multipart in multipart": ("B", b'--B\r\nContent-Disposition: form-data; name="photos"\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\n--C--\r\n--B--\r\n'),
    "a field of 2 MB": ("B", part("title", "v" * (2 * MIB)) + b"--B--\r\n"),
    "almost boundaries": ("B", part("title", "\r\n--" * 200_000) + b"--B--\r\n"),
}


@pytest.mark.parametrize("label", HOSTILE_MULTIPART)
def test_t41_broken_and_bloated_multipart_is_refused(server, program, label):
    boundary, body = HOSTILE_MULTIPART[label]
    answer = program.request("POST", "faults", body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
    assert answer.status in REFUSALS, f"{label}: {answer.status} {answer.text[:200]}"
    assert set(answer.json()) >= {"error", "code", "requestId"}


def test_t41_a_boundary_of_one_megabyte_is_refused(server, program):
    data = head(server, program, "/api/v1/faults", "Content-Length: 0", kind="multipart/form-data; boundary=" + "B" * MIB)
    with Wire(server.port) as wire:
        wire.send(data)
        try:
            assert wire.answer().status in (400, 431)
        except Closed:
            pass
        assert wire.is_closed()


def test_t41_an_upload_that_breaks_off_leaves_nothing(server, program, phone):
    """40 uploads cut at different places: no fault, no file, no spool; the server forgets them."""
    before = len(list((server.house.folder / "objects").rglob("*")))
    body, kind = encode_multipart([("title", "broken off")], [("photos", "p.jpg", "image/jpeg", phone * 4)])
    for index in range(40):
        with Wire(server.port) as wire:
            wire.send(head(server, program, "/api/v1/faults", f"Content-Length: {len(body)}", kind=kind))
            wire.send(body[: len(body) * (index + 1) // 41])
    spool = server.house.folder / "spool"
    end = time.monotonic() + 30
    while time.monotonic() < end and [path for path in spool.rglob("*") if path.is_file()]:
        time.sleep(0.05)
    assert not [path for path in spool.rglob("*") if path.is_file()], "the spool keeps files"
    assert not server.sql("select id from app.fault where title = 'broken off'")
    assert len(list((server.house.folder / "objects").rglob("*"))) == before


# MARK: T43, T44


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, *chunks):
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + b"".join(chunks)


def hostile_pictures(phone):
    pixel = chunk(b"IDAT", zlib.compress(b"\0" * 4))
    frames = b"".join(chunk(b"fcTL", struct.pack(">IIIIIHHBB", index, 1, 1, 0, 0, 1, 1, 0, 0)) for index in range(10_000))
    return {
        "a PNG of 65,535² in 100 bytes": png(65_535, 65_535, chunk(b"IDAT", zlib.compress(b"\0")), chunk(b"IEND", b"")),
        "a PNG of 2³¹": png(0x7FFFFFFF, 0x7FFFFFFF, pixel, chunk(b"IEND", b"")),
        "a PNG without pixels": png(0, 0, chunk(b"IEND", b"")),
        "an iCCP of 3 MB": png(1, 1, chunk(b"iCCP", b"x\0\0" + zlib.compress(b"\0" * 3_000_000, 0)), pixel, chunk(b"IEND", b"")),
        "a PNG cut off": png(100, 100, pixel),
        "markers without a frame": b"\xff\xd8" + b"\xff\xe1\xff\xff" + b"\0" * 65_533 + b"\xff\xe1\xff\xff" * 100_000,
        "9 MB of fill bytes": b"\xff\xd8" + b"\xff" * (9 * MIB),
        "a JPEG of 65,500²": b"\xff\xd8\xff\xc0\x00\x11\x08" + struct.pack(">HH", 65_500, 65_500) + b"\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01\xff\xd9",
        "a JPEG cut off": phone[: len(phone) // 2],
        "a GIF": b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;",
        "an SVG": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "HTML": b"<!doctype html><script>alert(1)</script>",
        "a PDF": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>",
        "a ZIP": b"PK\x05\x06" + b"\0" * 18,
        "a broken WebP": b"RIFF\xff\xff\xff\x7fWEBPVP8 \xff\xff\xff\x7f" + b"\0" * 64,
        "a broken HEIC": struct.pack(">I", 24) + b"ftypheic\0\0\0\0mif1heic" + b"\0" * 64,
        "TIFF": b"II*\0\x08\0\0\0\0\0",
        "nothing": b"",
        "random bytes": bytes(range(256)) * 400,
    } | {"10,000 frames": png(1, 1, chunk(b"acTL", struct.pack(">II", 10_000, 0)), frames)}


@pytest.mark.parametrize("label", hostile_pictures(b"\xff\xd8\xff"))
def test_t43_what_only_pretends_to_be_a_photo_is_refused(server, program, unit, phone, label):
    data = hostile_pictures(phone)[label]
    answer = program.upload("faults", report(unit, title=f"T43 {label}"), [("photos", "photo.jpg", "image/jpeg", data)])
    assert answer.status in REFUSALS, f"{label}: {answer.status} {answer.text[:200]}"
    assert not server.sql(f"select id from app.fault where title = 'T43 {label}'")


def test_t44_a_polyglot_comes_back_as_nothing_but_a_photo(server, program, unit, phone):
    """Script before, inside and after the picture; a name that lies; and everything a phone writes into a photo: gone."""
    marker = b"<script>alert('CNRY')</script>"
    polyglot = phone[:2] + b"\xff\xfe" + struct.pack(">H", len(marker) + 2) + marker + phone[2:] + marker + b"PK\x03\x04" + marker
    names = ["photo.jpg.html", "photo\u202egpj.exe", "../../../etc/passwd", "photo.svg", "a\\b.php", "x" * 300 + ".jpg", "con", ".htaccess"]
    files = [("photos", name, "text/html", polyglot) for name in names]
    answer = program.upload("faults", report(unit, title="T44"), files)
    assert answer.status == 201, answer.text
    full = program.get(f"faults/{answer.json()['faultId']}").json()
    assert len(full["photos"]) == len(names)
    for photo in full["photos"]:
        for url in (photo["url"], photo["thumbnailUrl"]):
            answer = program.get(url)
            assert answer.status == 200 and answer.header("Content-Type") == "image/jpeg"
            assert answer.header("X-Content-Type-Options") == "nosniff"
            assert answer.body.startswith(b"\xff\xd8\xff") and answer.body.endswith(b"\xff\xd9")
            for word in (b"CNRY", b"Exif", b"GPS", b"script", b"http://ns.adobe.com", b"PK\x03\x04"):
                assert word not in answer.body, word
        assert (photo["width"], photo["height"]) == (1500, 2000), "upright, at most 2,000 on the longer side"
    for path in (server.house.folder / "objects").rglob("*"):
        assert not any(word in path.name for word in ("passwd", "photo", "htaccess", ".php", ".html")), path


# MARK: T47


def nested(depth):
    return '{"title":' + "[" * (depth - 1) + "]" * (depth - 1) + "}"


HOSTILE_JSON = {
    "depth 65": nested(65), "depth 1,000": nested(1_000), "depth 100,000": nested(100_000), "objects 70 deep": '{"a":' * 70 + "1" + "}" * 70,
    "1e400": '{"title":"x","version":1e400}', "NaN": '{"version":NaN}', "Infinity": '{"version":Infinity}', "a duplicate key": '{"title":"a","title":"b"}',
    "a duplicate key, escaped": '{"title":"a","\\u0074itle":"b"}', "two spellings of a key": '{"unitId":"a","unit_id":"b"}',
    "a lone surrogate": '{"title":"\\ud800"}', "surrogates the wrong way": '{"title":"\\udc00\\ud800"}', "NUL": '{"title":"a\\u0000b"}',
    "trailing bytes": '{"title":"x"}x', "two texts": '{"title":"x"}{"title":"y"}', "a trailing comma": '{"title":"x",}', "comments": '{/*x*/"title":"x"}',
    "single quotes": "{'title':'x'}", "an open string": '{"title":"x', "an open object": '{"title":"x"', "nothing": "", "a space": " ",
    "a number": "5", "a string": '"x"', "a list": "[]", "null": "null", "a raw newline": '{"title":"a\nb"}', "leading zeros": '{"version":01}',
    "plus": '{"version":+1}', "hex": '{"version":0x10}', "a bad escape": '{"title":"\\x41"}', "a million elements": "[" + "1," * 1_000_000 + "1]",
    "a million keys": "{" + ",".join(f'"k{index}":1' for index in range(200_000)) + "}", "10 MB of text": '{"title":"' + "x" * (10 * MIB) + '"}',
    "10 MB of spaces": " " * (10 * MIB) + "{}", "wrong types": '{"title":5,"description":[],"category":{},"unitId":true}',
    "a list for text": '{"title":["a","b"]}', "a deep key": '{"' + "a." * 70 + 'a":1}', "__proto__": '{"__proto__":{"role":"admin"},"title":"x"}',
    "16 MB": '{"title":"' + "x" * (16 * MIB) + '"}', "a very long number": '{"version":' + "9" * 1_000_000 + "}",
}
RAW_JSON = {
    "a BOM": b"\xef\xbb\xbf{}", "UTF-16": '{"title":"x"}'.encode("utf-16"), "bad UTF-8": b'{"title":"\xc3\x28"}', "overlong": b'{"title":"\xc0\xaf"}',
    "a surrogate in UTF-8": b'{"title":"\xed\xa0\x80"}', "NUL bytes": b'{"title":"a\0b"}', "beyond Unicode": b'{"title":"\xf4\x90\x80\x80"}',
}


@pytest.mark.parametrize("label", [*HOSTILE_JSON, *RAW_JSON])
def test_t47_hostile_json_is_400_or_413(server, program, label):
    body = RAW_JSON[label] if label in RAW_JSON else HOSTILE_JSON[label].encode()
    for path in ("faults", "auth/login", "account"):
        answer = program.request("POST", path, body, {"Content-Type": "application/json"})
        # Signing in with nothing right in it is also just a failed sign-in.
        assert answer.status in (400, 413, 422) or (path == "auth/login" and answer.status == 401), f"{label} {path}: {answer.status} {answer.text[:200]}"
        assert set(answer.json()) >= {"error", "code", "requestId"}


def test_t47_depth_64_is_read(server, program):
    answer = program.request("POST", "faults", nested(64).encode(), {"Content-Type": "application/json"})
    assert answer.status == 400 and "64" not in answer.json()["error"], answer.text


@pytest.mark.parametrize("kind", ["text/plain", FORM, "application/xml", "text/json", "application/jsonx", "", "multipart/form-data; boundary=x"])
def test_t27_the_api_takes_json_only(server, program, kind):
    """What a form of a foreign page could send is not taken: no token is asked for here."""
    answer = program.request("POST", "account", b'{"theme":"dark"}', {"Content-Type": kind})
    assert answer.status in (400, 415), f"{kind}: {answer.status}"


# MARK: T48

HOSTILE_FORMS = {
    "10,000 fields": "&".join(f"f{index}=v" for index in range(10_000)), "a key 65 deep": "a" + "[b]" * 64 + "=1", "a key 70 deep": "a" + ".b" * 70 + "=1",
    "a key 50,000 deep": "a" + "[b]" * 50_000 + "=1", "a bad escape": "email=%zz", "half an escape": "email=%4", "bad UTF-8": "email=%c3%28", "NUL": "email=a%00b",
    "overlong": "email=%c0%af", "a key of 200 KB": "k" * 200_000 + "=1", "a field of 300 KB": "email=" + "x" * 300_000, "an open bracket": "a[b=1",
    "brackets only": "[]=1", "an empty key": "=1", "only ampersands": "&" * 100_000, "a surrogate": "email=%ed%a0%80", "unescaped": "email=ä",
}


@pytest.mark.parametrize("label", HOSTILE_FORMS)
def test_t48_hostile_forms_are_refused(server, label):
    visitor = server.visitor()
    token = visitor.get("/login").page.form("/login").values["csrf_token"]
    for path in ("/login", "/api/v1/auth/login"):
        body = (HOSTILE_FORMS[label] + f"&csrf_token={token}&password=x").encode()
        answer = visitor.request("POST", path, body, {"Content-Type": FORM, "Origin": f"http://{visitor.host}", "Sec-Fetch-Site": "same-origin"})
        assert answer.status in (400, 401, 413, 422), f"{label} {path}: {answer.status}"


@pytest.mark.parametrize("query", ["a=%zz", "q=%c3%28", "q=a%00b", "a" + "[b]" * 70 + "=1", "&".join(f"f{index}=1" for index in range(1_101)), "limit=1&limit=2"])
def test_t48_hostile_queries_are_refused_or_ignored(server, program, query):
    answer = program.get(f"faults?{query}")
    assert answer.status in ((200, 400) if query.startswith("limit") else (400, 413)), f"{query[:40]}: {answer.status}"


def test_t48_a_field_given_twice_is_not_believed(server, unit):
    visitor = server.visitor("resident")
    form = visitor.get("/faults/new").page.form("/faults")
    pairs = list((form.values | {"place": f"unit-{unit}", "category": "other", "description": "x", "title": "T48 one"}).items())
    body, kind = encode_multipart([*pairs, ("title", "T48 two")], [])
    answer = visitor.request("POST", "/faults", body, {"Content-Type": kind, "Origin": f"http://{visitor.host}", "Sec-Fetch-Site": "same-origin"})
    assert answer.status == 422
    assert not server.sql("select id from app.fault where title like 'T48%'")


# MARK: T71, T72

NUMBERS = [
    2**63 - 1, -(2**63), 2**63, 2**64, -1, 0, 10**308, 1.5, 1e308, -0.0, 1e-400, "9999999999999999999999", "٣", "1e3", "0x1F", "+1",
    "-0", "1.0", "NaN", "Infinity", "", "1,5", "999999999999999999999999999999999999999999",
]


@pytest.mark.parametrize("number", NUMBERS, ids=[repr(number) for number in NUMBERS])
def test_t71_numbers_that_are_none_are_refused(server, program, number):
    fault = server.sql(
        f"""select f.id from app.fault f join app.member m on m.tenant_id = f.tenant_id and m.id = f.reporter_id
            where m.email = '{server.person("resident")["email"]}' order by f.id desc limit 1""")
    target = fault[0]["id"] if fault else "00000000-0000-0000-0000-000000000000"
    answer = program.patch(f"faults/{target}", {"status": "cancelled", "reason": "x", "version": number})
    assert answer.status in (400, 403, 404, 409, 422), f"{answer.status} {answer.text[:200]}"
    for query in (f"limit={quote(str(number))}", f"cursor={quote(str(number))}", f"page={quote(str(number))}"):
        answer = program.get(f"faults?{query}")
        assert answer.status in (200, 400), f"{query}: {answer.status}"


def test_t71_numbers_in_a_pages_hidden_fields_are_refused_too(server, program, unit):
    """What the edit form and the acts carry along in hidden fields: 422 with the form, and nothing changes."""
    made = program.post("faults", report(unit, title="T71 page")).json()
    visitor = server.visitor("resident")
    path = f"/faults/{made['number']}"
    edit, cancel = visitor.get(f"{path}/edit").page.form("/edit"), visitor.get(path).page.form("/cancel")
    for number in ("9223372036854775807", "-9223372036854775808", "9223372036854775808", "-1", "0", "1e308", "NaN", "", "1.5", "9999999-13-01", "٣"):
        assert visitor.submit(edit, version=number, title="changed").status == 422, number
        assert visitor.submit(cancel, version=number, reason="x").status == 422, number
    assert server.sql(f"select title, state, version from app.fault where id = '{made['id']}'") == [
        {"title": "T71 page", "state": "reported", "version": 1}]


def test_t71_ids_and_dates_that_cannot_exist_are_404(server, program):
    for text in ("0", "-1", "9223372036854775808", "F-9999999-0001", "F-2026-99999999999999999999", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
                 "{00000000-0000-0000-0000-000000000000}", "0000000000000000000000000000000", "%E2%80%AE", "a" * 2_000, "null", "undefined", "1e309", "٣"):
        for path in ("faults/", "buildings/", "units/", "files/"):
            answer = program.get(path + quote(text, safe="%"))
            assert answer.status in (403, 404), f"{path}{text[:30]}: {answer.status}"


def test_t72_strange_text_is_kept_as_it_is_or_refused(server, program, unit):
    """Combining marks, joiners, right-to-left, NFC and NFD: what is taken comes back as it was, in NFC, page and JSON and CSV alike."""
    e = unicodedata.normalize("NFC", "é")
    for text in ("e\u0301" * 60, e * 60, "Z" + "\u0310\u0321" * 60, "👩‍👩‍👧‍👦" * 15, "\u202eabc", "a\u200bb", "ﷺ" * 100, "\ufeffa", "𝕏" * 100, "a\u0085b"):
        answer = program.post("faults", report(unit, title=text[:140], description=text))
        assert answer.status in (201, 400), f"{text[:10]!r}: {answer.status} {answer.text[:200]}"
        if answer.status == 201:
            assert program.get(f"faults/{answer.json()['id']}").json()["title"] == unicodedata.normalize("NFC", text[:140]).strip()
        server.forget_limits()
    for text in ("", " ", "\u2003", "\u200b" * 3, "x" * 141, "\0", "a\0b", "\u0310" * MIB, "x" * (3 * MIB)):
        answer = program.post("faults", report(unit, title=text))
        assert answer.status in (400, 413), f"{text[:10]!r}: {answer.status}"


def test_many_bad_bodies_at_once_leave_others_alone(server, program, phone):
    """Eight clients send hostile bodies while one reads its list: it is served all the time."""
    stop = threading.Event()

    def storm():
        mine = type(program)(server.port, program.host)
        mine.token = program.token
        while not stop.is_set():
            for label in ("10,000 parts", "a part header of 1 MB", "almost boundaries"):
                boundary, body = HOSTILE_MULTIPART[label]
                mine.request("POST", "faults", body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})
            mine.request("POST", "faults", HOSTILE_JSON["depth 100,000"].encode(), {"Content-Type": "application/json"})

    threads = [threading.Thread(target=storm) for _ in range(8)]
    for thread in threads:
        thread.start()
    slowest = 0.0
    try:
        for _ in range(40):
            began = time.monotonic()
            assert program.get("faults?limit=5").status == 200
            slowest = max(slowest, time.monotonic() - began)
        print(f"slowest answer beside eight hostile clients: {slowest:.2f} s")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert slowest < 20, f"{slowest:.2f} s"
