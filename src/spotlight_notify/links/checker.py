"""Check a post's link before it goes out, and believe the answer for a while."""

import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from spotlight_notify.links.rules import FOUND, judge, refuse_place
from spotlight_notify.model.errors import FetchError, FetchRefused, LinkDoubtful
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Finding, WebPage
from spotlight_notify.ports.parts import Clock, ReadPage

MAX_KEPT = 1_000
"""Links whose answers are kept; beyond, the one asked longest ago is forgotten."""
BAD_FOR = timedelta(minutes=1)
"""How long any answer but a good one is believed: all channels hear the same, and a page that was mended
is soon seen."""

Answer = WebPage | FetchError


@dataclass(frozen=True, slots=True)
class _Kept:
    answer: Answer
    until_at: datetime


class LinkChecker:
    """See whether links answer and stay where they may lead. Safe to use from many threads.

    ``domains``: lower case, the only ones links may lead to, with all below them; none: any but shorteners'.
    A good answer is believed for ``cached_for``, any other for a minute.
    """

    def __init__(
        self, read: ReadPage, *, domains: Collection[str], cached_for: timedelta, clock: Clock
    ) -> None:
        self._read, self._domains, self._cached_for, self._clock = read, tuple(domains), cached_for, clock
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def check(self, url: str, network: Network) -> tuple[Finding, ...]:
        """Ask the link, unless its answer is known, and return warnings about it and its card.

        Raises LinkDoubtful when a person must look first: the page is not there, or the address, or where it
        leads, is not allowed. Raises FetchError when it did not answer, or with trouble of its own.
        """
        refuse_place(url, self._domains)
        answer = self._known(url) or self._asked(url)
        if isinstance(answer, FetchRefused):
            raise LinkDoubtful(_refusal(answer)) from answer
        if isinstance(answer, FetchError):
            raise FetchError(answer.url, answer.message, sent=answer.sent) from answer
        return judge(url, answer, self._domains, network)

    def _known(self, url: str) -> Answer | None:
        now = self._clock()
        with self._lock:
            kept = self._kept.get(url)
        return kept.answer if kept and now < kept.until_at else None

    def _asked(self, url: str) -> Answer:
        answer: Answer
        try:
            answer = self._read(url)
        except FetchError as error:
            answer = error
        good = isinstance(answer, WebPage) and answer.status in FOUND
        self._keep(url, _Kept(answer, self._clock() + (self._cached_for if good else BAD_FOR)))
        return answer

    def _keep(self, url: str, kept: _Kept) -> None:
        with self._lock:
            self._kept.pop(url, None)
            self._kept[url] = kept
            if len(self._kept) > MAX_KEPT:
                del self._kept[next(iter(self._kept))]


def _refusal(error: FetchRefused) -> str:
    return f"the link {error.url} cannot be checked: {error.message}; mend it at its source"
