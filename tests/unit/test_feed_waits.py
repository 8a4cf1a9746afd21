"""How long a server asks to be left alone, and what the cursor keeps of its answers."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.sources.feed.http_caching import (
    LONGEST_FRESH,
    LONGEST_WAIT,
    Cursor,
    cursor_at,
    fresh_for,
    next_cursor,
    read_cursor,
    retry_after,
    write_cursor,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://valor.test/feed.xml"
ADDRESS = cursor_at(URL).address
SEEN = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (" 120 ", timedelta(minutes=2)),
        ("0", None),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("1e3", None),
        ("²", None),
        ("99999999999999999999", LONGEST_WAIT),
        ("Mon, 23 Nov 2026 12:30:00 GMT", timedelta(minutes=30)),
        ("Mon, 23 Nov 2026 11:30:00 GMT", None),
        ("Mon, 23 Nov 2099 11:30:00 GMT", LONGEST_WAIT),
        ("Monday, 23-Nov-26 12:30:00 GMT", timedelta(minutes=30)),
        ("Mon, 99 Nov 2026 12:30:00 GMT", None),
    ],
)
def test_reads_retry_after(said: str, wait: timedelta | None) -> None:
    assert retry_after({"Retry-After": said}, NOW) == wait


def test_reads_no_retry_after_where_there_is_none() -> None:
    assert retry_after({}, NOW) is None


@pytest.mark.parametrize(
    ("control", "age", "wait"),
    [
        ("max-age=600", "", timedelta(minutes=10)),
        ("public, Max-Age=600", "", timedelta(minutes=10)),
        ('max-age="600"', "", timedelta(minutes=10)),
        ("max-age=600", "540", timedelta(minutes=1)),
        ("max-age=600", "700", None),
        ("max-age=600, no-cache", "", None),
        ("no-store, max-age=600", "", None),
        ("max-age=0", "", None),
        ("max-age=-1", "", None),
        ("max-age=", "", None),
        ("s-maxage=600", "", None),
        ("max-age=315360000", "", LONGEST_FRESH),
        ("", "", None),
    ],
)
def test_reads_cache_control(control: str, age: str, wait: timedelta | None) -> None:
    assert fresh_for({"Cache-Control": control, "Age": age}) == wait


@given(st.text(), st.text())
def test_any_header_gives_a_sane_wait(one: str, other: str) -> None:
    waits = (
        retry_after({"Retry-After": one}, NOW),
        fresh_for({"Cache-Control": f"max-age={one}", "Age": other}),
    )
    assert all(wait is None or timedelta() < wait <= LONGEST_WAIT for wait in waits)


@given(st.integers(min_value=1, max_value=86_400))
def test_reads_every_http_date(seconds: int) -> None:
    until = NOW + timedelta(seconds=seconds)
    assert retry_after({"Retry-After": format_datetime(until, usegmt=True)}, NOW) == until - NOW


def test_a_cursor_comes_back_as_it_was() -> None:
    cursor = Cursor(address=ADDRESS, etag='W/"ä"', last_modified="Mon", sha256="0", whole_at=SEEN)
    assert read_cursor(write_cursor(cursor), URL) == cursor
    assert cursor.conditions(NOW) == {"If-None-Match": 'W/"ä"', "If-Modified-Since": "Mon"}


@pytest.mark.parametrize("text", [None, "", "{}", "[]", "3", "nonsense", '{"address": 1, "other": 2}', '"x"'])
def test_a_cursor_that_is_none_asks_for_everything(text: str | None) -> None:
    assert read_cursor(text, URL) == Cursor(address=ADDRESS)
    assert Cursor(address=ADDRESS).conditions(NOW) == {}


def test_a_cursor_of_another_address_does_not_count() -> None:
    text = json.dumps(
        {
            "address": cursor_at("https://old.test/").address,
            "etag": "1",
            "last_modified": "",
            "sha256": "2",
        }
    )
    assert read_cursor(text, URL) == Cursor(address=ADDRESS)


def test_validators_are_kept_only_with_the_document_they_came_with() -> None:
    left = Cursor(address=ADDRESS, etag='"1"', last_modified="Mon", sha256="a", whole_at=SEEN)
    assert next_cursor(left, {"ETag": '"1"', "Last-Modified": "Mon"}, "a", NOW) == left
    assert next_cursor(left, {}, "a", NOW) == Cursor(address=ADDRESS, sha256="a", whole_at=SEEN)
    following = Cursor(address=ADDRESS, etag='"2"', sha256="b", whole_at=SEEN)
    assert next_cursor(left, {"ETag": '"2"'}, "b", NOW) == following


@pytest.mark.parametrize(
    ("later", "asks"),
    [
        (timedelta(), True),
        (timedelta(hours=23), True),
        (timedelta(hours=24), False),
        (-timedelta(hours=1), False),
    ],
)
def test_feeds_frozen_304_no_condition_is_older_than_a_day(later: timedelta, asks: bool) -> None:
    cursor = Cursor(address=ADDRESS, etag='"1"', sha256="a", whole_at=SEEN)
    assert bool(cursor.conditions(NOW + later)) is asks


def test_feeds_frozen_304_an_unchanged_document_is_recorded_once_a_day() -> None:
    left = Cursor(address=ADDRESS, sha256="a", whole_at=SEEN)
    assert next_cursor(left, {}, "a", NOW + timedelta(hours=23)) == left
    tomorrow = NOW + timedelta(hours=25)
    assert next_cursor(left, {}, "a", tomorrow).whole_at == int(tomorrow.timestamp())


@pytest.mark.parametrize("odd", ["x" * 1_001, "a\r\nHost: b", "\x00"])
def test_odd_validators_are_not_sent_back(odd: str) -> None:
    moved = next_cursor(Cursor(address=ADDRESS), {"ETag": odd, "Last-Modified": odd}, "a", NOW)
    assert moved == Cursor(address=ADDRESS, sha256="a", whole_at=SEEN)


def test_a_wait_until_no_moment_is_none() -> None:
    absurd = "Mon, 01 Jan 2020 00:00:00 +99999999999999999"
    assert retry_after({"Retry-After": absurd}, NOW) is None


def test_a_key_in_an_address_is_not_kept() -> None:
    written = write_cursor(cursor_at("https://valor.test/feed?key=a-secret"))
    assert "a-secret" not in written
