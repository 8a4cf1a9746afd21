"""Answer HTTP requests on loopback from a script, down to the bytes, and keep what was asked."""

import json
import socket
import struct
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from types import TracebackType
from typing import Any

HANG_UP = b"hang up"
"""Read the request, close the connection without an answer."""
RESET = b"reset"
"""Break the connection while the request is on its way."""
BE_LATE = b"be late"
"""Read the request, answer nothing until the server closes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Hold one request."""

    method: str
    path: str
    headers: Message
    body: bytes

    @property
    def form(self) -> dict[str, bytes]:
        """Read a multipart body; names and contents of its parts."""
        whole = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode() + self.body
        parts = message_from_bytes(whole).walk()
        named = {part.get_param("name", header="content-disposition"): part for part in parts}
        return {str(name): bytes(part.get_payload(decode=True)) for name, part in named.items() if name}


def reply(status: int, body: object = b"", reason: str = "Because", **headers: str) -> bytes:
    """Write an answer; a body that is not bytes goes out as JSON; ``x_y="1"`` is a header ``x-y: 1``."""
    lines = {name.replace("_", "-"): value for name, value in headers.items()}
    if not isinstance(body, bytes):
        body, lines = json.dumps(body).encode(), {"content-type": "application/json", **lines}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} {reason}\r\ncontent-length: {len(body)}\r\n{head}\r\n".encode() + body


class CannedServer:
    """Give the scripted answers one after the other, then 500 for everything."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.script: list[bytes] = []
        self._closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "CannedServer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        with socket.create_connection(self._listener.getsockname()):
            self._thread.join(10)
        self._listener.close()

    def paths(self, method: str = "POST") -> list[str]:
        """List the paths asked for with a method, in order."""
        return [asked.path for asked in self.asked if asked.method == method]

    def _serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            with connection, suppress(ConnectionError):  # clients may hang up when they have seen enough
                if self._closing.is_set():
                    return
                self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        answer = self.script.pop(0) if self.script else reply(500, b"the script is over")
        if answer == RESET:
            connection.recv(1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        self.asked.append(_read(connection))
        if answer == BE_LATE:
            self._closing.wait(60)
        elif answer != HANG_UP:
            connection.sendall(answer)


def _read(connection: socket.socket) -> Asked:
    with connection.makefile("rb") as stream:
        method, path, _ = stream.readline().decode().split(" ", 2)
        lines = b"".join(iter(lambda: stream.readline(), b"\r\n"))
        headers = message_from_bytes(lines)
        return Asked(
            method=method, path=path, headers=headers, body=stream.read(int(headers["content-length"] or 0))
        )


@contextmanager
def unused_url() -> Iterator[str]:
    """Give an address at which nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


def assert_no_secret(error: BaseException, secrets: Sequence[str]) -> None:
    """Look for secrets, by value, in all that an error shows, its causes and contexts included."""
    told = [*traceback.format_exception(error), str(getattr(error, "advice", ""))]
    for link in _chain(error):
        told += [str(link), repr(link), repr(link.args)]
    found = [secret for secret in secrets if any(secret in text for text in told)]
    assert found == []


def _chain(error: BaseException) -> Iterator[BaseException]:
    links: list[BaseException | None] = [error]
    seen: set[int] = set()
    while links:
        link = links.pop()
        if link is not None and id(link) not in seen:
            seen.add(id(link))
            yield link
            links += [link.__cause__, link.__context__]


def json_of(body: bytes) -> Any:
    """Read a JSON body."""
    return json.loads(body)
