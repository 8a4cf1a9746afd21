"""Look at one feed again and again, as a poll does, by a clock that stands still until moved."""

from collections.abc import Sequence
from datetime import timedelta

from fakes import FakeClock
from spotlight_notify.model.aids import Aid, Look, Reading
from spotlight_notify.model.errors import SourceError
from spotlight_notify.sources.feed.parser_pool import FeedParser
from spotlight_notify.sources.feed.source import FeedSource
from spotlight_notify.wire.wire import Wire
from website import Page


class FeedReader:
    """Keep the cursor, and what is known, only after success."""

    def __init__(self, url: str, wire: Wire, parser: FeedParser) -> None:
        self.clock = FakeClock()
        self.source = FeedSource(
            name="site",
            url=url,
            every=timedelta(seconds=30),
            reading=Reading(),
            wire=wire,
            parser=parser,
            clock=self.clock,
        )
        self.cursor: str | None = None
        self.known: set[str] = set()

    def look(self, *, later: timedelta = timedelta()) -> Look:
        self.clock.advance(later)
        look = self.source.look(self.cursor, lambda keys: frozenset(self.known.intersection(keys)))
        self.cursor = look.cursor
        self.known.update(name for aid in look.aids for name in (aid.key, *aid.aliases))
        return look

    def fails(self) -> str:
        try:
            self.look()
        except SourceError as error:
            return str(error)
        raise AssertionError("the look did not fail")


def item(number: int) -> str:
    return (
        f"<item><title>Aid {number}</title><guid isPermaLink='false'>{number}</guid>"
        f"<link>https://valor.test/aids/{number}</link></item>"
    )


def rss(*items: str, channel: str = "") -> bytes:
    head = "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>t</title>"
    return f"{head}{channel}{''.join(items)}</channel></rss>".encode()


def page(*items: str, channel: str = "", **headers: str) -> Page:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Page(body=rss(*items, channel=channel), headers={"Content-Type": "application/rss+xml", **named})


def dated(number: int) -> str:
    """Make an entry of its own minute, later than those of lower numbers."""
    return item(number).replace(
        "</item>", f"<pubDate>Mon, 23 Nov 2026 10:{number:02}:00 GMT</pubDate></item>"
    )


def keys(aids: Sequence[Aid]) -> list[str]:
    return [aid.key for aid in aids]
