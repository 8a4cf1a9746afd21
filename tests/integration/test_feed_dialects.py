"""Feeds that say things in another place, or otherwise, than most: each from document to aids."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import escape

import pytest

from documents import read
from spotlight_notify.model.aids import Aid, Reading
from spotlight_notify.sources.feed.aids import aids_from
from spotlight_notify.sources.feed.document import Document
from spotlight_notify.sources.feed.parser_pool import FeedParser

SPACES = (
    "xmlns:media='http://search.yahoo.com/mrss/' xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd' "
    "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
)
SAID = "How officers rest between shifts."
CAPTION = "Photo: an officer beside a car."
PICTURE = (
    "<media:group><media:content url='https://safety.example/p.jpg' medium='image'/>"
    f"<media:description>{CAPTION}</media:description></media:group>"
)


_PARSER = FeedParser(workers=1)


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    _PARSER.close()


def document(body: str | bytes) -> Document:
    return read(_PARSER, body)


def aids(body: str | bytes) -> tuple[Aid, ...]:
    found = document(body)
    assert found.error == ""
    return aids_from(found, "site", Reading())


def rss(*items: str) -> str:
    held = "".join(f"<item>{item}</item>" for item in items)
    head = "<title>Office</title><link>https://safety.example/</link><description>Aids</description>"
    return f"<rss version='2.0' {SPACES}><channel>{head}{held}</channel></rss>"


def only(item: str) -> Aid:
    (aid,) = aids(rss(f"<title>Rest</title>{item}"))
    return aid


DESCRIPTION = f"<description>{SAID}</description>"
PODCAST = "<itunes:subtitle>Short.</itunes:subtitle><itunes:summary>For a player.</itunes:summary>"


@pytest.mark.parametrize(
    "item",
    [
        f"{PICTURE}{DESCRIPTION}",
        f"{DESCRIPTION}{PICTURE}",
        f"{PODCAST}{DESCRIPTION}",
        f"{DESCRIPTION}{PODCAST}",
        f"{PODCAST}{PICTURE}{DESCRIPTION}",
        f"<media:description>A film.</media:description>{DESCRIPTION}",
        f"{PICTURE}<content:encoded>{SAID}</content:encoded>",
        f"{PODCAST}<description>Rest</description><content:encoded>{SAID}</content:encoded>",
    ],
)
def test_feeds_media_description_first_the_description_is_shown(item: str) -> None:
    assert only(item).summary == SAID


def test_feeds_media_description_first_the_caption_is_kept_for_the_picture() -> None:
    aid = only(f"{PICTURE}{DESCRIPTION}")
    assert [(image.url, image.alt) for image in aid.images] == [("https://safety.example/p.jpg", CAPTION)]


def test_feeds_media_description_first_without_a_description() -> None:
    assert only(PICTURE).summary == ""
    assert only(PODCAST).summary == "For a player."
    film = "<media:content url='https://safety.example/f.mp4' type='video/mp4'/>"
    assert only(f"{film}<media:description>About it.</media:description>").summary == "About it."


def test_feeds_permalink_guid_site_link() -> None:
    aid = only("<link>https://safety.example/</link><guid>https://safety.example/?p=8</guid>")
    assert aid.link == "https://safety.example/?p=8"
    assert "link:https://safety.example?p=8" in aid.aliases


def test_feeds_permalink_guid_site_link_but_the_guid_says_it_is_none() -> None:
    guid = "<guid isPermaLink='False'>https://safety.example/?p=8</guid>"
    aid = only(f"{guid}<link>https://safety.example/</link>")
    assert aid.link == "https://safety.example/"
    assert aid.aliases[0] == "guid:https://safety.example/?p=8"


def test_feeds_permalink_guid_site_link_but_the_guid_is_the_site_too() -> None:
    assert only("<link>https://safety.example/</link><guid>https://safety.example</guid>").link in (
        "https://safety.example/",
        "https://safety.example",
    )


@pytest.mark.parametrize("href", ["href=''", "href='  '", ""])
def test_feeds_atom_empty_href(href: str) -> None:
    (aid,) = aids(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://safety.example/wp-atom.php'><id>urn:o</id>"
        "<title>Office</title><link href='https://safety.example/'/><entry><id>https://safety.example/?p=8</id>"
        f"<title>Rest</title><link rel='alternate' type='text/html' {href}/></entry></feed>"
    )
    assert aid.link == "https://safety.example/?p=8"


RDF = (
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='{space}'><channel>"
    "<title>Office</title><link>https://safety.example/</link></channel>{items}</rdf:RDF>"
)
RSS_1_1 = (
    "<Channel xmlns='http://purl.org/net/rss1.1#' xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
    "rdf:about='https://safety.example/feed'><title>Office</title><link>https://safety.example/</link>"
    "<description>Aids</description><items rdf:parseType='Collection'>{items}</items></Channel>"
)
ITEMS = "".join(
    f"<item><title>Aid {n}</title><link>https://safety.example/a/{n}</link></item>" for n in (2, 1)
)


@pytest.mark.parametrize(
    "space", ["http://channel.netscape.com/rdf/simple/0.9/", "http://my.netscape.com/rdf/simple/0.9/"]
)
def test_feeds_rss_0_90_channel_netscape(space: str) -> None:
    found = aids(f"<?xml version='1.0'?>{RDF.format(space=space, items=ITEMS)}")
    assert [(aid.title, aid.link) for aid in found] == [
        ("Aid 1", "https://safety.example/a/1"),
        ("Aid 2", "https://safety.example/a/2"),
    ]


def test_feeds_rss_0_90_channel_netscape_rss_1_1_too() -> None:
    assert [aid.link for aid in aids(RSS_1_1.format(items=ITEMS))] == [
        "https://safety.example/a/1",
        "https://safety.example/a/2",
    ]


def test_feeds_rss_0_90_channel_netscape_a_namespace_in_a_text_stays() -> None:
    aid = only("<description>Read http://purl.org/net/rss1.1# first.</description>")
    assert aid.summary == "Read http://purl.org/net/rss1.1# first."


PARTS = (
    '<object width="425"><param name="movie" value="x"/><embed src="x"/></object>',
    '<iframe src="https://safety.example/film"></iframe>',
    "<script>alert(1)</script>",
    '<style type="text/css">p { color: red }</style>',
    '<video controls><source src="x"/>Your browser shows no films.</video>',
    "<noscript>Switch it on.</noscript>",
    '<applet code="x"></applet>',
    '<param name="a" value="b">',
    '<embed src="x">',
)


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("part", PARTS)
def test_feeds_object_twice_escaped_is_never_shown(part: str, layers: int) -> None:
    html = f"<p>Watch it: {part} now.</p>"
    for _ in range(layers):
        html = html.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    aid = only(f"<description>{html}</description>")
    assert aid.summary == "Watch it: now."
    assert only(f"<description>{html}</description><content:encoded>{html}</content:encoded>") == aid


LEADS = ["\n", "\r\n \t\n", "\ufeff\n", "\n\ufeff", "\ufeff\ufeff", ""]


@pytest.mark.parametrize("lead", LEADS, ids=["lf", "crlf", "mark-lf", "lf-mark", "marks", "none"])
def test_feeds_empty_feed_blank_line_is_an_empty_feed(lead: str) -> None:
    declaration = "<?xml version='1.0' encoding='utf-8'?>\n"
    empty = document(f"{lead}{declaration}{rss()}")
    assert (empty.error, empty.warnings, empty.entries) == ("", (), ())
    filled = document(f"{lead}{declaration}{rss('<title>Café</title><guid>1</guid>')}")
    assert (filled.warnings, [entry.title for entry in filled.entries]) == ((), ["Café"])


def test_feeds_empty_feed_blank_line_nor_does_other_damage_make_an_empty_feed_none() -> None:
    empty = document(rss().replace("Aids", "Aids &nbsp; more & more"))
    assert (empty.error, empty.entries) == ("", ())
    assert "not well-formed" in empty.warnings[0]


def test_feeds_empty_feed_blank_line_but_a_document_cut_off_is_damaged() -> None:
    assert "damaged" in document(rss()[: rss().index("</channel>")]).error
    assert "damaged" in document(f"{rss()}<item &").error


@pytest.mark.parametrize("between", ["", "<description>Rest & sleep</description>", "<x>&nbsp;</x>"])
def test_feeds_one_bare_ampersand_keeps_the_alt_texts(between: str) -> None:
    """A document that must be repaired is read by another reader than one that is well-formed."""
    pictures = (
        "<media:content url='https://safety.example/1.jpg' medium='image'><media:title>No.</media:title>"
        "<media:description>One.</media:description></media:content>"
        "<media:content url='https://safety.example/2.jpg' medium='image'><media:title>Two.</media:title>"
        "</media:content><media:thumbnail url='https://safety.example/3.jpg'/>"
    )
    plain = "<title>Plain</title><media:content url='https://safety.example/4.jpg' medium='image'/>"
    found = document(rss(f"<title>Rest</title>{between}{pictures}", plain))
    assert bool(found.warnings) == ("&" in between)
    assert [[(one.url[-5:], one.alt) for one in entry.drawings] for entry in found.entries] == [
        [("1.jpg", "One."), ("2.jpg", "Two.")],
        [("4.jpg", "")],
    ]


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("www.safety.example/a/8", "https://www.safety.example/a/8"),
        (" www.other.example/a?b=1 ", "https://www.other.example/a?b=1"),
        ("safety.example/a/8", "https://safety.example/a/8"),
        ("www.safety.example", "https://www.safety.example"),
        ("/a/8", "https://safety.example/a/8"),
        ("a/8", "https://safety.example/a/8"),
        ("other.example/a", "https://safety.example/other.example/a"),
        ("www/8", "https://safety.example/www/8"),
        ("//www.safety.example/a/8", "https://www.safety.example/a/8"),
    ],
)
def test_feeds_www_as_link(written: str, link: str) -> None:
    assert only(f"<guid isPermaLink='false'>8</guid><link>{written}</link>").link == link
    atom = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><id>urn:o</id><title>Office</title><entry><id>8</id>"
        f"<title>Rest</title><link href='{written}'/></entry></feed>"
    )
    assert aids(atom)[0].link == link
    version = '"version": "https://jsonfeed.org/version/1"'
    assert (
        aids(f'{{{version}, "items": [{{"id": "8", "title": "Rest", "url": "{written}"}}]}}')[0].link == link
    )


@pytest.mark.parametrize(
    ("items", "who"), [("0", "an entry"), ("0,0,0", "3 entries"), ("0," * 19_999 + "0", "20000 entries")]
)
def test_feeds_json_unreadable_items_are_one_line(items: str, who: str) -> None:
    (warning,) = document(f'{{"version": "https://jsonfeed.org/version/1", "items": [{items}]}}').warnings
    assert warning.startswith(f"{who} could not be read")


@pytest.mark.parametrize(
    "author",
    [
        "<author>jane.doe@safety.example (Jane Doe)</author>",
        "<author>Jane Doe &lt;jane.doe@safety.example&gt;</author>",
        "<dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>Jane Doe</dc:creator>",
    ],
)
def test_feeds_drupal_default_a_line_of_the_entrys_author_is_left_out(author: str) -> None:
    said = f"&lt;p&gt;Jane Doe&lt;/p&gt;&lt;p&gt;{SAID}&lt;/p&gt;"
    assert only(f"{author}<description>{said}</description>").summary == SAID


@pytest.mark.parametrize("wrap", [lambda text: text, escape], ids=["element", "escaped"])
def test_feeds_dates_in_a_time_element(wrap: Callable[[str], str]) -> None:
    written = wrap("<time datetime='2026-11-23T10:00:00-05:00'>Nov 23</time>")
    assert only(f"<pubDate>{written}</pubDate>").published_at == datetime(2026, 11, 23, 15, tzinfo=UTC)
    assert (
        only(f"<pubDate>Mon, 23 Nov 2026 10:00:00 GMT</pubDate><description>{SAID}</description>").summary
        == SAID
    )
