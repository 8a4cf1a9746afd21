"""Dates that feedparser reads wrongly or not at all."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.sources.feed_dates import NO_DATE, existing_date, odd_date

MORNING = (2026, 11, 23, 10, 0, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026/11/23", (2026, 11, 23, 0, 0, 0)),
        ("2026/11/23 10:00:00", MORNING),
        ("2026.11.23", (2026, 11, 23, 0, 0, 0)),
        ("11/23/2026", (2026, 11, 23, 0, 0, 0)),
        ("23/11/2026", (2026, 11, 23, 0, 0, 0)),
        ("23.11.2026 10:00", MORNING),
        ("Mon, 11/23/2026 - 10:00", MORNING),
        ("Nov 23, 2026", (2026, 11, 23, 0, 0, 0)),
        ("Sept. 3rd, 2026", (2026, 9, 3, 0, 0, 0)),
        ("Monday, November 23, 2026 - 10:00", MORNING),
        ("Monday, November 23, 2026 - 10:00pm", (2026, 11, 23, 22, 0, 0)),
        ("November 23, 2026 12:30 a.m.", (2026, 11, 23, 0, 30, 0)),
        ("November 23, 2026 at 12:30 p.m.", (2026, 11, 23, 12, 30, 0)),
        ("Nov 23, 2026 10:00:00 AM EST", (2026, 11, 23, 15, 0, 0)),
        ("Mon, 23 Nov 2026 10:00 PM EST", (2026, 11, 24, 3, 0, 0)),
        ("Monday, 23 November 2026 - 10:00", MORNING),
        ("11/23/2026 10:00 -05:00", (2026, 11, 23, 15, 0, 0)),
        ("11/23/2026 10:00 Z", MORNING),
    ],
)
def test_reads_odd_dates(text: str, expected: tuple[int, ...]) -> None:
    read = odd_date(text)
    assert read is not None
    assert tuple(read)[:6] == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-11-23T10:00:00Z",
        "Mon, 23 Nov 2026 10:00:00 GMT",
        "23 November 2026",
        "2026/11",
        "1/2/3",
    ],
)
def test_leaves_other_dates_to_feedparser(text: str) -> None:
    assert odd_date(text) is None


@pytest.mark.parametrize("text", ["2026/02/30", "13/13/2026", "Foo 23, 2026", "11/23/2026 25:00"])
def test_refuses_days_that_do_not_exist(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the type is what feedparser looks at
        odd_date(text)


def test_looks_at_the_beginning_of_a_huge_date_only() -> None:
    started = time.process_time()
    assert odd_date("Monday, November 23, 2026" + " " * 5_000_000 + "x") is not None
    assert time.process_time() - started < 1


@given(st.integers(min_value=0, max_value=30_000_000_000))
def test_reads_every_day_in_every_form(seconds: int) -> None:
    moment = datetime.fromtimestamp(seconds, tz=UTC)
    expected = moment.replace(second=0).timetuple()[:6]
    for form in ("%Y/%m/%d %H:%M", "%m/%d/%Y - %H:%M", "%B %d, %Y - %H:%M", "%b %d, %Y %I:%M %p"):
        written = moment.strftime(form)
        read = odd_date(written)
        assert read is not None
        assert tuple(read)[:6] == expected


@pytest.mark.parametrize(
    "text",
    [
        "0000-00-00 00:00:00",
        "2026-13-45",
        "2026-02-30T10:00:00Z",
        "2026-366",
        "2026-W47",
        "99999999999999",
        "1700000000",
        "2026-11-23T25:00:00Z",
        "Mon, 30 Feb 2026 10:00:00 GMT",
        "Mon, 23 Nov 2026 10:99:00 GMT",
    ],
)
def test_a_date_that_does_not_exist_is_none(text: str) -> None:
    assert existing_date(text) is NO_DATE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026",
        "2026-11",
        "20261123",
        "2026-327",
        " 2026-11-23 ",
        "2026-11-23T24:00:00Z",
        "2026-11-23T10:00:00.123456789+01:00",
        "2026-11-23 10:00 EST",
        "2026/11/23",
        "Mon, 23 Nov 2026 10:00:60 GMT",
        "Mon, 23 Nov 26 10:00:00 GMT",
        "Monday, 23 November 2026 - 10:00",
    ],
)
def test_a_date_that_may_exist_is_left_to_others(text: str) -> None:
    assert existing_date(text) is None
