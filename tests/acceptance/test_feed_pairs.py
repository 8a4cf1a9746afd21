"""Feeds that went wrong, looked at twice: what the second look shows new is on both networks, no more."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import pytest

from shelves import Shelf, look
from spotlight_notify.app.composition import open_app
from spotlight_notify.app.configuration import load_config
from spotlight_notify.model.words import Cause, State
from spotlight_notify.sandbox.rehearsal import write_configuration
from spotlight_notify.sandbox.server import Sandbox

DECLARATION = "<?xml version='1.0' encoding='utf-8'?>\n"
MONDAY, TUESDAY = "Mon, 23 Nov 2026 10:00:00 GMT", "Tue, 24 Nov 2026 10:00:00 GMT"
HOME = "https://safety.example/"


def item(
    title: str, *, link: str, guid: str = "", said: str = "One sentence about it.", date: str = MONDAY
) -> str:
    named = f"<guid>{guid}</guid>" if guid else ""
    described = f"<description>{escape(said)}</description>"
    return (
        f"<item><title>{title}</title><link>{link}</link>{named}{described}<pubDate>{date}</pubDate></item>"
    )


def rss(*items: str, before: str = "") -> str:
    spaces = (
        "xmlns:media='http://search.yahoo.com/mrss/' "
        "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'"
    )
    head = f"<title>Safety office</title><link>{HOME}</link><description>Aids</description>"
    return f"{before}{DECLARATION}<rss version='2.0' {spaces}><channel>{head}{''.join(items)}</channel></rss>"


def atom(*entries: str) -> str:
    head = f"<id>urn:office</id><title>Safety office</title><link href='{HOME}'/>"
    space = "xmlns='http://www.w3.org/2005/Atom'"
    return f"{DECLARATION}<feed {space} xml:base='{HOME}wp-atom.php'>{head}{''.join(entries)}</feed>"


def rdf(*numbers: int) -> str:
    items = "".join(f"<item><title>Aid {n}</title><link>{HOME}a/{n}</link></item>" for n in numbers)
    return (
        "<?xml version='1.0'?><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
        "xmlns='http://channel.netscape.com/rdf/simple/0.9/'><channel><title>Office</title>"
        f"<link>{HOME}</link></channel>{items}</rdf:RDF>"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Hold two looks, how many posts the second makes on each network, and words that these show or hide."""

    first: str | bytes
    second: str | bytes
    new: int = 1
    shown: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    asked: frozenset[Cause] = field(default_factory=frozenset)


OLD = item("Old poster", link=f"{HOME}a/1", guid=f"{HOME}a/1")
PAGE = f"{HOME}spotlight/"
FIRST, SECOND = (item(f"{n} poster", link=PAGE, guid=PAGE) for n in ("First", "Second"))
FIELD = '<span class="field field--name-{0} field--label-hidden">{1}</span>\n'
DRUPAL = (
    FIELD.format("title", "Rest between shifts")
    + FIELD.format("uid", "<span>jane.doe@safety.example</span>")
    + FIELD.format("created", "Mon, 11/23/2026 - 10:00")
    + '<div class="field field--name-body field__item"><p>How officers rest.</p></div>'
)
CAPTIONED = (
    f"<item><title>Rest between shifts</title><link>{HOME}a/8</link>"
    "<media:group><media:content url='https://safety.example/f.mp4' type='video/mp4'/>"
    "<media:description>An officer beside a car.</media:description></media:group>"
    "<description>How officers rest.</description></item>"
)
FILM = '<p>Watch it: &lt;object width="425"&gt;&lt;param name="movie" value="x"/&gt;&lt;/object&gt;</p>'
PLACES = [item(title, link=f"{PAGE}#p{at}") for at, title in enumerate(("Postr one", "Poster two"))]
EMPTY_HREF = (
    f"<entry><id>{HOME}?p=8</id><title>Rest between shifts</title>"
    "<link rel='alternate' type='text/html' href=''/></entry>"
)
KNOWN = f"<entry><id>u1</id><title>Old</title><link href='{HOME}a/1'/></entry>"
BROKEN = rss(
    item("Drive safe — café", link=f"{HOME}a/8", guid="8"), item("Caf@", link=f"{HOME}a/9", guid="9"), OLD
)

PAIRS = {
    "same-guid-and-link": Pair(
        first=rss(FIRST, SECOND),
        second=rss(item("Third poster", link=PAGE, guid=PAGE, date=TUESDAY), FIRST, SECOND),
        shown=("Third poster", PAGE),
    ),
    "same-guid-and-link-from-one": Pair(
        first=rss(FIRST),
        second=rss(item("Third poster", link=PAGE, guid=PAGE, date=TUESDAY), FIRST),
        shown=("Third poster", PAGE),
    ),
    "empty-feed-blank-line": Pair(
        first=rss(before="\n"), second=rss(OLD, before="\n"), shown=("Old poster",)
    ),
    "drupal-default": Pair(
        first=rss(OLD),
        second=rss(item("Rest between shifts", link=f"{HOME}node/8", guid=f"8 at {HOME}", said=DRUPAL), OLD),
        shown=("Rest between shifts", "How officers rest."),
        hidden=("jane", "11/23"),
    ),
    "media-description-first": Pair(
        first=rss(OLD),
        second=rss(CAPTIONED, OLD),
        shown=("How officers rest.",),
        hidden=("beside a car",),
    ),
    "permalink-guid-site-link": Pair(
        first=rss(OLD),
        second=rss(item("Rest between shifts", link=HOME, guid=f"{HOME}?p=8"), OLD),
        shown=(f"{HOME}?p=8",),
    ),
    "atom-empty-href": Pair(
        first=atom(KNOWN), second=atom(EMPTY_HREF, KNOWN), shown=(f"{HOME}?p=8",), hidden=("wp-atom",)
    ),
    "rss-0.90-channel-netscape": Pair(first=rdf(1), second=rdf(2, 1), shown=("Aid 2", f"{HOME}a/2")),
    "object-twice-escaped": Pair(
        first=rss(OLD),
        second=rss(item("Film on rest", link=f"{HOME}a/8", guid="g8", said=FILM), OLD),
        shown=("Film on rest",),
        hidden=("<", "object", "param"),
    ),
    "mojibake-in-source": Pair(
        first=rss(OLD),
        second=rss(
            item("Officerâ€™s day", link=f"{HOME}a/8", guid="g8", said="Itâ€™s about rest â€“ and sleep."),
            OLD,
        ),
        shown=("Officer’s day", "It’s about rest – and sleep."),
    ),
    "mojibake-in-source-in-doubt": Pair(
        first=rss(OLD),
        second=rss(item("â€œKeep calmâ€", link=f"{HOME}a/8", guid="g8"), OLD),
        new=0,
        asked=frozenset({Cause.RULE}),
    ),
    "anchors-title-corrected": Pair(
        first=rss(*PLACES), second=rss(*PLACES).replace("Postr", "Poster"), new=0
    ),
    "one-byte-e9": Pair(
        first=rss(OLD),
        second=BROKEN.encode().replace(b"@", b"\xe9"),
        shown=("Drive safe — café",),
        asked=frozenset({Cause.RULE}),
    ),
    "slug-corrected": Pair(
        first=rss(item("Rest", link=f"{HOME}a/rst", guid=f"{HOME}a/rst"), OLD),
        second=rss(item("Rest", link=f"{HOME}a/rest", guid=f"{HOME}a/rest"), OLD),
        new=0,
        asked=frozenset({Cause.FOUND}),
    ),
    "slid-into-the-window": Pair(
        first=rss(item("Young", link=f"{HOME}a/2", guid="2"), OLD),
        second=rss(OLD, item("Old one", link=f"{HOME}a/0", guid="0", date="Fri, 23 Nov 2018 10:00:00 GMT")),
        new=0,
    ),
}


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    served = Shelf(b"")
    yield served
    served.close()


def bytes_of(document: str | bytes) -> bytes:
    return document if isinstance(document, bytes) else document.encode()


@pytest.mark.parametrize("name", PAIRS)
def test_feeds_pair_by_pair(name: str, shelf: Shelf, sandbox: Sandbox, tmp_path: Path) -> None:
    pair = PAIRS[name]
    path = write_configuration(sandbox, tmp_path)
    words = path.read_text().replace(sandbox.feed_url, shelf.url)
    path.write_text(f"{words}\n[links]\ncheck = false\n")
    with open_app(load_config(path, {})) as app:
        shelf.body = bytes_of(pair.first)
        look(app)
        assert app.ledger.source_status("sample-site").baseline_at
        assert not app.ledger.deliveries()
        shelf.body = bytes_of(pair.second)
        look(app)
        look(app)
        asked = {each.cause for each in app.ledger.deliveries() if each.state is State.PROPOSED}
    assert asked == pair.asked
    for posts in (sandbox.x.posts, sandbox.graph.posts):
        texts = [post.text for post in posts]
        assert len(texts) == pair.new
        assert all(text in texts[0] for text in pair.shown)
        assert not any(text in posted for text in pair.hidden for posted in texts)
