"""T74, T75, T76 in short: clients that take their time are cut off at the deadlines; others do not notice.

Deadlines as the server has them: header 10 s, body 30 s, writing 30 s. All slow clients of this file run at once. A busy machine
closes later than it should, so what counts is that nobody is closed early and nobody stays.
"""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from portico import Portico
from visitor import encode_multipart
from wire import Closed, Wire, request

HEADER, BODY, WRITE = 10, 30, 30
PATIENCE = 45
EACH = 50


@pytest.fixture(scope="module")
def server(cluster):
    with Portico(cluster) as portico:
        yield portico


class Healthy(threading.Thread):
    """Somebody who reads the list of faults again and again, and notes how long each took."""

    def __init__(self, server):
        super().__init__()
        self.program = server.program("manager")
        self.times = []
        self.stop = threading.Event()

    def run(self):
        while not self.stop.is_set():
            began = time.monotonic()
            assert self.program.get("faults?limit=5").status == 200
            self.times.append(time.monotonic() - began)
            time.sleep(0.02)

    @property
    def p99(self):
        return sorted(self.times)[int(len(self.times) * 0.99)]


def until_closed(wire, began, most):
    """Seconds from `began` until the server ends the connection, and what it said; None when it is open after `most`."""
    heard = b""
    wire.socket.settimeout(0.5)
    while time.monotonic() - began < most:
        try:
            data = wire.socket.recv(65_536)
            if not data:
                return time.monotonic() - began, heard
            heard += data
        except TimeoutError:
            continue
        except OSError:
            return time.monotonic() - began, heard
    return None, heard


def silent_header(server):
    """Half a header, then nothing."""
    began = time.monotonic()
    with Wire(server.port) as wire:
        wire.send(b"GET /login HTTP/1.1\r\nHost: lindenhof")
        return until_closed(wire, began, HEADER + PATIENCE)


def dripped_header(server):
    """A header line every half second: no byte resets the clock."""
    began = time.monotonic()
    with Wire(server.port) as wire:
        wire.send(f"GET /login HTTP/1.1\r\nHost: lindenhof.localhost:{server.port}\r\n".encode())
        for index in range(2 * (HEADER + PATIENCE)):
            if not wire.send(f"X-{index}: v\r\n".encode()):
                break
            time.sleep(0.5)
            wire.socket.setblocking(False)
            try:
                wire.socket.recv(1, 2)
                break
            except BlockingIOError:
                continue
            except OSError:
                break
            finally:
                wire.socket.settimeout(5)
        return until_closed(wire, began, HEADER + PATIENCE)


def silent_body(server):
    """A length of 1,000 and 10 bytes."""
    began = time.monotonic()
    with Wire(server.port) as wire:
        wire.send(request("POST", "/api/v1/auth/login", f"lindenhof.localhost:{server.port}", "Content-Type: application/json", "Content-Length: 1000"))
        wire.send(b'{"email":"')
        return until_closed(wire, began, BODY + PATIENCE)


def dripped_body(server):
    """A byte every half second: far below the minimum rate."""
    began = time.monotonic()
    with Wire(server.port) as wire:
        wire.send(request("POST", "/api/v1/auth/login", f"lindenhof.localhost:{server.port}", "Content-Type: application/json", "Content-Length: 1000"))
        while time.monotonic() - began < BODY + PATIENCE and wire.send(b" "):
            time.sleep(0.5)
        return until_closed(wire, began, BODY + PATIENCE)


def expected_body(server):
    """`Expect: 100-continue`, and then no body."""
    began = time.monotonic()
    with Wire(server.port) as wire:
        wire.send(request(
            "POST", "/api/v1/auth/login", f"lindenhof.localhost:{server.port}", "Content-Type: application/json", "Content-Length: 10", "Expect: 100-continue"))
        return until_closed(wire, began, BODY + PATIENCE)


def slow_reader(server):
    """Asks for the same asset 3,000 times and reads nothing."""
    with Wire(server.port) as wire:
        wire.socket.setsockopt(1, 8, 4_096)     # SO_RCVBUF: little room on our side
        path = server.largest_asset
        try:
            wire.socket.settimeout(WRITE + PATIENCE)
            began = time.monotonic()
            for _ in range(3_000):
                wire.socket.sendall(request("GET", path, f"lindenhof.localhost:{server.port}"))
        except (ConnectionResetError, BrokenPipeError):
            return time.monotonic() - began, b""
        except TimeoutError:
            return None, b""
        time.sleep(WRITE + 15)
        # What stood in the sockets may still come, and then the end; not the rest of the answers.
        wire.socket.settimeout(PATIENCE)
        got, most = 0, 3_000 * server.largest_size // 2
        try:
            while data := wire.socket.recv(1 << 20):
                got += len(data)
                if got > most:
                    return None, b""
        except TimeoutError:
            return None, b""
        except OSError:
            pass
        return WRITE, b""


KINDS = {
    "a header that stops": (silent_header, HEADER), "a header that drips": (dripped_header, HEADER), "a body that stops": (silent_body, BODY),
    "a body that drips": (dripped_body, BODY), "a body that was announced": (expected_body, BODY), "a client that does not read": (slow_reader, WRITE),
}


@pytest.fixture(scope="module")
def outcome(server):
    """Runs every kind `EACH` times at once, with a healthy client beside them."""
    server.largest_asset = re.search(r'/a/inter-[^"]+', server.visitor().get("/login").text).group()
    server.largest_size = len(server.visitor().get(server.largest_asset).body)
    calm = Healthy(server)
    calm.start()
    time.sleep(5)
    calm.stop.set()
    calm.join()
    healthy = Healthy(server)
    memory = server.memory()
    healthy.start()
    results = {label: [] for label in KINDS}
    with ThreadPoolExecutor(EACH * len(KINDS)) as pool:
        futures = [(label, pool.submit(kind, server)) for label, (kind, _) in KINDS.items() for _ in range(EACH)]
        for label, future in futures:
            results[label].append(future.result())
    healthy.stop.set()
    healthy.join()
    print(f"p99 of a healthy client: {calm.p99:.3f} s alone, {healthy.p99:.3f} s beside {EACH * len(KINDS)} slow ones")
    return {"results": results, "calm": calm.p99, "p99": healthy.p99, "count": len(healthy.times), "grown": server.memory() - memory}


@pytest.mark.parametrize("label", KINDS)
def test_t74_t75_t76_slow_clients_are_cut_off_at_their_deadline(outcome, label):
    deadline = KINDS[label][1]
    for seconds, heard in outcome["results"][label]:
        assert seconds is not None, f"{label}: still open"
        if "header" in label or "body" in label:
            assert seconds > deadline - 1, f"{label}: closed after {seconds:.1f} s"
            assert b"HTTP/1.1 408" in heard or b" 400 " in heard or heard in (b"", b"HTTP/1.1 100 Continue\r\n\r\n"), heard[:80]


def test_t74_a_healthy_client_does_not_notice(outcome, server):
    assert outcome["count"] > 100
    # One second where the machine has time; where it has none, not much more than without the slow ones.
    assert outcome["p99"] < max(1, 5 * outcome["calm"]), f"p99 {outcome['p99']:.2f} s, alone {outcome['calm']:.2f} s"
    assert outcome["grown"] < 600, f"{outcome['grown']} MiB more"
    assert server.pid


def test_t75_an_honest_slow_upload_is_not_cut_off(server, phone):
    """Some 36 s at 48 KiB a second: longer than the body's deadline, faster than its minimum rate of 16 KiB."""
    server.forget_limits()
    program = server.program("resident")
    unit = server.sql(
        f"""select o.unit_id as id from app.occupancy o join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
            where m.email = '{server.person("resident")["email"]}' and o.until is null limit 1""")[0]["id"]
    body, kind = encode_multipart(
        list({"title": "slow", "description": "x", "category": "other", "unitId": unit}.items()),
        [("photos", f"{index}.jpg", "image/jpeg", phone) for index in range(10)])
    rate = 48 << 10
    assert len(body) > rate * (BODY + 5)
    with Wire(server.port, seconds=120) as wire:
        wire.send(request(
            "POST", "/api/v1/faults", program.host, f"Authorization: Bearer {program.token}", f"Content-Type: {kind}", f"Content-Length: {len(body)}"))
        began, place = time.monotonic(), 0
        while place < len(body):
            due = min(len(body), int((time.monotonic() - began) * rate))
            assert wire.send(body[place:due]), f"cut off after {place} of {len(body)} bytes"
            place = due
            time.sleep(0.25)
        try:
            answer = wire.answer()
        except Closed as closed:
            raise AssertionError(f"cut off: {closed}") from None
        assert answer.status == 201, answer.body[:200]
