"""Dates as feeds write them: those of standards, those of sites, and those that are none."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.sources.feed.dates import MOST_IN_WORDS, DateReader, bare_date
from spotlight_notify.sources.feed.json import read_json

DAY, MORNING = "2026-11-23T00:00:00+00:00", "2026-11-23T10:00:00+00:00"


def read(text: str, zone: str = "UTC") -> str | None:
    seconds = DateReader(zone).read(text)
    return None if seconds is None else datetime.fromtimestamp(seconds, tz=UTC).isoformat()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thu, 23 Jul 2026 10:00:00 CEST", "2026-07-23T08:00:00+00:00"),
        ("Mon, 23 Nov 2026 10:00:00 CET", "2026-11-23T09:00:00+00:00"),
        ("Thu, 23 Jul 2026 10:00:00 BST", "2026-07-23T09:00:00+00:00"),
        ("Mon, 23 Nov 2026 10:00:00 HST", "2026-11-23T20:00:00+00:00"),
        ("Mon, 23 Nov 2026 10:00:00 GMT+1", "2026-11-23T09:00:00+00:00"),
        ("Mon, 23 Nov 2026 10:00:00 UTC-5", "2026-11-23T15:00:00+00:00"),
        ("November 23, 2026 3:30 PM ET", "2026-11-23T20:30:00+00:00"),
        ("2026-11-23 10:00:00 EST", "2026-11-23T15:00:00+00:00"),
        ("2026-11-23 10:00:00 UTC", MORNING),
        ("2026-11-23t10:00:00z", MORNING),
        ("2026-11-23T10:00:00+5:30", "2026-11-23T04:30:00+00:00"),
        ("2026-11-23 3:00 PM", "2026-11-23T15:00:00+00:00"),
        ("2026-11-23 3:00:00 PM EST", "2026-11-23T20:00:00+00:00"),
        ("23-Nov-2026", DAY),
        ("Mon,23 Nov 2026 10:00:00 GMT", MORNING),
        ("Mon, 23 Nov 2026 10.00.00 GMT", MORNING),
        ("1795428000", MORNING),
        ("1795428000000", MORNING),
        ("2026-11", None),
        ("mer, 16 nov 2022 00:38:15 +0100", "2022-11-15T23:38:15+00:00"),
        ("2026年11月23日", DAY),
        ("Published: Mon, 23 Nov 2026 10:00:00 GMT", MORNING),
        ("<time datetime='2026-11-23T10:00:00-05:00'>Nov 23</time>", "2026-11-23T15:00:00+00:00"),
    ],
)
def test_feeds_dates_are_the_right_moment(text: str, expected: str | None) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("November 23, 2026 3:30 PM PT", "2026-11-23T23:30:00+00:00"),
        ("July 23, 2026 3:30 PM ET", "2026-07-23T19:30:00+00:00"),
        ("Nov 23, 2026 10 AM Eastern Time", "2026-11-23T15:00:00+00:00"),
        ("Mon, 23 Nov 2026 10:00:00 +0100 (CET)", "2026-11-23T09:00:00+00:00"),
        ("Mon Nov 23 2026 10:00:00 GMT-0500 (Eastern Standard Time)", "2026-11-23T15:00:00+00:00"),
        ("Mon Nov 23 10:00:00 EST 2026", "2026-11-23T15:00:00+00:00"),
        ("2026-11-23T10:00:00+01:00[Europe/Berlin]", "2026-11-23T09:00:00+00:00"),
        ("2026-11-23 10:00 America/New_York", "2026-11-23T15:00:00+00:00"),
        ("2026-11-23 10:00:00 −05:00", "2026-11-23T15:00:00+00:00"),
        ("20261123T100000Z", MORNING),
        ("/Date(1795428000000)/", MORNING),
        ("1795428000.25", MORNING),
        ("11/23/26 10:00", MORNING),
        ("11-23-2026", DAY),
        ("Posted on November 23, 2026", DAY),
        ("Last updated on: 2026-11-23", DAY),
        ("&lt;time datetime=&quot;2026-11-23T10:00:00Z&quot;&gt;Nov&lt;/time&gt;", MORNING),
        ("mar, 16 nov 2022 00:38:15 +0100", "2022-11-15T23:38:15+00:00"),
        ("lundi 23 novembre 2026 à 10h30", "2026-11-23T10:30:00+00:00"),
        ("Montag, 23. März 2026", "2026-03-23T00:00:00+00:00"),
        ("23 de noviembre de 2026", DAY),
        ("2026년 11월 23일", DAY),
        ("2026年11月23日 下午3:30", "2026-11-23T15:30:00+00:00"),
        ("Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11T17:00:00+00:00"),
        ("2004-július-13T9:15-05:00", "2004-07-13T14:15:00+00:00"),
    ],
)
def test_feeds_dates_of_the_same_kinds(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text", ["2026", "November 2026", "11/2026", "23 November", "Week 48 2026", "Q4 2026"]
)
def test_feeds_dates_without_a_day_or_a_year_are_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("text", ["yesterday", "2 hours ago", "today at 10:00", "in 3 days", "10:00", "soon"])
def test_feeds_dates_that_count_from_now_are_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-23", "2026-11-23T05:00:00+00:00"),
        ("Nov 23, 2026", "2026-11-23T05:00:00+00:00"),
        ("2026年11月23日", "2026-11-23T05:00:00+00:00"),
        ("2026-07-23 10:00", "2026-07-23T14:00:00+00:00"),
        ("Mon, 23 Nov 2026 10:00:00", "2026-11-23T15:00:00+00:00"),
        ("Mon, 23 Nov 2026 10:00:00 XYZ", "2026-11-23T15:00:00+00:00"),
        ("Mon, 23 Nov 2026 10:00:00 GMT", MORNING),
        ("2026-11-23T10:00:00Z", MORNING),
        ("lun, 23 nov 2026 10:00:00 +0000", MORNING),
        ("1795428000", MORNING),
    ],
)
def test_feeds_dates_that_name_no_zone_are_in_the_sources_own(text: str, expected: str) -> None:
    assert read(text, "America/New_York") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026/11/23", DAY),
        ("2026/11/23 10:00:00", MORNING),
        ("2026.11.23", DAY),
        ("11/23/2026", DAY),
        ("23/11/2026", DAY),
        ("23.11.2026 10:00", MORNING),
        ("Mon, 11/23/2026 - 10:00", MORNING),
        ("Nov 23, 2026", DAY),
        ("Sept. 3rd, 2026", "2026-09-03T00:00:00+00:00"),
        ("Monday, November 23, 2026 - 10:00", MORNING),
        ("Monday, November 23, 2026 - 10:00pm", "2026-11-23T22:00:00+00:00"),
        ("November 23, 2026 12:30 a.m.", "2026-11-23T00:30:00+00:00"),
        ("November 23, 2026 at 12:30 p.m.", "2026-11-23T12:30:00+00:00"),
        ("Nov 23, 2026 10:00:00 AM EST", "2026-11-23T15:00:00+00:00"),
        ("Mon, 23 Nov 2026 10:00 PM EST", "2026-11-24T03:00:00+00:00"),
        ("Monday, 23 November 2026 - 10:00", MORNING),
        ("11/23/2026 10:00 -05:00", "2026-11-23T15:00:00+00:00"),
        ("11/23/2026 10:00 Z", MORNING),
        ("20261123", DAY),
        ("20261123100000", MORNING),
        ("2026-327", DAY),
        (" 2026-11-23 ", DAY),
        ("2026-11-22T24:00:00Z", DAY),
        ("2026-11-23T10:00:00.123456789+01:00", "2026-11-23T09:00:00+00:00"),
        ("Mon, 23 Nov 2026 10:00:60 GMT", "2026-11-23T10:01:00+00:00"),
        ("Mon, 23 Nov 26 10:00:00 GMT", MORNING),
        ("23 November 2026", DAY),
        ("Mon Nov 23 10:00:00 2026", MORNING),
        ("Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T12:19:53+00:00"),
    ],
)
def test_reads_what_has_been_read_before(text: str, expected: str) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0000-00-00 00:00:00",
        "2026-13-45",
        "2026-02-30T10:00:00Z",
        "2026-366",
        "2026-W47",
        "99999999999999",
        "2026-11-23T25:00:00Z",
        "2026-11-23T10:00:00+24:00",
        "Mon, 30 Feb 2026 10:00:00 GMT",
        "Mon, 23 Nov 2026 10:99:00 GMT",
        "2026/02/30",
        "13/13/2026",
        "Foo 23, 2026",
        "11/23/2026 25:00",
        "1/2/3",
    ],
)
def test_a_date_that_does_not_exist_is_none(text: str) -> None:
    assert read(text) is None


def test_looks_at_the_beginning_of_a_huge_date_only() -> None:
    started = time.process_time()
    assert read("Monday, November 23, 2026" + " " * 5_000_000 + "x") == DAY
    assert time.process_time() - started < 1


@given(st.text(alphabet="0123456789-/:. ,TZamp+<>()", max_size=60))
def test_any_text_is_read_or_not(text: str) -> None:
    bare = bare_date(text)
    assert len(bare) <= 200
    DateReader().read(text)


@given(st.integers(min_value=0, max_value=30_000_000_000), st.sampled_from(["UTC", "America/Chicago"]))
def test_reads_every_day_in_every_form(seconds: int, zone: str) -> None:
    moment = datetime.fromtimestamp(seconds, tz=ZoneInfo(zone)).replace(second=0, fold=0)
    forms = (
        "%Y/%m/%d %H:%M",
        "%m/%d/%Y - %H:%M",
        "%B %d, %Y - %H:%M",
        "%b %d, %Y %I:%M %p",
        "%Y-%m-%dT%H:%M",
    )
    for form in forms:
        assert DateReader(zone).read(moment.strftime(form)) == moment.timestamp()


def test_feeds_dates_in_words_are_read_so_many_times_a_document() -> None:
    moments = DateReader()
    days = [f"{day} décembre {year}" for year in range(1990, 2004) for day in range(1, 29)]
    found = [moments.read(day) for day in (*days, *days[:5], "2026-11-23")]
    assert [each is None for each in found] == [
        *[False] * MOST_IN_WORDS,
        *[True] * (len(days) - MOST_IN_WORDS),
        *[False] * 6,
    ]
    assert moments.warnings() == (f"{len(days) - MOST_IN_WORDS} dates in odd words were left unread",)
    assert DateReader().warnings() == ()


def test_feeds_dates_of_json_are_read_like_those_of_xml() -> None:
    items = [{"id": 1, "date_published": "Nov 23, 2026"}]
    body = json.dumps({"version": "https://jsonfeed.org/version/1", "items": items})
    (entry,) = read_json(
        body.encode(), "https://valor.test/feed.json", DateReader("America/New_York")
    ).entries
    assert entry.published == datetime(2026, 11, 23, 5, tzinfo=UTC).timestamp()


def test_ordinary_dates_load_no_library() -> None:
    program = (
        "import sys; from spotlight_notify.sources.feed.dates import DateReader\n"
        "DateReader().read('Mon, 23 Nov 2026 10:00:00 CEST'); assert 'dateparser' not in sys.modules\n"
        "DateReader().read('23 décembre 2026'); assert 'dateparser' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
