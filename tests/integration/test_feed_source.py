"""A feed source from the socket to the aids: polite, careful, and sure of what it saw."""

import gzip
import hashlib
import json
import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fakes import FakeClock
from spotlight_notify.model.aids import Aid, Look, Reading
from spotlight_notify.model.errors import SourceError
from spotlight_notify.model.words import Kind
from spotlight_notify.ports.parts import Source
from spotlight_notify.sources.feed.parser_pool import FeedParser
from spotlight_notify.sources.feed.source import FeedSource
from spotlight_notify.wire.wire import Wire
from website import Page, Website

FEED_TYPE = {"Content-Type": "application/rss+xml"}


class Reader:
    """Look at one feed again and again, as a poll does, keeping the cursor only after success."""

    def __init__(self, url: str, wire: Wire, parser: FeedParser, reading: Reading | None = None) -> None:
        self.source: Source = FeedSource(
            name="valor-site",
            url=url,
            reading=reading or Reading(),
            wire=wire,
            parser=parser,
            clock=FakeClock(),
        )
        self.cursor: str | None = None

    def look(self) -> Look:
        look = self.source.look(self.cursor, lambda keys: frozenset())
        self.cursor = look.cursor
        return look

    def fails(self) -> SourceError:
        with pytest.raises(SourceError) as caught:
            self.look()
        assert caught.value.source == "valor-site"
        assert str(caught.value).startswith("source valor-site: ")
        assert "\n" not in str(caught.value)
        return caught.value


@pytest.fixture
def reader(site: Website, wire: Wire, parser: FeedParser) -> Reader:
    return Reader(site.url("/feed.xml"), wire, parser)


def item(number: int, *, guid: str | None = None, link: str | None = None, extra: str = "") -> str:
    return (
        f"<item><title>Aid {number}</title><guid isPermaLink='false'>{guid or number}</guid>"
        f"<link>{link or f'https://valor.test/aids/{number}'}</link>"
        f"<pubDate>Mon, 23 Nov 2026 {number:02}:00:00 GMT</pubDate>{extra}</item>"
    )


def feed(*items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>t</title>{''.join(items)}</channel></rss>".encode()


def page(*items: str, **headers: str) -> Page:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Page(body=feed(*items), headers={**FEED_TYPE, **named})


def keys(aids: Sequence[Aid]) -> list[str]:
    return [aid.key for aid in aids]


# --- politeness


def test_asks_only_for_what_is_new(site: Website, reader: Reader) -> None:
    site.put(
        "/feed.xml",
        page(item(1), ETag='W/"1"', Last_Modified="Mon, 23 Nov 2026 10:00:00 GMT"),
        Page(status=304),
        Page(status=304, headers={"ETag": 'W/"1b"'}),
        page(item(2), item(1), ETag='W/"2"'),
        Page(status=304),
    )
    looks = [reader.look() for _ in range(5)]
    assert [keys(look.aids) for look in looks] == [["guid:1"], [], [], ["guid:1", "guid:2"], []]
    assert [look.unchanged for look in looks] == [False, True, True, False, True]
    assert [asked.headers["If-None-Match"] for asked in site.asked] == [
        None,
        'W/"1"',
        'W/"1"',
        'W/"1"',
        'W/"2"',
    ]
    since = "Mon, 23 Nov 2026 10:00:00 GMT"
    assert [asked.headers["If-Modified-Since"] for asked in site.asked] == [None, since, since, since, None]
    assert site.asked[0].headers["User-Agent"] == "spotlight-notify/test"
    assert "application/rss+xml" in site.asked[0].headers["Accept"]


def test_parses_nothing_when_the_body_is_the_same(site: Website, reader: Reader, wire: Wire) -> None:
    site.put("/feed.xml", page(item(1)))
    first = reader.look()
    closed = FeedParser()
    closed.close()  # any parsing would fail now
    again = Reader(site.url("/feed.xml"), wire, closed)
    again.cursor = first.cursor
    look = again.look()
    assert (look.unchanged, look.aids, look.warnings) == (True, (), ())
    assert json.loads(str(look.cursor))["sha256"] == hashlib.sha256(feed(item(1))).hexdigest()


@pytest.mark.parametrize("status", [200, 304])
def test_waits_as_long_as_an_answer_is_fresh(site: Website, reader: Reader, status: int) -> None:
    site.put(
        "/feed.xml",
        page(item(1), Cache_Control="max-age=60", ETag='"1"'),
        Page(status=status, body=feed(item(1)), headers={"Cache-Control": "max-age=600"}),
    )
    assert [reader.look().wait, reader.look().wait] == [timedelta(minutes=1), timedelta(minutes=10)]


@pytest.mark.parametrize("status", [429, 500, 503, 404, 403])
@pytest.mark.parametrize(
    ("said", "wait"),
    [("600", timedelta(minutes=10)), ("Mon, 23 Nov 2026 13:00:00 GMT", timedelta(hours=1)), (None, None)],
)
def test_obeys_retry_after(
    site: Website, reader: Reader, status: int, said: str | None, wait: timedelta | None
) -> None:
    site.put("/feed.xml", Page(status=status, headers={"Retry-After": said} if said else {}))
    error = reader.fails()
    assert (error.wait, error.gone) == (wait, False)
    assert f"the server answered {status}" in str(error)


def test_tells_when_a_feed_is_gone(site: Website, reader: Reader) -> None:
    site.put("/feed.xml", Page(status=410))
    error = reader.fails()
    assert error.gone
    assert "410 Gone" in str(error)


def test_tells_where_a_feed_has_moved(site: Website, reader: Reader) -> None:
    there = site.put("/new.xml", page(item(1), ETag='"1"'), Page(status=304))
    site.put("/feed.xml", Page(status=301, headers={"Location": there}))
    said = f"the feed has moved for good: change its url to {there}"  # kept with the source, and so told once
    assert [reader.look().warnings, reader.look().warnings] == [(said,), (said,)]
    assert site.asked[-1].headers["If-None-Match"] == '"1"'


# --- failures lose nothing


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (Page(body=b"<!doctype html><html><body>Down for repairs</body></html>"), "a web page answered"),
        (Page(body=b""), "an empty document answered"),
        (Page(body=b" \n"), "an empty document answered"),
        (Page(status=204), "the server answered 204"),
        (Page(status=404), "the server answered 404 Not Found"),
        (Page(status=500), "the server answered 500"),
        (Page(status=599), "the server answered 599"),
        (Page(status=304), "the server answered 304"),
        (Page(body=feed(item(1))[:60]), "damaged"),
        (Page(body=b'<!DOCTYPE x [<!ENTITY a "b">]>' + feed(item(1))), "entities"),
        (Page(body=('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>').encode("utf-16")), "entities"),
        (
            Page(body=gzip.compress(b" " * 60_000_000), headers={"Content-Encoding": "gzip"}),
            "larger than 5,242,880 bytes",
        ),
        (Page(body=b"x" * 6_000_000), "larger than 5,242,880 bytes"),
        (Page(raw=lambda out, closing: None), "the connection broke"),
        (Page(status=302, headers={"Location": "file:///etc/passwd"}), "only absolute http and https"),
        (Page(status=302, headers={"Location": "/feed.xml"}), "more than 5 redirects"),
    ],
)
def test_a_look_that_fails_says_why_and_the_next_one_sees_everything(
    site: Website, reader: Reader, bad: Page, said: str
) -> None:
    site.put("/feed.xml", *([bad] * (6 if bad.headers.get("Location") == "/feed.xml" else 1)), page(item(1)))
    assert said in str(reader.fails())
    assert reader.cursor is None
    assert keys(reader.look().aids) == ["guid:1"]


def test_refuses_billion_laughs_at_once(site: Website, reader: Reader) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = f"<!DOCTYPE rss [<!ENTITY l0 'ha'>{laughs}]><rss version='2.0'><channel>&l9;</channel></rss>"
    site.put("/feed.xml", Page(body=body.encode()))
    started = time.monotonic()
    assert "entities" in str(reader.fails())
    assert time.monotonic() - started < 20


def test_an_unreachable_server_fails_the_look(wire: Wire, parser: FeedParser) -> None:
    with Website() as closed:
        url = closed.url("/feed.xml?key=hidden")
    error = Reader(url, wire, parser).fails()
    assert "127.0.0.1 refuses the connection" in str(error)
    assert "hidden" not in str(error)


def test_a_feed_that_is_cut_short_is_fetched_whole_the_next_time(site: Website, reader: Reader) -> None:
    whole, headers = feed(item(2), item(1)), {**FEED_TYPE, "ETag": '"1"'}
    cut = Page(body=whole[: whole.index(b"Aid 1")], headers=headers)
    site.put("/feed.xml", cut, page(item(0)), cut, Page(body=whole, headers=headers))
    assert "cut short" in str(reader.fails())  # a first look must see all that is there already
    reader.look()
    short = reader.look()
    assert keys(short.aids) == ["guid:2"]
    assert "cut short" in short.warnings[1]
    assert keys(reader.look().aids) == ["guid:1", "guid:2"]
    assert site.asked[-1].headers["If-None-Match"] is None


# --- accidents


def test_an_outage_between_two_looks_shows_nothing_new(site: Website, reader: Reader) -> None:
    site.put(
        "/feed.xml",
        page(item(2), item(1), ETag='"1"'),
        Page(status=502),
        Page(body=b"<rss version='2.0'><channel><title>t</title></channel></rss>", headers=FEED_TYPE),
        page(item(2), item(1), ETag='"1"'),
    )
    before = reader.look()
    reader.fails()
    empty = reader.look()
    assert (empty.aids, empty.unchanged) == ((), False)
    assert reader.look().aids == before.aids


def test_new_guids_and_https_leave_every_aid_a_name_in_common(site: Website, reader: Reader) -> None:
    site.put(
        "/feed.xml",
        page(
            *(
                item(n, guid=f"http://valor.test/?p={n}", link=f"http://valor.test/aids/{n}/")
                for n in range(20)
            )
        ),
        page(
            *(
                item(n, guid=f"post-{n}", link=f"https://valor.test/aids/{n}?utm_source=rss")
                for n in range(20)
            )
        ),
    )
    before, after = reader.look().aids, reader.look().aids
    assert [set(old.aliases) & set(new.aliases) for old, new in zip(before, after, strict=True)] == [
        {f"link:https://valor.test/aids/{n}"} for n in range(20)
    ]


def test_a_guid_does_not_change_with_the_feeds_address(site: Website, wire: Wire, parser: FeedParser) -> None:
    atom = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>alert-1</id>
    <title>Calm</title></entry></feed>"""
    for path in ("/old/feed.xml", "/new/place/feed.xml"):
        look = Reader(site.put(path, Page(body=atom)), wire, parser).look()
        assert [aid.aliases for aid in look.aids] == [("guid:alert-1",)]


def test_a_corrected_title_date_or_tracking_parameter_keeps_the_key(site: Website, reader: Reader) -> None:
    corrected = (
        item(1, link="https://valor.test/aids/1?utm_campaign=x")
        .replace("Aid 1", "Aid one")
        .replace("01:00", "09:00")
    )
    site.put("/feed.xml", page(item(1)), page(corrected))
    (before,), (after,) = reader.look().aids, reader.look().aids
    assert before.aliases == after.aliases
    assert (before.title, after.title) == ("Aid 1", "Aid one")


def test_one_bad_entry_does_not_hurt_the_others(site: Website, reader: Reader) -> None:
    site.put(
        "/feed.xml",
        page(
            item(3),
            "<item><title>No link</title><guid isPermaLink='false'>n</guid></item>",
            item(2, link="javascript:alert(1)"),
            "<item></item>",
            "<item><guid isPermaLink='false'>untitled</guid><link>https://valor.test/u</link></item>",
            item(1).replace("2026", "2126"),
        ),
    )
    look = reader.look()
    links = {aid.key: aid.link for aid in look.aids}
    assert links == {
        "guid:3": "https://valor.test/aids/3",
        "guid:n": None,
        "guid:2": None,
        "guid:untitled": "https://valor.test/u",
        "guid:1": "https://valor.test/aids/1",
    }
    assert set(look.warnings) == {
        "1 empty entries were passed over",
        "2 entries, “Aid 2” among them, have no usable link",
        "“guid:untitled” has no title and no summary",
        "“Aid 1” has a date in the future",
    }


# --- real feeds and many at once


def test_every_real_feed_is_read_and_found_unchanged(
    site: Website, wire: Wire, parser: FeedParser, shared_data: Path
) -> None:
    for path in sorted((shared_data / "feeds").glob("*.xml")):
        url = site.put(f"/{path.name}", Page(body=path.read_bytes(), headers={"Content-Type": "text/xml"}))
        reader = Reader(url, wire, parser)
        look, again = reader.look(), reader.look()
        assert look.aids
        assert again.unchanged
        assert len({name for aid in look.aids for name in aid.aliases}) == sum(
            len(aid.aliases) for aid in look.aids
        )
        assert all(aid.title and aid.link and aid.link.startswith("http") for aid in look.aids)
        dates = [aid.published_at for aid in look.aids if aid.published_at]
        assert dates == sorted(dates)


def test_the_injury_feed_lists_each_article_once_and_the_newest(
    site: Website, wire: Wire, parser: FeedParser, shared_data: Path
) -> None:
    body = (shared_data / "feeds" / "gov__cdc_injury.xml").read_bytes()
    look = Reader(site.put("/cdc.xml", Page(body=body)), wire, parser).look()
    assert [aid.link for aid in look.aids] == [
        "http://www.ncbi.nlm.nih.gov/pubmed/27359167",
        "http://www.ncbi.nlm.nih.gov/pubmed/27352089",
    ]
    assert {str(aid.published_at.date()) for aid in look.aids if aid.published_at} == {"2016-09-19"}


def test_the_fire_feed_falls_back_to_its_site(
    site: Website, wire: Wire, parser: FeedParser, shared_data: Path
) -> None:
    body = (shared_data / "feeds" / "exxamalte__qld_bushfire_alert_feed.xml").read_bytes()
    look = Reader(site.put("/fires.xml", Page(body=body)), wire, parser).look()
    assert {aid.link for aid in look.aids} == {"https://ruralfire.qld.gov.au"}
    assert not any(name.startswith("link:") for aid in look.aids for name in aid.aliases)
    assert [sentence.partition(" ")[0] for sentence in look.warnings] == [str(len(look.aids))]


def test_reads_kinds_as_configured(site: Website, wire: Wire, parser: FeedParser) -> None:
    url = site.put("/feed.xml", page(item(1, extra="<category>Poster</category>")))
    (aid,) = Reader(url, wire, parser, Reading(kind_categories={"poster": Kind.POSTER})).look().aids
    assert aid.kind is Kind.POSTER


def test_promise_24_an_entry_with_several_categories_keeps_all_its_themes(
    site: Website, wire: Wire, parser: FeedParser
) -> None:
    named = ("Theme: Risk", "News", "theme\u200b: Ca\u00adlm", "wellness", "Theme: RISK")
    categories = "".join(f"<category>{name}</category>" for name in named)
    reading = Reading(theme_category_prefix="Theme: ", theme_categories={"Wellness": "Officer Wellness"})
    url = site.put("/feed.xml", page(item(1, extra=categories)))
    (aid,) = Reader(url, wire, parser, reading).look().aids
    assert (aid.theme, aid.themes) == ("Officer Wellness", ("Officer Wellness", "Risk", "Calm"))


def test_many_sources_are_read_at_once(site: Website, wire: Wire, parser: FeedParser) -> None:
    readers = [Reader(site.put(f"/{n}.xml", page(item(n, guid=f"{n}"))), wire, parser) for n in range(12)]
    found: list[str] = []
    threads = [threading.Thread(target=lambda r=r: found.extend(keys(r.look().aids))) for r in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(f"guid:{n}" for n in range(12))


def test_feeds_dates_are_in_the_zone_of_their_source(site: Website, wire: Wire, parser: FeedParser) -> None:
    dated = "<item><title>a</title><pubDate>2026-11-23</pubDate></item>"
    site.put("/feed.xml", Page(body=feed(dated)))
    parts: dict[str, Any] = {
        "url": site.url("/feed.xml"),
        "reading": Reading(),
        "wire": wire,
        "parser": parser,
    }
    for zone, hour in (("UTC", 0), ("America/New_York", 5)):
        source = FeedSource(name="site", clock=FakeClock(), zone=zone, **parts)
        look = source.look(None, lambda keys: frozenset())
        assert look.whole
        assert [aid.published_at for aid in look.aids] == [datetime(2026, 11, 23, hour, tzinfo=UTC)]


def test_a_feed_that_is_cut_short_does_not_show_all_it_has(site: Website, reader: Reader) -> None:
    whole = feed(item(2), item(1))
    site.put("/feed.xml", Page(body=whole), Page(body=whole[:-60]))
    assert [reader.look().whole for _ in range(2)] == [True, False]
