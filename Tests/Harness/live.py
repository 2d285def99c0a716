"""A client of the live socket on the package websockets, which shares no code with the server."""

import contextlib
import json
import socket
import time

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from visitor import Program, Visitor


def report(portico, title: str = "Water under the door") -> dict:
    """A new fault, reported by the resident about their own home."""
    portico.forget_limits()
    unit = portico.sql(
        f"""select o.unit_id as id from app.occupancy o join app.member m on m.tenant_id = o.tenant_id and m.id = o.member_id
            where m.email = '{portico.person("resident")["email"]}' and o.until is null limit 1""")[0]["id"]
    answer = portico.program("resident").post("faults", {"title": title, "description": "It runs.", "category": "plumbing", "unitId": unit})
    assert answer.status == 201, answer.text
    return answer.json()


def comment(portico, id: str, text: str = "On our way.", role: str = "manager"):
    portico.forget_limits()
    answer = portico.program(role).post(f"faults/{id}/comments", {"comment": text})
    assert answer.status in (200, 201), answer.text


class LiveSocket:
    """One socket, by a visitor's cookie or a program's token."""

    def __init__(self, client: Visitor | Program, origin: str | None = None, **options):
        headers = {}
        if isinstance(client, Program):
            path = "/api/v1/ws"
            headers["Authorization"] = f"Bearer {client.token}"
        else:
            path = "/ws"
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
            origin = origin or f"http://{client.host}"
        self.door = connect(
            f"ws://{client.host}{path}", origin=origin, additional_headers=headers, open_timeout=30, compression=None,
            sock=socket.create_connection(("127.0.0.1", client.port), timeout=30), proxy=None, **options)
        self.socket = self.door.__enter__()
        assert self.hear() == {"type": "welcome"}

    def __enter__(self) -> "LiveSocket":
        return self

    def __exit__(self, *_):
        with contextlib.suppress(Exception):
            self.door.__exit__(None, None, None)

    def say(self, **message):
        self.socket.send(json.dumps(message))

    def hear(self, seconds: float = 30) -> dict:
        return json.loads(self.socket.recv(timeout=seconds))

    def silent(self, seconds: float) -> bool:
        """Whether nothing comes for so long."""
        try:
            self.hear(seconds)
            return False
        except TimeoutError:
            return True

    def watch(self, *topics: str, **more) -> list:
        """The answers, in the order of the topics."""
        self.say(type="subscribe", topics=list(topics), **more)
        return [self.hear() for _ in topics]

    def until(self, type: str, seconds: float = 30, **wanted) -> dict:
        """The next message of that type with these values; others are passed over."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            with contextlib.suppress(TimeoutError):
                news = self.hear(left)
                if news["type"] == type and all(news.get(name) == value for name, value in wanted.items()):
                    return news
        raise AssertionError(f"no {type} {wanted} within {seconds} s")

    def changed(self, topic: str, seconds: float = 30) -> float:
        """Seconds until the topic is said to have changed."""
        began = time.monotonic()
        while topic not in self.until("changed", seconds)["topics"]:
            pass
        return time.monotonic() - began

    def end(self, seconds: float = 30) -> int:
        """The code that the server closes with."""
        deadline = time.monotonic() + seconds
        with contextlib.suppress(TimeoutError):
            while time.monotonic() < deadline:
                try:
                    self.socket.recv(timeout=seconds)
                except ConnectionClosed as closed:
                    return closed.rcvd.code if closed.rcvd else 1006
        raise AssertionError(f"still open after {seconds} s")

