"""What both stand-ins share: exchanges, kept whole, forms and pictures in them, and counting requests."""

import io
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import parse_qsl

from python_multipart import parse_form
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File

from spotlight_notify.sandbox.faults import Fault, Faults, Step
from spotlight_notify.sandbox.shown import ShownPost

MOST_ON_A_PAGE = 100
"""The most posts that either network puts on a page of a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One request as it came, secrets too (they are throw-away ones).

    ``url`` is whole, as the client addressed it; ``path`` is what is left of it below the stand-in's own
    address. Header names are in lower case.
    """

    at: datetime
    method: str
    url: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """Return the first header of this (lower case) name, or an empty string."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def query(self) -> dict[str, str]:
        _, _, query = self.url.partition("?")
        return dict(parse_qsl(query, keep_blank_values=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back to the client."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def json_answer(status: int, value: object, **headers: str) -> Answer:
    """Write a value as JSON; underscores in header names become hyphens."""
    body = json.dumps(value, ensure_ascii=False).encode()
    plain = Answer(status=status, body=body, headers={"content-type": "application/json; charset=utf-8"})
    return with_headers(plain, **headers)


def with_headers(answer: Answer, **headers: str) -> Answer:
    """Return the answer with more headers; underscores in their names become hyphens."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return replace(answer, headers={**answer.headers, **named})


def json_object(body: bytes) -> dict[str, Any] | None:
    """Read a JSON object; None when it is none."""
    try:
        value = json.loads(body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """Pair a request with its answer; ``answer`` is None where a fault took it away.

    ``done`` is how the stand-in truly answered, whatever the client was told; None where it did nothing.
    """

    stand_in: str
    step: Step
    received: Received
    answer: Answer | None
    fault: Fault | None
    done: Answer | None
    number: int = 0

    @property
    def made_public(self) -> bool:
        """Whether this request made a post public, whatever the client was told."""
        return self.step in (Step.PUBLISH, Step.REPLY) and self.done is not None and self.done.status < 300


class Journal:
    """Keep every exchange of this sandbox, in the order they were answered. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._exchanges: list[Exchange] = []

    def add(self, exchange: Exchange) -> None:
        """Keep one exchange and number it, from 1 on."""
        with self._lock:
            self._exchanges.append(replace(exchange, number=len(self._exchanges) + 1))

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        with self._lock:
            return tuple(self._exchanges)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateHeader:
    """How far the ``Date`` of answers is from the network's clock, or that there is none."""

    skew: timedelta = timedelta()
    absent: bool = False


class StandIn(Protocol):
    """Answer as one network would.

    ``lag`` is how long new posts are missing from its lists of what is live, ``limits`` whether it counts
    requests, ``refuses_duplicates`` whether it refuses words that it holds already, ``page_size`` the most
    posts on a page of a list, ``skew`` how far its clock is ahead of this machine's.
    """

    lag: timedelta
    limits: bool
    refuses_duplicates: bool
    page_size: int
    skew: timedelta
    date: DateHeader

    @property
    def name(self) -> str: ...

    @property
    def faults(self) -> Faults: ...

    @property
    def history(self) -> tuple[ShownPost, ...]:
        """Show all posts that were ever live, deleted ones too, oldest first."""
        ...

    def now(self) -> datetime:
        """Read the network's own clock."""
        ...

    def step(self, received: Received) -> Step:
        """Return what kind of request this is."""
        ...

    def answer(self, received: Received, *, again: bool = False) -> Answer:
        """Do what is asked and answer truly; ``again``: the very same request has just been answered.

        Then a post that repeats a live one is refused whatever the settings say.
        """
        ...

    def false_answer(self, fault: Fault, received: Received, done: Answer | None) -> Answer | None:
        """Answer as the network does in this trouble; None where the trouble is that nothing comes back.

        ``done`` is the true answer where the work was done.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """How often something was asked for since the window opened, this time included."""

    used: int
    ends_at: datetime


class Windows:
    """Count by name; a window opens with the first request after the last one ended. One thread at a time."""

    def __init__(self, length: timedelta) -> None:
        self._length = length
        self._open: dict[str, Window] = {}

    def count(self, name: str, now: datetime) -> Window:
        """Count one request and return its window."""
        window = self._open.get(name)
        if window is None or now >= window.ends_at:
            window = Window(used=0, ends_at=now + self._length)
        self._open[name] = replace(window, used=window.used + 1)
        return self._open[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields (the last of a name counts) and the files of a form."""

    fields: dict[str, str]
    files: dict[str, bytes]


def read_form(received: Received) -> Form:
    """Read an urlencoded or multipart body; whatever is neither, or broken, gives an empty form."""
    content_type = received.header("content-type")
    if content_type.startswith("application/x-www-form-urlencoded"):
        fields = parse_qsl(received.body.decode(errors="replace"), keep_blank_values=True)
        return Form(fields=dict(fields), files={})
    if content_type.startswith("multipart/form-data"):
        return _read_multipart(content_type, received.body)
    return Form(fields={}, files={})


def _read_multipart(content_type: str, body: bytes) -> Form:
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}

    def keep_field(field: Field) -> None:
        fields[(field.field_name or b"").decode()] = (field.value or b"").decode(errors="replace")

    def keep_file(file: File) -> None:
        file.file_object.seek(0)
        files[(file.field_name or b"").decode()] = file.file_object.read()
        file.close()

    headers = {"Content-Type": content_type.encode()}
    try:
        parse_form(headers, io.BytesIO(body), keep_field, keep_file)
    except FormParserError:
        return Form(fields={}, files={})
    return Form(fields=fields, files=files)


def picture_type(content: bytes) -> str | None:
    """Return a picture's media type by its first bytes; None for whatever X and Facebook do not take."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None
