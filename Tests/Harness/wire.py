"""HTTP/1.1 as bytes on a socket, for requests that no client library would send."""

import socket
import time
from dataclasses import dataclass


@dataclass
class RawAnswer:
    status: int
    headers: list
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class Closed(Exception):
    """The server ended the connection where an answer was due."""


class Wire:
    def __init__(self, port: int, seconds: float = 60):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.kept = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data: bytes) -> bool:
        """False when the server no longer listens: it may have answered already."""
        try:
            self.socket.sendall(data)
            return True
        except (BrokenPipeError, ConnectionResetError):
            return False

    def half_close(self):
        self.socket.shutdown(socket.SHUT_WR)

    def answer(self, head: bool = False) -> RawAnswer:
        """The next answer; interim ones (1xx) are skipped. Its body has the length that it claims, or this raises."""
        while True:
            top = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
            status = int(top[0].split()[1])
            headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in top[1:] if line)]
            if status >= 200:
                break
        answer = RawAnswer(status, headers, b"")
        if head or status in (204, 304):
            return answer
        if (answer.header("transfer-encoding") or "").lower() == "chunked":
            answer.body = self._chunks()
        elif answer.header("content-length") is not None:
            length = int(answer.header("content-length"))
            assert length >= 0, f"Content-Length {length}"
            answer.body = self._exactly(length)
        else:
            answer.body = self._rest()
        return answer

    def is_closed(self, seconds: float = 30) -> bool:
        """Whether the server ends the connection within that time; bytes before the end are skipped."""
        self.socket.settimeout(seconds)
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                if not self.socket.recv(65_536):
                    return True
        except (ConnectionResetError, BrokenPipeError):
            return True
        except TimeoutError:
            return False
        return False

    def _more(self):
        try:
            data = self.socket.recv(262_144)
        except (ConnectionResetError, BrokenPipeError):
            data = b""
        if not data:
            raise Closed(self.kept[:200])
        self.kept += data

    def _until(self, mark: bytes) -> bytes:
        while mark not in self.kept:
            self._more()
        found, _, self.kept = self.kept.partition(mark)
        return found

    def _exactly(self, length: int) -> bytes:
        while len(self.kept) < length:
            self._more()
        found, self.kept = self.kept[:length], self.kept[length:]
        return found

    def _chunks(self) -> bytes:
        body = bytearray()
        while True:
            size = int(self._until(b"\r\n").split(b";")[0], 16)
            if size == 0:
                while self._until(b"\r\n"):
                    pass
                return bytes(body)
            body += self._exactly(size)
            assert self._exactly(2) == b"\r\n"

    def _rest(self) -> bytes:
        try:
            while True:
                self._more()
        except Closed:
            found, self.kept = self.kept, b""
            return found


def ask(port: int, data: bytes, seconds: float = 60, half_close: bool = False) -> RawAnswer | None:
    """Sends bytes on a fresh connection and gives the first answer; nil when the server just closed."""
    with Wire(port, seconds) as wire:
        wire.send(data)
        if half_close:
            wire.half_close()
        try:
            return wire.answer(head=data.startswith(b"HEAD"))
        except Closed:
            return None


def request(method: str, target: str, host: str | None, *lines: str, body: bytes = b"") -> bytes:
    head = [f"{method} {target} HTTP/1.1"] + ([f"Host: {host}"] if host is not None else []) + list(lines)
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body
