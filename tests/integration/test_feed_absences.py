"""What a feed shows no more: taken out, or slid out at its old end."""

import pytest

from fakes import FakeClock
from spotlight_notify.model.aids import Aid, Look, Reading
from spotlight_notify.sources.feed.parser_pool import FeedParser
from spotlight_notify.sources.feed.source import FeedSource
from spotlight_notify.wire.wire import Wire
from website import Page, Website


def item(number: int, *, dated: bool = True) -> str:
    date = f"<pubDate>Mon, 23 Nov 2026 {number:02}:00:00 GMT</pubDate>" if dated else ""
    return (
        f"<item><title>Aid {number}</title><guid isPermaLink='false'>{number}</guid>"
        f"<link>https://valor.test/aids/{number}</link>{date}</item>"
    )


def feed(*numbers: int, dated: bool = True, more: str = "") -> bytes:
    items = "".join(item(number, dated=dated) for number in numbers)
    return f"<rss version='2.0'><channel><title>t</title>{items}{more}</channel></rss>".encode()


def looks(site: Website, wire: Wire, parser: FeedParser, *bodies: bytes) -> list[Look]:
    """Look at one body after the other; all aids of the first wait from then on."""
    headers = {"Content-Type": "application/rss+xml"}
    site.put("/feed.xml", *(Page(body=body, headers=headers) for body in bodies))
    source = FeedSource(
        name="site",
        url=site.url("/feed.xml"),
        reading=Reading(),
        wire=wire,
        parser=parser,
        clock=FakeClock(),
    )
    found: list[Look] = []
    waiting: tuple[Aid, ...] = ()
    for _ in bodies:
        found.append(source.look(found[-1].cursor if found else None, lambda keys: frozenset(), waiting))
        waiting = waiting or found[-1].aids
    return found


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize(
    ("before", "after", "gone"),
    [
        ((3, 2, 1), (3, 1), {"guid:2"}),
        ((3, 2, 1), (2, 1), {"guid:3"}),
        ((3, 2, 1), (4, 3, 1), {"guid:2"}),
        ((3, 2, 1), (3, 2), {"guid:1"}),
        ((3, 2, 1), (), {"guid:1", "guid:2", "guid:3"}),
        ((3, 2, 1), (4, 3, 2), set()),
        ((3, 2, 1), (6, 5, 4), set()),
        ((3, 2, 1), (5, 4, 3, 2, 1), set()),
    ],
)
def test_database_1_an_entry_that_was_taken_out_of_a_feed_is_gone(
    site: Website,
    wire: Wire,
    parser: FeedParser,
    before: tuple[int, ...],
    after: tuple[int, ...],
    gone: set[str],
    dated: bool,
) -> None:
    look = looks(site, wire, parser, feed(*before, dated=dated), feed(*after, dated=dated))[-1]
    assert look.gone == gone


def test_database_1_an_entry_is_gone_when_older_ones_take_its_place(
    site: Website, wire: Wire, parser: FeedParser
) -> None:
    """A feed of the newest three: one is taken out, so that an older one comes back at its end."""
    assert looks(site, wire, parser, feed(4, 3, 2), feed(4, 2, 1))[-1].gone == {"guid:3"}


def test_database_1_what_slides_past_an_old_entry_that_is_pinned_to_the_top_is_not_gone(
    site: Website, wire: Wire, parser: FeedParser
) -> None:
    assert looks(site, wire, parser, feed(1, 5, 4, 3), feed(1, 6, 5, 4))[-1].gone == frozenset()


@pytest.mark.parametrize(
    "body",
    [
        feed(3, 1, more="<!-- & <item><title>Swallowed</title></item> -->&"),
        feed(3, 1).replace(b"</channel></rss>", b"<item><title>Cut"),
    ],
)
def test_database_1_what_cannot_be_read_whole_says_nothing_of_what_is_gone(
    site: Website, wire: Wire, parser: FeedParser, body: bytes
) -> None:
    look, after = looks(site, wire, parser, feed(3, 2, 1), body, feed(3, 1))[1:]
    assert look.gone == frozenset()
    assert after.gone == {"guid:2"}


def test_database_1_a_feed_that_is_never_well_formed_tells_what_is_gone_if_all_of_it_was_read(
    site: Website, wire: Wire, parser: FeedParser
) -> None:
    bodies = (
        feed(*numbers).replace(b"<title>t<", b"<title>Safety & you<") for numbers in ((3, 2, 1), (3, 1))
    )
    assert looks(site, wire, parser, *bodies)[-1].gone == {"guid:2"}


def test_database_1_of_an_unchanged_feed_nothing_is_gone(
    site: Website, wire: Wire, parser: FeedParser
) -> None:
    look = looks(site, wire, parser, feed(3, 2, 1), feed(3, 1), feed(3, 1))[-1]
    assert (look.unchanged, look.gone) == (True, frozenset())
