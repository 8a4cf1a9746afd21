"""Be a social network in memory: what is public on one channel, and how requests to it go wrong."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, NoReturn, Protocol

import requests
from requests.structures import CaseInsensitiveDict

from worlds.scripts import Ill, Net, Trouble

BEGAN = datetime(2026, 11, 30, 12, tzinfo=UTC)
"""The true time of second 0."""
PATIENCE = 30
"""Seconds after which a sender gives up waiting for an answer."""


@dataclass(slots=True, kw_only=True)
class Live:
    """Hold one post. ``at``: when it became public, in true seconds; None for a draft."""

    post_id: str
    text: str
    links: tuple[str, ...]
    at: float | None
    made_at: float
    by: str
    reply_to: str | None = None
    gone_at: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what a network answers."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


class Face(Protocol):
    """Speak one network's language."""

    def call_of(self, request: requests.PreparedRequest) -> str:
        """Name the kind of a request: create, upload, describe, look, find, delete or who."""
        ...

    def carry_out(self, call: str, request: requests.PreparedRequest) -> Answer:
        """Do what is asked."""
        ...

    def trouble(self, ill: Ill, amount: int, done: Answer | None) -> Answer:
        """Answer with trouble; ``done``: what the answer would have been, if it was carried out."""
        ...

    def new_id(self, at: float | None = None) -> str:
        """Make the id of a post that is made then, or now."""
        ...


class Process(Protocol):
    """Be who sends requests."""

    def step(self, name: str, told: str = "") -> None: ...

    def wait(self, seconds: float) -> None: ...


class Shore:
    """Hold what is public on one channel, and the troubles that wait for its requests."""

    def __init__(
        self,
        net: Net,
        troubles: tuple[Trouble, ...],
        now: Callable[[], float],
        later: Callable[[float, Callable[[], object]], None],
        tell: Callable[[str], None],
    ) -> None:
        self.net, self.posts = net, list[Live]()
        self.now, self.later, self.tell = now, later, tell
        self.calm = False
        self._troubles = {(one.call, one.nth): one for one in troubles if one.channel == net.name}
        self._counts: dict[str, int] = {}
        self._numbers = 0

    def clock(self, at: float | None = None) -> datetime:
        """Tell the network's own time, or what it was."""
        return BEGAN + timedelta(seconds=(self.now() if at is None else at) + self.net.clock_off)

    def number(self) -> int:
        """Number whatever is made here."""
        self._numbers += 1
        return self._numbers

    def add(self, post: Live) -> Live:
        """Put a post, or a draft, here."""
        self.posts.append(post)
        return post

    def is_repeat(self, text: str) -> bool:
        """Tell whether the network refuses these words, as it shows them already."""
        return self.net.refuses_repeats and any(
            post.text == text and post.at is not None and post.gone_at is None for post in self.posts
        )

    def find(self, post_id: str) -> Live | None:
        """Find a post or draft that is not gone."""
        return next((p for p in self.posts if p.post_id == post_id and p.gone_at is None), None)

    def listed(self) -> list[Live]:
        """List what lists show by now, newest first."""
        until = self.now() - self.net.lag
        shown = [p for p in self.posts if p.at is not None and p.at <= until and p.gone_at is None]
        return sorted(shown, key=lambda p: (p.at, p.made_at), reverse=True)

    def next_trouble(self, call: str) -> Trouble | None:
        """Count a request, and tell what goes wrong with it."""
        nth = self._counts[call] = self._counts.get(call, -1) + 1
        return None if self.calm else self._troubles.get((call, nth))


class Crossing(requests.adapters.BaseAdapter):
    """Carry one process's requests to one network."""

    def __init__(self, shore: Shore, face: Face, process: Process, not_sent: Callable[[], Exception]) -> None:
        super().__init__()
        self._shore, self._face, self._process = shore, face, process
        self._not_sent = not_sent

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        """Send once."""
        call, name = self._face.call_of(request), self._shore.net.name
        self._process.step(f"before {call}", f"on {name}")
        trouble = self._shore.next_trouble(call)
        answer = self._carry(call, request, trouble)
        self._shore.tell(f"{name} answers {call}: {answer.status} {answer.body}")
        self._process.step(f"after {call}")
        return _response(answer, request, self._shore.clock())

    def close(self) -> None:
        """Hold nothing."""

    def _carry(self, call: str, request: requests.PreparedRequest, trouble: Trouble | None) -> Answer:
        if trouble is None:
            return self._carried(call, request)
        self._shore.tell(f"{self._shore.net.name}, {call}: {trouble.ill} {trouble.amount or ''}".rstrip())
        match trouble.ill:
            case Ill.NO_CONNECTION:
                raise self._not_sent()
            case Ill.LOST_REQUEST:
                self._give_up(request)
            case Ill.LOST_ANSWER:
                self._carried(call, request)
                self._give_up(request)
            case Ill.LATE:
                self._shore.later(PATIENCE + trouble.amount, lambda: self._face.carry_out(call, request))
                self._give_up(request)
            case Ill.TWICE:
                done = self._carried(call, request)
                return self._face.trouble(trouble.ill, trouble.amount, done)
            case Ill.LIVE_ERROR | Ill.UNREADABLE | Ill.NO_ID | Ill.READ_FAILED:
                done = self._carried(call, request)
                return self._face.trouble(trouble.ill, trouble.amount, done)
        return self._face.trouble(trouble.ill, trouble.amount, None)

    def _carried(self, call: str, request: requests.PreparedRequest) -> Answer:
        if call in ("upload", "describe") and not self._shore.calm:
            self._process.wait(self._shore.net.slow)
        return self._face.carry_out(call, request)

    def _give_up(self, request: requests.PreparedRequest) -> NoReturn:
        self._process.wait(PATIENCE)
        raise requests.ReadTimeout("no answer came", request=request)


def _response(answer: Answer, request: requests.PreparedRequest, at: datetime) -> requests.Response:
    response = requests.Response()
    response.status_code, response.reason = answer.status, ""
    body = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
    response._content = body.encode()
    told = {"Content-Type": "application/json", "Date": format_datetime(at, usegmt=True)}
    response.headers = CaseInsensitiveDict({**told, **answer.headers})
    response.url, response.request, response.encoding = str(request.url), request, "utf-8"
    return response
