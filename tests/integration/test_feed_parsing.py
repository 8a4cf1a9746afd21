"""Feed documents read by real child processes: real feeds, odd ones, hostile ones."""

import json
import os
import re
import signal
import threading
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from feedparser.util import FeedParserDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spotlight_notify.sources.feed import feedparser_patches
from spotlight_notify.sources.feed.child_main import read
from spotlight_notify.sources.feed.document import MAX_ENTRIES, Document, Drawing, Entry
from spotlight_notify.sources.feed.parser_pool import FeedParser, ParsingFailed
from spotlight_notify.wire.fetching import MAX_BODY

URL = "https://valor.test/feeds/all.xml"
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'


def parse(parser: FeedParser, body: str | bytes, content_type: str = "application/xml") -> Document:
    data = body if isinstance(body, bytes) else body.encode()
    return parser.parse(data, content_type=content_type, url=URL)


def rss(*items: str, attributes: str = "") -> str:
    held = "".join(f"<item>{item}</item>" for item in items)
    return f'<rss version="2.0" {attributes}><channel><title>t</title>{held}</channel></rss>'


def only(parser: FeedParser, item: str, attributes: str = "") -> Entry:
    (entry,) = parse(parser, rss(item, attributes=attributes)).entries
    return entry


def complaint(parser: FeedParser, body: str | bytes) -> str:
    with pytest.raises(ParsingFailed) as caught:
        parse(parser, body)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# --- real feeds


def test_promise_26_reads_every_real_feed(parser: FeedParser, shared_data: Path) -> None:
    counts = {}
    for path in sorted((shared_data / "feeds").glob("*.xml")):
        document = parse(parser, path.read_bytes())
        counts[path.name] = len(document.entries)
        assert document.warnings == ()
        for entry in document.entries:
            assert entry.title.isprintable()
            assert entry.title
            assert entry.summary.replace("\n", "").isprintable()
            assert not re.search(r"</?[a-z]+[ />]|&[a-z]+;|&#", entry.title + entry.summary)
    assert counts == {
        "GSA__site_feed.xml": 3,
        "GSA__site_feed_updated.xml": 3,
        "GSA__wh_blog.xml": 3,
        "exxamalte__qld_bushfire_alert_feed.xml": 27,
        "gov__cdc_injury.xml": 4,
        "gov__cdc_mmwr_excerpt.xml": 4,
        "rometools__usgs-gov-earthquakes-all-hour-atom.xml": 6,
    }


def test_reads_links_and_guids_of_real_feeds_as_they_are(parser: FeedParser, shared_data: Path) -> None:
    feeds = shared_data / "feeds"
    fires = parse(parser, (feeds / "exxamalte__qld_bushfire_alert_feed.xml").read_bytes())
    assert fires.site_link == "https://ruralfire.qld.gov.au"
    assert {entry.link for entry in fires.entries} == {""}
    assert fires.entries[0].guid == "QF2-18-186203"  # not made absolute: it is a name
    injuries = parse(parser, (feeds / "gov__cdc_injury.xml").read_bytes())
    assert {entry.guid for entry in injuries.entries} == {""}
    assert len({entry.link for entry in injuries.entries}) == 2
    quakes = parse(parser, (feeds / "rometools__usgs-gov-earthquakes-all-hour-atom.xml").read_bytes())
    assert quakes.entries[0].link == "https://earthquake.usgs.gov/earthquakes/eventpage/ci38138255"
    assert quakes.entries[0].updated == 1542663904.0


# --- kinds of feeds


def test_reads_json_feed(parser: FeedParser) -> None:
    item: dict[str, Any] = {
        "id": 7,
        "url": "/aids/7",
        "title": "AT&T <Calm>",
        "content_html": '<p>Stay <b>calm</b>.</p><img src="/7.png" alt="A calm officer">',
        "image": "https://valor.test/7.png",
        "tags": ["Poster", 5],
        "date_published": "2026-11-23T10:00:00-05:00",
        "date_modified": "never",
    }
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "home_page_url": "https://valor.test/",
        "items": [item, "nonsense", {"id": "8", "content_text": "Only text. And more."}],
    }
    document = parse(parser, json.dumps(told), "application/feed+json")
    assert document.site_link == "https://valor.test/"
    assert document.warnings == ("an entry could not be read and was passed over",)
    assert document.entries == (
        Entry(
            guid="7",
            title="AT&T <Calm>",
            summary="Stay calm.",
            link="https://valor.test/aids/7",
            categories=("Poster", "5"),
            drawings=(Drawing(url="https://valor.test/7.png", alt="A calm officer"),),
            published=1795446000.0,
        ),
        Entry(guid="8", title="Only text. And more."),
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('{"version": "https://jsonfeed.org/version/1", "items": [', "not valid JSON"),
        ('{"items": []}', "not a JSON Feed"),
        ('{"version": "https://jsonfeed.org/version/1.1"}', "not a JSON Feed"),
        ("{" * 5 + "[" * 200_000, "not valid JSON"),
        ("<!DOCTYPE html><html><body>Sign in</body></html>", "a web page answered"),
        ("<html><head><title>x</title></head></html>", "a web page answered"),
        ("hello", "not a feed"),
        (b"\x00\xff\xfe\x01", "not a feed"),
        ("<rss version='2.0'><channel><title>x", "damaged"),
    ],
)
def test_says_what_is_no_feed(parser: FeedParser, body: str | bytes, said: str) -> None:
    assert said in complaint(parser, body)


@pytest.mark.parametrize(
    "body",
    [
        rss(),
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title></feed>',
        '{"version": "https://jsonfeed.org/version/1", "items": []}',
    ],
)
def test_an_empty_feed_is_fine(parser: FeedParser, body: str) -> None:
    assert parse(parser, body) == Document()


RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
 <channel rdf:about="https://valor.test/"><title>t</title><link>https://valor.test/</link></channel>
 <item rdf:about="https://valor.test/1"><title>One</title><link>https://valor.test/1</link>
 <dc:date>2026-11-23T10:00:00Z</dc:date></item></rdf:RDF>"""


def test_reads_rss_1_and_0_91(parser: FeedParser) -> None:
    (entry,) = parse(parser, RDF).entries
    assert (entry.title, entry.link, entry.guid) == ("One", "https://valor.test/1", "https://valor.test/1")
    assert entry.time == 1795428000.0
    (old,) = parse(parser, rss("<title>One</title><link>/1</link>").replace("2.0", "0.91")).entries
    assert (old.title, old.link) == ("One", "https://valor.test/1")


def test_reads_atom(parser: FeedParser) -> None:
    (entry,) = parse(
        parser,
        """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://valor.test/x/"><entry>
        <id>tag:1</id><title type="html">Keep &amp;lt;Calm&amp;gt; &amp;amp; &lt;b&gt;listen&lt;/b&gt;</title>
        <link rel="self" href="self"/><link rel="enclosure" type="image/png" href="a.png"/>
        <link rel="alternate" type="application/json" href="a.json"/><link href="a.html"/>
        <category term="c1" label="Posters"/><published>2026-11-23T10:00:00Z</published>
        <updated>2026-11-24T10:00:00Z</updated><content type="xhtml"><div
        xmlns="http://www.w3.org/1999/xhtml"><p>First.</p><p>Second.</p></div></content></entry></feed>""",
    ).entries
    assert entry == Entry(
        guid="tag:1",
        title="Keep <Calm> & listen",
        summary="First.\nSecond.",
        link="https://valor.test/x/a.html",
        categories=("c1", "Posters"),
        drawings=(Drawing(url="https://valor.test/x/a.png"),),
        published=1795428000.0,
        updated=1795514400.0,
    )


@pytest.mark.parametrize(
    ("content_type", "declaration"),
    [
        ("text/xml", '<?xml version="1.0" encoding="koi8-r"?>'),
        ("application/rss+xml; charset=koi8-r", ""),
        ("", '<?xml version="1.0" encoding="KOI8-R"?>'),
        ("text/xml", ""),
    ],
)
def test_reads_koi8_r(parser: FeedParser, content_type: str, declaration: str) -> None:
    title = "Как снизить напряжение в трудном разговоре с человеком в кризисе"
    body = (declaration + rss(f"<title>{title}</title><guid>1</guid>")).encode("koi8-r")
    (entry,) = parse(parser, body, content_type).entries
    assert entry.title == title


# --- entries


@pytest.mark.parametrize("link", ["javascript:alert(1)", "mailto:a@b.test", "http://", "x" * 3_000])
def test_takes_no_link_that_is_none(parser: FeedParser, link: str) -> None:
    if link.startswith("x"):
        link = f"https://valor.test/{link}"
    assert only(parser, f"<title>t</title><guid>1</guid><link>{link}</link>").link == ""


def test_makes_relative_links_absolute(parser: FeedParser) -> None:
    assert only(parser, "<title>t</title><link>../aids/1</link>").link == "https://valor.test/aids/1"


@pytest.mark.parametrize(
    ("summary", "title"),
    [
        ("<p>Stay calm. Listen first.</p>", "Stay calm. Listen first."),
        ("<p>First line</p><p>Second line</p>", "First line"),
        ("Listen before you speak. " * 20, "Listen before you speak. " * 4),
        ("", ""),
    ],
)
def test_makes_a_title_of_the_summary(parser: FeedParser, summary: str, title: str) -> None:
    entry = only(parser, f"<guid>1</guid><description><![CDATA[{summary}]]></description>")
    assert entry.title == title.strip()
    assert entry.summary != entry.title or not entry.title


def test_keeps_fields_within_their_limits(parser: FeedParser) -> None:
    html = "&lt;b&gt;" * 20_000 + "word " * 20_000
    entry = only(
        parser, f"<title>{'long ' * 999}</title><guid>{'g' * 5_000}</guid><description>{html}</description>"
    )
    assert 900 < len(entry.title) <= 1_000
    assert entry.guid.startswith("sha256-")
    assert len(entry.summary) <= 32 * 1024
    other = only(parser, f"<title>t</title><guid>{'g' * 5_001}</guid>")
    assert other.guid != entry.guid


def test_takes_out_what_no_database_takes(parser: FeedParser) -> None:
    told = {
        "version": "https://jsonfeed.org/version/1",
        "items": [{"id": "a\0b\ud800", "tags": ["c\0", "c\ud800"]}],
    }
    (entry,) = parse(parser, json.dumps(told)).entries
    assert (entry.guid, entry.categories) == ("a b?", ("c",))


def test_reads_so_many_entries_and_no_more(parser: FeedParser) -> None:
    items = (f"<title>{n}</title><guid>{n}</guid>" for n in range(MAX_ENTRIES + 20))
    document = parse(parser, rss(*items))
    assert len(document.entries) == MAX_ENTRIES
    assert document.warnings == ("the feed holds 20020 entries; only the newest 20000 were read",)


@pytest.mark.parametrize("dated", [True, False])
def test_reads_the_old_entries_of_a_long_feed_too(parser: FeedParser, dated: bool) -> None:
    day = "<pubDate>Mon, {:02} Nov 2026 10:00:00 GMT</pubDate>" if dated else ""
    items = [f"<title>{n}</title><guid>{n}</guid>{day.format(n % 28 + 1)}" for n in range(700)]
    items[3] = "<title>3</title><guid>3</guid><pubDate>0000-00-00 00:00:00</pubDate>"
    document = parse(parser, rss(*items))
    assert [entry.guid for entry in document.entries] == [str(n) for n in range(700)]
    assert document.warnings == ()
    assert document.entries[3].published is None


# --- what must not cost more than itself


@pytest.mark.parametrize(
    "odd",
    [
        '<psc:chapters xmlns:psc="http://podlove.org/simple-chapters"><psc:chapter/></psc:chapters>',
        '<gml:pos xmlns:gml="http://www.opengis.net/gml">1 2</gml:pos>',
        "<textInput><title>x</title><link>http://e</link></textInput>",
    ],
)
def test_an_element_that_cannot_be_read_costs_nothing_else(parser: FeedParser, odd: str) -> None:
    document = parse(
        parser, rss(*(f"<title>{n}</title><guid>{n}</guid>{odd if n == 2 else ''}" for n in (1, 2, 3)))
    )
    assert [entry.guid for entry in document.entries] == ["1", "2", "3"]
    assert [entry.title for entry in document.entries][::2] == ["1", "3"]
    (warning,) = document.warnings
    assert warning.startswith("the feed holds what cannot be read (at ")


def test_a_character_beyond_all_numbers_costs_nothing_else(parser: FeedParser) -> None:
    document = parse(parser, rss("<title>A & &#99999999999; B</title>", "<title>Two</title>"))
    assert [entry.title for entry in document.entries] == ["A & B", "Two"]


def test_whatever_a_reader_stumbles_over_is_told() -> None:
    unprepared = rss(
        '<psc:chapters xmlns:psc="http://podlove.org/simple-chapters"><psc:chapter/></psc:chapters>'
    )
    assert read(unprepared.encode(), "text/xml", URL).error.startswith("the feed cannot be read (")


def test_an_enclosure_without_a_readable_address_is_left_out(parser: FeedParser) -> None:
    entry = only(parser, '<title>One</title><enclosure url="https://[cdn]/a.mp3" length="1"/>')
    assert (entry.title, entry.drawings) == ("One", ())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize(
    "content_type",
    ["text/xml", "application/xml", "text/html; charset=utf-8", "text/xml; charset=iso-8859-1"],
)
def test_believes_the_first_bytes_before_the_server(
    parser: FeedParser, encoding: str, content_type: str
) -> None:
    text = '<?xml version="1.0" encoding="koi8-r"?>' + rss("<title>Безопасность</title><guid>1</guid>")
    document = parse(parser, text.encode(encoding), content_type)
    assert [entry.title for entry in document.entries] == ["Безопасность"]


@pytest.mark.parametrize("name", ["punycode", "idna", "undefined", "rot13", "zlib", "no-such-thing"])
def test_a_name_of_an_encoding_that_is_none_is_passed_over(parser: FeedParser, name: str) -> None:
    body = rss("<title>Café</title>")
    for text, kind in (
        (body, f"text/xml; charset={name}"),
        (f'<?xml version="1.0" encoding="{name}"?>{body}', "text/xml"),
    ):
        assert [entry.title for entry in parse(parser, text, kind).entries] == ["Café"]


@pytest.mark.parametrize(
    ("item", "drawings"),
    [
        ('<enclosure url="/a.png" type="image/png" length="1"/>', [("/a.png", "")]),
        ('<enclosure url="/a.mp3" type="audio/mpeg" length="1"/>', []),
        ('<enclosure url="/a.jpg" length="1"/>', [("/a.jpg", "")]),
        ('<media:content url="/a" medium="image"/>', [("/a", "")]),
        ('<media:content url="/a.png" medium="video"/>', []),
        (
            '<media:content url="/a.png" type="image/png"><media:title>T</media:title>'
            "<media:description>Two officers</media:description></media:content>",
            [("/a.png", "Two officers")],
        ),
        (
            '<media:group><media:title>Calm</media:title><media:content url="/a.png" medium="image"/>'
            '<media:thumbnail url="/t.png"/></media:group>',
            [("/a.png", "Calm")],
        ),
        ('<media:thumbnail url="/t.png"/>', [("/t.png", "")]),
        ('<media:content url="https://0.gravatar.com/a" medium="image"/>', []),
        (
            '<description>&lt;img src="/a.png" alt="One &amp;amp; two"&gt;'
            '&lt;img src="/b.png" alt="b"&gt;</description>',
            [("/a.png", "One & two")],
        ),
        (
            '<description>&lt;img src="/dot.gif" width="1" alt="x"&gt;&lt;img src="/c.png"&gt;</description>',
            [],
        ),
        (
            '<enclosure url="/a.png" type="image/png"/>'
            '<description>&lt;img src="/a.png" alt="Said"&gt;</description>',
            [("/a.png", "Said")],
        ),
        (
            "".join(f'<enclosure url="/{n}.png" type="image/png"/>' for n in range(9)),
            [(f"/{n}.png", "") for n in range(4)],
        ),
    ],
)
def test_finds_pictures_and_their_words(
    parser: FeedParser, item: str, drawings: list[tuple[str, str]]
) -> None:
    expected = tuple(Drawing(url=f"https://valor.test{path}", alt=alt) for path, alt in drawings)
    assert only(parser, f"<title>t</title><guid>1</guid>{item}", MEDIA).drawings == expected


def test_words_for_one_entrys_picture_stay_there(parser: FeedParser) -> None:
    picture = '<media:content url="/same.png" medium="image">{}</media:content>'
    items = (
        "<title>a</title>" + picture.format("<media:description>A</media:description>"),
        "<title>b</title>" + picture.format(""),
    )
    found = parse(parser, rss(*items, attributes=MEDIA)).entries
    assert [entry.drawings[0].alt for entry in found] == ["A", ""]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026/11/23", 1795392000.0),
        ("Monday, November 23, 2026 - 10:00", 1795428000.0),
        ("Mon, 23 Nov 2026 10:00:00 GMT", 1795428000.0),
        ("Mon, 23 Nov 2126 10:00:00 GMT", 4951101600.0),
        ("soon", None),
    ],
)
def test_reads_dates(parser: FeedParser, written: str, read: float | None) -> None:
    assert only(parser, f"<title>t</title><pubDate>{written}</pubDate>").published == read


# --- damage and hostility


WHOLE = rss(
    "<title>a</title><guid>1</guid><link>https://valor.test/1</link>",
    f"<description><![CDATA[<p>b</p>]]></description><media:content {MEDIA} url='/a.png'/>",
).encode()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(WHOLE)), st.integers(0, 40), st.binary(max_size=20))
def test_damage_anywhere_gives_entries_or_one_clear_line(
    parser: FeedParser, at: int, lost: int, noise: bytes
) -> None:
    said = "read"
    try:
        parse(parser, WHOLE[:at] + noise + WHOLE[at + lost :])
    except ParsingFailed as error:
        said = str(error)
    assert said
    assert "process" not in said


def test_leaves_the_last_entry_of_a_feed_that_is_cut_short(parser: FeedParser) -> None:
    whole = rss("<title>a</title><guid>1</guid>", "<title>b</title><guid>2</guid>")
    document = parse(parser, whole[: whole.index("<guid>2")])
    assert [entry.guid for entry in document.entries] == ["1"]
    assert document.cut_short
    assert "not well-formed" in document.warnings[0]
    assert "cut short" in document.warnings[1]


def test_reads_what_is_not_well_formed(parser: FeedParser) -> None:
    document = parse(parser, rss("<title>a & b</title><guid>1</guid>", "<title>c</title><guid>2</guid>"))
    assert [(entry.title, entry.guid) for entry in document.entries] == [("a & b", "1"), ("c", "2")]
    assert not document.cut_short
    assert "not well-formed" in document.warnings[0]


def test_what_takes_too_much_cpu_is_killed_and_the_next_is_read() -> None:
    hostile = rss().replace(
        "<title>", f"<item {' '.join(f'a{n}=' + chr(39) * 2 for n in range(30_000))}/><title>"
    )
    parser = FeedParser(workers=1, cpu_seconds=1)
    try:
        assert complaint(parser, hostile) == "reading the feed took too long"
        assert len(parse(parser, rss("<title>a</title>")).entries) == 1
    finally:
        parser.close()


def test_what_takes_too_long_is_killed() -> None:
    hostile = rss("<title>x</title>" + "".join(f"<category>c{n}</category>" for n in range(15_000)))
    parser = FeedParser(workers=1, cpu_seconds=600, wall_seconds=1.0)
    try:
        assert complaint(parser, hostile) == "reading the feed took too long"
    finally:
        parser.close()


def test_what_takes_too_much_memory_is_refused() -> None:
    parser = FeedParser(workers=1, memory=48 * 1024 * 1024)
    try:
        assert "too much memory" in complaint(parser, rss(*["<title>x</title>"] * 40_000))
        assert len(parse(parser, rss("<title>a</title>")).entries) == 1
    finally:
        parser.close()


NEST = 200_000


@pytest.mark.parametrize(
    "nested",
    [
        rss("<title>x</title>" + "<a>" * NEST + "</a>" * NEST),
        rss("<title>x</title>" + "<a>" * NEST),
        rss().replace("</channel>", "<item><title>x</title>" * NEST + "</item>" * NEST + "</channel>"),
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><content type="xhtml">'
        + "<div>" * NEST
        + "</div>" * NEST
        + "</content></entry></feed>",
    ],
    ids=["unknown", "unclosed", "items", "xhtml"],
)
def test_promise_21_a_feed_of_200_000_nested_elements_is_refused_in_one_line(nested: str) -> None:
    parser = FeedParser(workers=1)
    try:
        assert complaint(parser, nested) == "the feed is nested too deeply to be read"
        assert len(parse(parser, rss("<title>a</title>")).entries) == 1
    finally:
        parser.close()


def test_promise_21_what_honest_feeds_nest_is_read(parser: FeedParser) -> None:
    html = "<div>" * 200 + "Calm" + "</div>" * 200
    entry = f'<entry><id>1</id><title>T</title><content type="xhtml">{html}</content></entry>'
    document = parse(parser, f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>')
    assert [(entry.guid, entry.summary) for entry in document.entries] == [("1", "Calm")]


def test_promise_21_a_feed_as_large_as_any_that_is_fetched_is_read_within_the_limits() -> None:
    summary = (
        "&lt;p&gt;"
        + "Words for &lt;b&gt;calm&lt;/b&gt; officers, and for their families. " * 20
        + "&lt;/p&gt;"
    )
    entry = "<title>Aid {0}</title><guid>{0}</guid><link>https://valor.test/{0}</link><description>{1}</description>"
    body = rss(*(entry.format(number, summary) for number in range(MAX_BODY // (len(summary) + 180))))
    parser, before = FeedParser(workers=1), workers()
    try:
        parse(parser, rss())
        (worker,) = workers() - before
        limits = Path(f"/proc/{worker}/limits").read_text()
        assert MAX_BODY * 0.9 < len(body) < MAX_BODY
        assert len(parse(parser, body).entries) > 3_000
        assert worker not in workers(), "a large document wears a worker out"
    finally:
        parser.close()
    soft = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()}
    assert soft["Max data size"] == str(256 * 1024 * 1024)
    assert 5 <= int(soft["Max cpu time"]) <= 6
    assert soft["Max file size"] == soft["Max core file size"] == "0"


@pytest.mark.parametrize(("most_grown", "replaced"), [(0, True), (1 << 30, False)])
def test_feeds_memory_of_a_worker_that_has_grown_too_much_is_given_back(
    most_grown: int, replaced: bool
) -> None:
    parser, before = FeedParser(workers=1, most_grown=most_grown), workers()
    try:
        body = rss(*(f"<title>{n}</title>" for n in range(10_000)))
        assert len(body) < 1024 * 1024
        assert len(parse(parser, body).entries) == 10_000
        assert (workers() == before) is replaced
        assert len(parse(parser, rss("<title>a</title>")).entries) == 1
    finally:
        parser.close()


def test_feeds_19000_harmless_entries_are_read_within_the_limits() -> None:
    entry = (
        "<title>Calm officers talk about weather and safety {0}</title><guid isPermaLink='false'>{0}</guid>"
        "<link>https://valor.test/aids/{0}</link><pubDate>Mon, 23 Nov 2026 12:00:00 GMT</pubDate>"
    )
    body = rss(*(entry.format(number) for number in range(19_000)))
    parser = FeedParser(workers=1)
    try:
        assert 3_800_000 < len(body) < MAX_BODY
        assert len(parse(parser, body).entries) == 19_000
    finally:
        parser.close()


@pytest.mark.parametrize(
    "key", ["title", "none", "category", "url", "updated", "published", "links", "guid", "tagline"]
)
def test_feeds_19000_shortcuts_find_what_feedparser_finds(key: str) -> None:
    told = FeedParserDict(
        title="a", tags=[{"term": "b"}], href="c", published="d", links=[], id="e", subtitle="f"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert feedparser_patches._get(told, key, "z") == feedparser_patches._slow_get(told, key, "z")
        assert feedparser_patches._contains(told, key) == feedparser_patches._slow_contains(told, key)


def workers() -> set[int]:
    """List this process's workers by their process ids."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and b"feed.child_main" in (folder / "cmdline").read_bytes():
                found.add(int(folder.name))
    return found


def cpu_ticks(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11])


def test_a_worker_killed_while_reading_is_replaced() -> None:
    slow = rss("<title>x</title>" + "".join(f"<category>c{n}</category>" for n in range(15_000)))
    parser = FeedParser(workers=1)
    before = workers()
    said: list[str] = []
    try:
        parse(parser, rss())
        (victim,) = workers() - before
        reading = threading.Thread(target=lambda: said.append(complaint(parser, slow)))
        reading.start()
        idle = cpu_ticks(victim)
        while cpu_ticks(victim) < idle + 20 and reading.is_alive():
            time.sleep(0.02)
        os.kill(victim, signal.SIGKILL)
        reading.join(60)
        assert said == ["the process that reads feeds was ended (code -9)"]
        assert len(parse(parser, rss("<title>a</title>")).entries) == 1
    finally:
        parser.close()


def test_a_worker_killed_at_rest_is_replaced_unnoticed() -> None:
    parser = FeedParser(workers=1)
    before = workers()
    try:
        parse(parser, rss())
        (victim,) = workers() - before
        os.kill(victim, signal.SIGKILL)
        while " Z " not in Path(f"/proc/{victim}/stat").read_text():
            time.sleep(0.01)
        assert len(parse(parser, rss("<title>a</title>")).entries) == 1
    finally:
        parser.close()


def test_many_threads_share_the_workers_and_closing_ends_them() -> None:
    parser = FeedParser(workers=2)
    before = workers()
    found: list[str] = []

    def read(number: int) -> None:
        found.extend(
            entry.guid for entry in parse(parser, rss(f"<title>t</title><guid>{number}</guid>")).entries
        )

    threads = [threading.Thread(target=read, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found, key=int) == [str(number) for number in range(12)]
    started = workers() - before
    assert 1 <= len(started) <= 2
    parser.close()
    parser.close()
    assert not workers() & started
    with pytest.raises(ParsingFailed):
        parse(parser, rss())


def test_a_worker_sees_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X_CONSUMER_KEY", "hidden")
    parser = FeedParser(workers=1)
    before = workers()
    try:
        parse(parser, rss())
        (worker,) = workers() - before
        assert b"X_CONSUMER_KEY" not in Path(f"/proc/{worker}/environ").read_bytes()
    finally:
        parser.close()


def test_words_for_a_picture_never_land_on_another_entry(parser: FeedParser) -> None:
    def told(number: int, more: str = "") -> str:
        return (
            f"<title>{number}</title>{more}"
            f'<media:content url="https://valor.test/{number}.png" medium="image"/>'
            f"<media:description>Words for {number}</media:description>"
        )

    foreign = '<x:item xmlns:x="urn:x">7</x:item>'
    document = parse(parser, rss(told(1, foreign), told(2), attributes=MEDIA))
    assert [entry.drawings[0].alt for entry in document.entries] == ["Words for 1", "Words for 2"]
    hidden = '<item xmlns="urn:x">7</item>'
    document = parse(parser, rss(told(1, hidden), told(2), attributes=MEDIA))
    told_of = {(at.url[-5:], at.alt) for entry in document.entries for at in entry.drawings}
    assert not {("1.png", "Words for 2"), ("2.png", "Words for 1")} & told_of
    after = rss(told(1).partition("<media:desc")[0], attributes=MEDIA).replace(
        "</channel>", "<media:description>Of the channel</media:description></channel>"
    )
    assert parse(parser, after).entries[0].drawings[0].alt == ""


def test_relative_pictures_start_from_the_elements_own_base(parser: FeedParser) -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://base.test/d/"><title>t</title>
    <entry><id>1</id><title>T</title><link href="p.html"/>
    <content type="html" xml:base="https://other.test/">&lt;img src="a.png" alt="Words"&gt;</content></entry>
    <entry><id>2</id><title>T</title><link href="q.html"/>
    <summary type="html">&lt;img src="b.png" alt="Words"&gt;</summary></entry></feed>"""
    document = parse(parser, atom)
    assert [entry.drawings[0].url for entry in document.entries] == [
        "https://other.test/a.png",
        "https://base.test/d/b.png",
    ]
    media = f'xml:base="https://base.test/" {MEDIA}'
    entry = only(parser, '<title>T</title><media:content url="/m.png" medium="image"/>', media)
    assert [drawing.url for drawing in entry.drawings] == ["https://base.test/m.png"]


def test_json_feed_takes_endless_numbers_and_plain_text_as_they_are(parser: FeedParser) -> None:
    items = f'{{"id": {"9" * 5_000}, "title": "Big"}}, {{"id": 2, "title": "T", "summary": "<b> if a<b"}}'
    document = parse(parser, f'{{"version": "https://jsonfeed.org/version/1", "items": [{items}]}}')
    assert [entry.title for entry in document.entries] == ["Big", "T"]
    assert document.entries[1].summary == "<b> if a<b"
