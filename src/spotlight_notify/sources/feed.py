"""Look at a feed: RSS, Atom or JSON Feed, asked for politely and read where it can do no harm."""

import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import Protocol

from spotlight_notify.errors import FetchError, SourceError
from spotlight_notify.model import Look, Reading
from spotlight_notify.ports import Clock, Known
from spotlight_notify.sources import feed_cursor
from spotlight_notify.sources.feed_aids import aids_from, warnings_about
from spotlight_notify.sources.feed_cursor import Cursor
from spotlight_notify.sources.feed_entries import Document
from spotlight_notify.sources.feed_waits import fresh_for, retry_after
from spotlight_notify.sources.parsing import FeedParser, ParsingFailed

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)


class Answer(Protocol):
    """Be an HTTP answer: body unpacked, headers found without regard to case."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> bytes: ...
    @property
    def url(self) -> str: ...
    @property
    def moved_to(self) -> str | None: ...


class Fetcher(Protocol):
    """Fetch a URL within limits; FetchError when it cannot be had."""

    def fetch(self, url: str, *, headers: Mapping[str, str]) -> Answer: ...


class FeedSource:
    """Show what a feed holds: the whole of it whenever it has changed, else nothing."""

    def __init__(
        self,
        *,
        name: str,
        url: str,
        reading: Reading,
        wire: Fetcher,
        parser: FeedParser,
        clock: Clock,
        zone: str = "UTC",
    ) -> None:
        """Ask for nothing yet. ``zone``: the name of the one that dates are in which name none."""
        self._name, self._url, self._reading = name, url, reading
        self._wire, self._parser, self._clock, self._zone = wire, parser, clock, zone

    @property
    def name(self) -> str:
        """Tell the source's name."""
        return self._name

    def look(self, cursor: str | None, known: Known) -> Look:
        """Fetch the feed if it has changed, and give all of its entries as aids, oldest first.

        ``known`` is not asked: whoever records the aids knows. Raises SourceError with what the server asked
        for: a wait (Retry-After), or to stay away for good (410).
        """
        left = feed_cursor.read(cursor, self._url)
        answer = self._fetched(left)
        unchanged = answer.status == HTTPStatus.NOT_MODIFIED
        sha256 = left.sha256 if unchanged else hashlib.sha256(answer.body).hexdigest()
        document = None if sha256 == left.sha256 else self._parsed(answer)
        if document and document.cut_short:
            if cursor is None:
                raise SourceError(self._name, "the feed is cut short, so a first look cannot know all of it")
            return self._look(answer, feed_cursor.at(self._url), document)
        return self._look(answer, feed_cursor.moved(left, answer.headers, sha256), document)

    def _fetched(self, left: Cursor) -> Answer:
        try:
            answer = self._wire.fetch(self._url, headers={"Accept": ACCEPT, **left.conditions()})
        except FetchError as error:
            raise SourceError(self._name, error.message) from error
        if answer.status == HTTPStatus.OK or (answer.status == HTTPStatus.NOT_MODIFIED and left.sha256):
            return answer
        raise SourceError(
            self._name,
            _complaint(answer.status),
            wait=retry_after(answer.headers, self._clock()),
            gone=answer.status == HTTPStatus.GONE,
        )

    def _parsed(self, answer: Answer) -> Document:
        if not answer.body.strip():
            raise SourceError(self._name, "an empty document answered, not a feed")
        content_type = answer.headers.get("Content-Type", "")
        try:
            return self._parser.parse(answer.body, content_type=content_type, url=answer.url, zone=self._zone)
        except ParsingFailed as error:
            raise SourceError(self._name, str(error)) from error

    def _look(self, answer: Answer, following: Cursor, document: Document | None) -> Look:
        aids = aids_from(document, self._name, self._reading) if document else ()
        warnings = warnings_about(document, aids, self._clock()) if document else ()
        if answer.moved_to:
            warnings = (*warnings, f"the feed has moved for good: change its url to {answer.moved_to}")
        return Look(
            aids=aids,
            cursor=feed_cursor.written(following),
            unchanged=document is None,
            whole=document is not None and not document.cut_short,
            wait=fresh_for(answer.headers),
            warnings=warnings,
        )


def _complaint(status: int) -> str:
    try:
        return f"the server answered {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"the server answered {status}"
