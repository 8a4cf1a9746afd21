"""Look at a feed: RSS, Atom or JSON Feed, asked for politely and read where it can do no harm."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta, tzinfo
from http import HTTPStatus
from typing import Protocol

from spotlight_notify.model.aids import Aid, Look, Reading
from spotlight_notify.model.errors import FetchError, SourceError
from spotlight_notify.ports.parts import Clock, Known
from spotlight_notify.sources.feed.aids import aids_from, warnings_about
from spotlight_notify.sources.feed.document import Document
from spotlight_notify.sources.feed.http_caching import (
    Cursor,
    cursor_at,
    fresh_for,
    max_age,
    next_cursor,
    read_cursor,
    retry_after,
    without_validators,
    write_cursor,
)
from spotlight_notify.sources.feed.parser_pool import FeedParser, ParsingFailed
from spotlight_notify.sources.feed.window import (
    end_of,
    gone_from,
    is_same_site,
    read_back,
    shows_nothing_known,
)

ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
MISSED = "none of its entries was known at the last look: some may have been missed since the one before"
BRIDGED = "more appeared between two looks than it shows: the rest was read from its older pages"
LONGER_WAITS = (
    "its server asks for longer waits between looks than `every` (Cache-Control); an hour is the most it gets"
)


class Answer(Protocol):
    """An HTTP answer: body unpacked, headers found without regard to case."""

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
    """Fetch a URL within limits; FetchError when that fails."""

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
        every: timedelta = timedelta(minutes=15),
        zone: str = "UTC",
        events_zone: tzinfo | None = None,
    ) -> None:
        """Ask for nothing yet. ``zone``: the name of the one that dates are in which name none.

        ``events_zone``: the one of events' times in the words of entries.
        """
        self._name, self._url, self._every, self._reading = name, url, every, reading
        self._wire, self._parser, self._clock, self._zone = wire, parser, clock, zone
        self._events_zone = events_zone

    @property
    def name(self) -> str:
        """The source's name."""
        return self._name

    def look(self, cursor: str | None, known: Known, waiting: Sequence[Aid] = ()) -> Look:
        """Fetch the feed if it has changed, and give all of its entries as aids, oldest first.

        Where none of them is known its older pages are read too, as far as what is known. Of an unchanged
        feed nothing is gone. Raises SourceError with what the server asked for: a wait (Retry-After), or to
        stay away for good (410).
        """
        left = read_cursor(cursor, self._url)
        answer = self._fetched(left, self._url)
        if answer.status == HTTPStatus.NOT_MODIFIED:
            return self._look(answer, left, ())
        sha256 = hashlib.sha256(answer.body).hexdigest()
        if sha256 == left.sha256:
            return self._look(answer, next_cursor(left, answer.headers, sha256, self._clock()), ())
        document = self._parsed(answer)
        following = without_validators(left)
        if not document.cut_short:
            following = next_cursor(left, answer.headers, sha256, self._clock())
        elif not cursor:
            raise SourceError(self._name, "the feed is cut short, so a first look cannot know all of it")
        aids, notes = self._shown(document, answer, left, known)
        entries, oldest = end_of(document, left)
        following = replace(following, notes=notes, entries=entries, oldest=oldest)
        gone = gone_from(document, aids, waiting, left)
        whole = not document.cut_short and BRIDGED not in notes
        return replace(self._look(answer, following, aids, unchanged=False), gone=gone, whole=whole)

    def _shown(
        self, document: Document, answer: Answer, left: Cursor, known: Known
    ) -> tuple[tuple[Aid, ...], tuple[str, ...]]:
        """Return what a document shows, and what is wrong with it."""
        aids = self._aids(document)
        notes = warnings_about(document, aids, self._clock())
        if left.entries > 1 and shows_nothing_known(aids, known):
            found, said = self._read_back(document, answer.url, known)
            aids, notes = found or aids, (*notes, said)
        return aids, notes

    def _read_back(self, document: Document, url: str, known: Known) -> tuple[tuple[Aid, ...] | None, str]:
        """Look for what is missing between two looks in the feed's older pages; tells what came of it."""
        try:
            found = read_back(document, url, self._document_at, self._aids, known)
        except SourceError as error:
            why = str(error).removeprefix(f"source {self._name}: ")
            return None, f"{MISSED}; an older page cannot be read: {why}"
        return found, BRIDGED if found else MISSED

    def _document_at(self, url: str) -> Document:
        answer = self._fetched(cursor_at(url), url)
        if not is_same_site(answer.url, url):
            raise SourceError(self._name, "it leads to another site")
        return self._parsed(answer)

    def _aids(self, document: Document) -> tuple[Aid, ...]:
        return aids_from(document, self._name, self._reading, self._events_zone)

    def _fetched(self, left: Cursor, url: str) -> Answer:
        conditions = left.conditions(self._clock())
        try:
            answer = self._wire.fetch(url, headers={"Accept": ACCEPT, **conditions})
        except FetchError as error:
            raise SourceError(self._name, error.message) from error
        if answer.status == HTTPStatus.OK or (answer.status == HTTPStatus.NOT_MODIFIED and conditions):
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
            return self._parser.parse(
                answer.body,
                content_type=content_type,
                url=answer.url,
                source=self._name,
                zone=self._zone,
            )
        except ParsingFailed as error:
            raise SourceError(self._name, str(error)) from error

    def _look(
        self, answer: Answer, following: Cursor, aids: tuple[Aid, ...], *, unchanged: bool = True
    ) -> Look:
        return Look(
            aids=aids,
            cursor=write_cursor(following),
            unchanged=unchanged,
            wait=fresh_for(answer.headers),
            warnings=(*following.notes, *self._notes_on(answer)),
        )

    def _notes_on(self, answer: Answer) -> Iterator[str]:
        """Yield what a person should know of how the server answers, in words that stay while it does so."""
        if answer.moved_to:
            yield f"the feed has moved for good: change its url to {_without_key(answer.moved_to, self._url)}"
        if (asked := max_age(answer.headers)) and asked > self._every:
            yield LONGER_WAITS


def _without_key(address: str, known: str) -> str:
    """Leave the query out of an address if the one it was asked for has one, which may be a key."""
    return f"{address.partition('?')[0]}?..." if "?" in known and "?" in address else address


def _complaint(status: int) -> str:
    try:
        return f"the server answered {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"the server answered {status}"
