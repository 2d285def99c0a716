"""Live updates (FLOWS-2, 17): a socket tells what changed, on every node, to those who may know, and nothing else."""

import json
import re
import socket
import subprocess
import threading
import time

import pytest
from live import LiveSocket, comment, report
from portico import ROOT, Node, Portico, free_port
from visitor import Visitor
from websockets.exceptions import InvalidStatus


@pytest.fixture(scope="module")
def nodes(cluster):
    """Two processes on one database."""
    with Portico(cluster) as first, Node(first) as second:
        yield first, second


def refusal(client, origin=None, **more) -> int:
    with pytest.raises(InvalidStatus) as caught:
        LiveSocket(client, origin, **more)
    return caught.value.response.status_code


def test_a_change_on_one_node_is_told_on_the_other_within_a_second(nodes):
    first, second = nodes
    made = report(first)
    with LiveSocket(second.visitor("manager")) as there, LiveSocket(first.visitor("manager")) as here:
        for one in (there, here):
            assert [news["type"] for news in one.watch("fault", f"fault:{made['id']}")] == ["subscribed"] * 2
        times = []
        for _ in range(20):
            comment(first, made["id"])
            times.append(there.changed("fault"))
            here.changed("fault")
            there.silent(0.05)
        print(f"from the answer to the other node's news: median {sorted(times)[10] * 1000:.0f} ms, longest {max(times) * 1000:.0f} ms")
        assert sorted(times)[10] < 5, "by the bell and not by a reload"


def test_a_change_while_a_page_was_on_its_way_is_told_at_once(nodes):
    first, second = nodes
    made = report(first)
    before = int(time.time() * 1000)
    comment(first, made["id"])
    time.sleep(1.2)
    with LiveSocket(second.visitor("manager")) as page, LiveSocket(second.visitor("manager")) as later:
        page.watch(f"fault:{made['id']}", since=before)
        page.changed(f"fault:{made['id']}")
        later.watch(f"fault:{made['id']}", since=int(time.time() * 1000))
        assert later.silent(1)


def test_nobody_without_a_session_opens_a_socket_nor_a_page_of_another_site(nodes):
    portico = nodes[0]
    away = portico.visitor().get("/ws", Upgrade="websocket", Connection="Upgrade")
    assert away.status == 303 and away.header("Location").startswith("/login")
    program = portico.program("resident")
    program.token = "x" * 43
    assert refusal(program) == 401
    for origin in ("http://evil.example", "null", f"http://harbour.localhost:{portico.port}", f"http://lindenhof.localhost:{portico.port + 1}"):
        assert refusal(portico.visitor("manager"), origin) == 403, origin
    visitor = portico.visitor("manager")
    for headers in ({}, {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "8", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="},
                    {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "short"},
                    {"Upgrade": "h2c", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}):
        answer = visitor.request("GET", "/ws", None, headers)
        assert answer.status == 426 and answer.header("Upgrade") == "websocket", headers
    assert visitor.request("POST", "/ws", b"").status == 405


def test_a_program_listens_with_its_token(nodes):
    portico = nodes[0]
    made = report(portico)
    with LiveSocket(portico.program("manager")) as program:
        assert program.watch(f"fault:{made['id']}") == [{"type": "subscribed", "topic": f"fault:{made['id']}"}]
        comment(portico, made["id"])
        program.changed(f"fault:{made['id']}")


def test_topics_are_told_to_those_who_may_see_what_they_are_about(nodes):
    portico = nodes[0]
    made = report(portico)
    others = portico.sql(
        """select f.id from app.fault f join app.tenant t on t.id = f.tenant_id and t.slug = 'harbour' limit 1""")[0]["id"]
    topic = f"fault:{made['id']}"
    with LiveSocket(portico.visitor("resident")) as resident:
        assert resident.watch(topic, "notices", "fault", f"fault:{others}", "fault:nonsense", "nothing", "member:1", "notices:1") == [
            {"type": "subscribed", "topic": topic}, {"type": "subscribed", "topic": "notices"}, {"type": "subscribed", "topic": "fault"},
            {"type": "refused", "topic": f"fault:{others}", "code": "not_found"}, {"type": "refused", "topic": "fault:nonsense", "code": "not_found"},
            {"type": "refused", "topic": "nothing", "code": "unknown_topic"}, {"type": "refused", "topic": "member:1", "code": "unknown_topic"},
            {"type": "refused", "topic": "notices:1", "code": "unknown_topic"}]
        comment(portico, made["id"])
        resident.changed(topic)
    with LiveSocket(portico.visitor("portal")) as portal:
        assert portal.watch(topic)[0]["type"] == "refused"
    with LiveSocket(portico.visitor("manager", "harbour")) as neighbour:
        assert neighbour.watch(topic)[0]["code"] == "not_found"
        neighbour.watch("fault")
        comment(portico, made["id"])
        assert neighbour.silent(1.5), "the other company hears nothing of it"


def test_rights_that_are_taken_away_end_what_they_opened(nodes):
    first, second = nodes
    topic = f"fault:{report(first)['id']}"
    id = first.sql(f"select id from app.member where email = '{first.person('caretaker')['email']}'")[0]["id"]
    admin = first.program("admin")
    with LiveSocket(second.visitor("caretaker")) as socket:
        assert socket.watch(topic)[0]["type"] == "subscribed"
        answer = admin.post(f"people/{id}/roles", {"roles": ["portal"]})
        assert answer.status == 200, answer.text
        try:
            assert socket.until("ended", 5)["topic"] == topic
        finally:
            assert admin.post(f"people/{id}/roles", {"roles": ["caretaker"]}).status == 200


def test_a_session_that_is_over_closes_its_sockets(nodes):
    first, second = nodes
    visitor = first.visitor("owner")
    twin = second.visitor("owner")
    twin.cookies = dict(visitor.cookies)
    with LiveSocket(twin) as socket:
        page = visitor.get("/account").page
        assert visitor.submit(page.form("/logout")).status == 303
        # Signing out is noticed at the latest with the next look, or with the next thing that happens to the member.
        assert socket.end(100) == 4401


CONTINUATION, TEXT, BINARY, CLOSE, PING, FINAL, RESERVED = 0, 1, 2, 8, 9, 0x80, 0x40


def frame(first: int, data: bytes = b"{}", mask: bytes = b"mask") -> bytes:
    """RFC 6455, 5.2, as no client library would send it."""
    bit = 0x80 if mask else 0
    length = bytes([bit | len(data)]) if len(data) < 126 else bytes([bit | 126]) + len(data).to_bytes(2, "big")
    return bytes([first]) + length + mask + bytes(byte ^ mask[index % 4] if mask else byte for index, byte in enumerate(data))


@pytest.mark.parametrize("frames, code", [
    (frame(FINAL | BINARY), 1003), (frame(FINAL | TEXT, b"\xff\xfe"), 1007), (frame(FINAL | TEXT, b"x" * 5000), 1009),
    (frame(FINAL | RESERVED | TEXT), 1002), (frame(FINAL | CONTINUATION), 1002), (frame(PING), 1002), (frame(FINAL | PING, b"x" * 126), 1002),
    (frame(TEXT, b"a") + frame(FINAL | TEXT, b"b"), 1002), (frame(TEXT, b"x" * 3000) + frame(FINAL | CONTINUATION, b"x" * 3000), 1009),
    (frame(FINAL | CLOSE, b"x"), 1002), (frame(FINAL | 3), 1002), (frame(FINAL | 11), 1002), (frame(FINAL | TEXT, mask=b""), 1002),
    (frame(FINAL | TEXT) * 60, 1008), (frame(FINAL | PING, b"x") * 60, 1008),
])
def test_malformed_frames_and_floods_close_the_socket_that_sent_them(nodes, frames, code):
    portico = nodes[0]
    with LiveSocket(portico.visitor("manager")) as other, LiveSocket(portico.visitor("manager")) as socket:
        other.watch("notices")
        socket.socket.socket.sendall(frames)
        assert socket.end() == code
        other.watch("fault")


def test_messages_that_are_no_requests_are_answered_and_the_socket_stays(nodes):
    with LiveSocket(nodes[0].visitor("manager")) as socket:
        for text in ("", "nonsense", "[]", "{}", '{"type":"subscribe"}', '{"type":"dance","topics":[]}', '{"type":"subscribe","topics":[1]}',
                     '{"type":"subscribe","topics":["a b"]}', '{"type":"subscribe","topics":[""]}', "[" * 2000,
                     json.dumps({"type": "subscribe", "topics": ["x"] * 60})):
            socket.socket.send(text)
            assert socket.hear() == {"type": "error", "code": "bad_frame"}, text[:60]
            time.sleep(0.06)
        time.sleep(1)
        socket.socket.send(['{"type":"subs', 'cribe","topics":["fault"]}'])
        assert socket.hear() == {"type": "subscribed", "topic": "fault"}
        assert socket.socket.ping(b"there?").wait(10)
        time.sleep(1)
        answers = socket.watch(*[f"fault:{index}" for index in range(50)])
        assert sorted({one["code"] for one in answers}) == ["not_found", "too_many_topics"], "fifty with the one that is watched"


def test_one_person_has_twenty_sockets_and_gets_a_place_back(nodes):
    portico = nodes[1]
    visitor = portico.visitor("caretaker")
    open_ones = [LiveSocket(visitor) for _ in range(20)]
    assert refusal(visitor) == 429
    open_ones.pop().__exit__()
    for _ in range(100):
        try:
            open_ones.append(LiveSocket(visitor))
            break
        except InvalidStatus:
            time.sleep(0.05)
    assert len(open_ones) == 20
    for one in open_ones:
        one.__exit__()


def test_what_a_page_asks_by_itself_keeps_no_session_awake(nodes):
    portico = nodes[0]
    visitor = portico.visitor("resident")
    portico.sql("update app.session set seen_at = seen_at - interval '10 minutes' where kind = 'browser'")
    seen = "select max(seen_at)::text as seen from app.session where kind = 'browser' and member_id = (select id from app.member where email = '%s')"
    before = portico.sql(seen % portico.person("resident")["email"])
    assert visitor.get("/faults", X_Portico_Live="1").status == 200
    assert portico.sql(seen % portico.person("resident")["email"]) == before
    assert visitor.get("/faults").status == 200
    assert portico.sql(seen % portico.person("resident")["email"]) != before


def test_a_client_that_reads_nothing_is_cut_off_and_costs_no_memory(nodes):
    """Nobody reads while everything changes: news are put together instead of piling up, and after the patience the socket is closed."""
    portico = nodes[0]
    made = report(portico)
    visitor = portico.visitor("manager")
    deaf = []
    for _ in range(15):
        one = LiveSocket(visitor)
        one.watch("fault")
        raw = one.socket.socket
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.append(raw.dup())
        one.socket.recv_events_thread = None
    before = portico.memory()
    with LiveSocket(portico.visitor("manager")) as healthy:
        healthy.watch("fault")
        for _ in range(40):
            comment(portico, made["id"])
            healthy.changed("fault")
    assert portico.memory() - before < 30
    for one in deaf:
        one.close()


def test_a_node_that_stops_says_so_and_a_killed_one_leaves_the_other_alone(nodes):
    first, _ = nodes
    with Node(first) as third:
        with LiveSocket(third.visitor("manager")) as socket:
            socket.watch("fault")
            threading.Timer(0.3, third.process.terminate).start()
            assert socket.end() == 1001
        assert third.process.wait(30) == 0
    with Node(first) as fourth, LiveSocket(first.visitor("manager")) as other:
        other.watch("fault")
        with LiveSocket(fourth.visitor("manager")) as socket:
            made = report(fourth)
            other.changed("fault")
            fourth.kill()
            assert socket.end() == 1006
        comment(first, made["id"])
        other.changed("fault")


def test_a_socket_opens_through_nginx(nodes, tmp_path):
    """With the lines that README gives."""
    portico, port = nodes[0], free_port()
    lines = re.search(r"^    location / \{\n.*?^    \}$", (ROOT / "README.md").read_text(), re.M | re.S)[0]
    (tmp_path / "nginx.conf").write_text(
        f"""daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}
        http {{ access_log off; {" ".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))}
          map $http_upgrade $connection_upgrade {{ default upgrade; "" ""; }}
          server {{ listen 127.0.0.1:{port}; {lines.replace("127.0.0.1:8000", f"127.0.0.1:{portico.port}")} }} }}""")
    nginx = subprocess.Popen(["/usr/sbin/nginx", "-c", tmp_path / "nginx.conf", "-e", tmp_path / "error.log"])
    try:
        visitor = Visitor(port, f"lindenhof.localhost:{port}")
        person = portico.person("manager")
        for _ in range(200):
            try:
                visitor.sign_in(person["email"], person["password"])
                break
            except ConnectionRefusedError:
                time.sleep(0.05)
        with LiveSocket(visitor) as socket:
            assert socket.watch("fault")[0]["type"] == "subscribed"
            comment(portico, report(portico)["id"])
            socket.changed("fault")
    finally:
        nginx.terminate()
        nginx.wait(10)


def test_lines_whose_bell_was_lost_are_found_by_the_clock(nodes):
    """As after a node that died between its commit and the bell."""
    first, second = nodes
    report(first)
    with LiveSocket(second.visitor("manager")) as socket:
        socket.watch("fault")
        while not socket.silent(1):
            pass
        # What the report and the notices that came of it have said, once more and without a bell.
        first.sql(
            "insert into jobs.signal(tenant_id, topics) select tenant_id, array_agg(distinct topic) from jobs.signal, unnest(topics) topic group by 1"
        )
        socket.changed("fault")
