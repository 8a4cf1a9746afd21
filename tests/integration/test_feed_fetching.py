"""When and how a feed is fetched: what servers say that is not so, and what is asked of them all the same."""

import gzip
import threading
from datetime import timedelta
from typing import IO

import pytest

from feed_reader import FeedReader, item, keys, page, rss
from spotlight_notify.sources.feed.parser_pool import FeedParser
from spotlight_notify.sources.feed.source import LONGER_WAITS
from spotlight_notify.wire.wire import Wire
from website import Page, Website

# --- a server that answers 304 by a date that never moves


def test_feeds_frozen_304_is_asked_for_the_whole_once_a_day(site: Website, reader: FeedReader) -> None:
    frozen = {"Last_Modified": "Mon, 23 Nov 2026 10:00:00 GMT"}
    site.put("/feed.xml", page(item(1), **frozen), Page(status=304), page(item(2), item(1), **frozen))
    assert keys(reader.look().aids) == ["guid:1"]
    assert reader.look(later=timedelta(hours=23)).unchanged
    assert keys(reader.look(later=timedelta(hours=2)).aids) == ["guid:1", "guid:2"]
    asked = [each.headers["If-Modified-Since"] for each in site.asked]
    assert asked == [None, frozen["Last_Modified"], None]


def test_feeds_frozen_304_takes_over_no_validator_without_its_document(
    site: Website, reader: FeedReader
) -> None:
    site.put("/feed.xml", page(item(1), ETag='"1"'), Page(status=304, headers={"ETag": '"2"'}), page(item(2)))
    for _ in range(3):
        reader.look()
    assert [each.headers["If-None-Match"] for each in site.asked] == [None, '"1"', '"1"']


def test_feeds_frozen_304_without_a_condition_is_no_answer(site: Website, reader: FeedReader) -> None:
    site.put("/feed.xml", page(item(1)), Page(status=304), page(item(2), item(1)))
    reader.look()
    assert "the server answered 304" in reader.fails()
    assert keys(reader.look().aids) == ["guid:1", "guid:2"]


# --- what is kept with the source


@pytest.mark.parametrize("said", ["max-age=315360000", "public, max-age=7200", "max-age=60"])
def test_feeds_max_age_of_ten_years_waits_an_hour_at_most_and_says_why(
    site: Website, reader: FeedReader, said: str
) -> None:
    site.put(
        "/feed.xml",
        page(item(1), Cache_Control=said, ETag='"1"'),
        Page(status=304, headers={"Cache-Control": said}),
    )
    looks = [reader.look(), reader.look()]
    assert [look.warnings for look in looks] == [(LONGER_WAITS,), (LONGER_WAITS,)]
    assert all(look.wait and look.wait <= timedelta(hours=1) for look in looks)


def test_feeds_max_age_shorter_than_every_is_nothing_to_tell(site: Website, reader: FeedReader) -> None:
    site.put("/feed.xml", page(item(1), Cache_Control="max-age=30"))
    assert reader.look().warnings == ()


def test_feeds_301_an_unchanged_feed_keeps_what_is_wrong_with_its_document(
    site: Website, reader: FeedReader
) -> None:
    unusable = "<item><title>No link</title><guid isPermaLink='false'>n</guid></item>"
    site.put("/feed.xml", page(unusable, ETag='"1"'), Page(status=304), page(item(1)))
    said = "“No link” has no usable link"
    assert [reader.look().warnings for _ in range(3)] == [(said,), (said,), ()]


def test_feeds_301_a_key_in_the_address_is_not_kept(site: Website, wire: Wire, parser: FeedParser) -> None:
    there = site.put("/new.xml?key=a-secret", page(item(1)))
    url = site.put("/feed.xml?key=a-secret", Page(status=301, headers={"Location": there}))
    (said,) = FeedReader(url, wire, parser).look().warnings
    assert said.endswith("/new.xml?...")


# --- what answers instead of a feed


def raw(answer: bytes) -> Page:
    def write(out: IO[bytes], _closing: threading.Event) -> None:
        out.write(answer)

    return Page(raw=write)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Page(body=gzip.compress(rss(item(1)))), "is packed with gzip, and the server does not say so"),
        (raw(b"SSH-2.0-OpenSSH_9.2p1\r\n"), "does not speak HTTP: it says “SSH-2.0-OpenSSH_9.2p1”"),
        (raw(b"220 mail.example ESMTP\r\n"), "does not speak HTTP: it says “220 mail.example ESMTP”"),
        (
            raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
            "the answer gives two lengths that differ",
        ),
        (raw(b""), "the connection broke before an answer came"),
        (Page(body=b"PK\x03\x04" + b"x" * 99), "what answered is a ZIP file, not a feed"),
        (Page(body=b"%PDF-1.7\n"), "what answered is a PDF, not a feed"),
        (Page(body=b"BEGIN:VCALENDAR\r\n"), "what answered is a calendar (iCalendar), not a feed"),
        (Page(body=b"nothing known"), "what answered is not a feed"),
    ],
)
def test_feeds_ssh_banner_and_others_are_named(
    site: Website, reader: FeedReader, answer: Page, said: str
) -> None:
    site.put("/feed.xml", answer)
    assert said in reader.fails()


@pytest.mark.parametrize(
    ("link", "named"),
    [
        ("<link rel='alternate' type='application/rss+xml' href='/rss.xml'>", "/rss.xml"),
        ("<LINK HREF=atom REL='Alternate feed' TYPE='Application/Atom+XML'>", "/atom"),
        ("<link rel='alternate' type='text/html' href='/de'>", ""),
        ("<link rel='alternate' type='application/rss+xml' href='javascript:alert(1)'>", ""),
        ("<link rel='alternate' type='application/rss+xml' href='/feed.xml'>", ""),
        ("", ""),
    ],
)
def test_feeds_web_page_that_names_its_feed_is_told_with_it(
    site: Website, reader: FeedReader, link: str, named: str
) -> None:
    site.put(
        "/feed.xml", Page(body=f"<!doctype html><html><head>{link}</head><body>x</body></html>".encode())
    )
    said = reader.fails()
    end = f"a web page answered, not a feed; the feed it names is {site.url(named)}"
    assert said.endswith(end if named else "a web page answered, not a feed")
