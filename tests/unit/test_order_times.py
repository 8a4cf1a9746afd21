"""Times that people order, each by the clocks of its campaign."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import CAMPAIGN, NOW, X
from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.schedule import Hours, Late, LatePolicy, Order, Pace, Tempo
from spotlight_notify.operations.announce.orders import Place
from spotlight_notify.operations.announce.times import (
    NoSuchTime,
    due_times,
    read_time,
    told,
    why_past,
    zone_of,
)

EAST, WEST = "America/New_York", "America/Los_Angeles"
LATE = Late(policy=LatePolicy.SEND, after=timedelta(days=1))


def tempos(**zones: str) -> Mapping[str, Tempo]:
    """Give the channel X a campaign for each name, in its zone."""
    hours = {name: Hours(zone=ZoneInfo(zone)) for name, zone in zones.items()}
    paces = {name: Pace(campaign=each, order=Order.OLDEST, late=LATE) for name, each in hours.items()}
    return {X.name: Tempo(paces=paces, channel=Hours(zone=ZoneInfo("UTC")))}


def places(*names: str) -> list[Place]:
    return [(Campaign(name=name, sources=(), channels=(X,), hashtag="#Tag"), X) for name in names]


def test_each_campaign_gets_the_time_of_its_own_clocks() -> None:
    local = read_time("2026-12-01 09:00")
    due = due_times(local, places("east", "west"), tempos(east=EAST, west=WEST))
    assert due == {
        "east": datetime(2026, 12, 1, 14, tzinfo=UTC),
        "west": datetime(2026, 12, 1, 17, tzinfo=UTC),
    }


def test_a_time_with_an_offset_is_the_same_everywhere() -> None:
    local = read_time("2026-12-01T09:00+01:00")
    due = due_times(local, places("east", "west"), tempos(east=EAST, west=WEST))
    assert set(due.values()) == {datetime(2026, 12, 1, 8, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("words", "utc"),
    [
        ("2027-03-14 01:59", "2027-03-14T06:59"),
        ("2027-03-14 03:00", "2027-03-14T07:00"),
        ("2026-11-01 01:30", "2026-11-01T05:30"),
        ("2026-11-01 02:00", "2026-11-01T07:00"),
    ],
)
def test_times_around_a_change_of_the_clocks(words: str, utc: str) -> None:
    due = due_times(read_time(words), places("east"), tempos(east=EAST))
    assert due["east"] == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_a_time_that_the_clocks_skip_is_told_with_another_one() -> None:
    for words in ("2027-03-14 02:00", "2027-03-14 02:30"):
        with pytest.raises(
            NoSuchTime, match=rf"this time does not exist: there is no {words} in America/New_York"
        ):
            due_times(read_time(words), places("east"), tempos(east=EAST))
    skipped = read_time("2027-03-14 02:30")
    assert due_times(skipped, places("utc"), tempos(utc="UTC"))
    with pytest.raises(NoSuchTime):
        due_times(skipped, places("utc", "east"), tempos(utc="UTC", east=EAST))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("tomorrow", "tomorrow is no time; write it like"),
        ("2026-02-30 09:00", "is no time"),
        ("9 Dec 2026 09:00", "is no time"),
        ("2026-12-01", "has no time of day"),
        ("20261201", "has no time of day"),
        ("", "is no time"),
    ],
)
def test_words_that_are_no_time_are_told(words: str, says: str) -> None:
    with pytest.raises(NoSuchTime, match=says):
        read_time(words)


@pytest.mark.parametrize("words", ["9999-12-31 23:59", "0001-01-01 00:00", "0001-01-01 00:00+05:00"])
def test_times_beyond_the_calendar_are_told(words: str) -> None:
    with pytest.raises(NoSuchTime):
        due_times(read_time(words), places("east", "far"), tempos(east=EAST, far="Asia/Tokyo"))


def test_what_has_passed_is_told() -> None:
    assert why_past({"a": NOW + timedelta(seconds=1)}, NOW) is None
    assert why_past({"a": NOW}, NOW) == "2026-11-23 12:00Z has passed"
    assert why_past({"a": NOW + timedelta(1), "b": NOW - timedelta(1)}, NOW) == "2026-11-22 12:00Z has passed"


def test_times_are_told_in_utc_and_by_the_clocks_there() -> None:
    assert told(datetime(2026, 12, 1, 14, tzinfo=UTC), ZoneInfo(EAST)) == "2026-12-01 14:00Z (Tue 09:00 EST)"
    assert told(NOW, ZoneInfo("UTC")) == "2026-11-23 12:00Z"


def test_a_year_that_cannot_be_meant_is_told() -> None:
    assert why_past({"a": NOW + timedelta(days=730)}, NOW) is None
    assert why_past({"a": NOW + timedelta(1), "b": datetime(2226, 12, 1, 14, tzinfo=UTC)}, NOW) == (
        "2226-12-01 14:00Z is more than two years ahead (is that year right?)"
    )


@pytest.mark.parametrize(
    ("utc", "words"),
    [
        ("2026-11-01T05:30", "2026-11-01 05:30Z (Sun 01:30 EDT, the first of two)"),
        ("2026-11-01T06:30", "2026-11-01 06:30Z (Sun 01:30 EST, the second of two)"),
        ("2026-11-01T07:00", "2026-11-01 07:00Z (Sun 02:00 EST)"),
        ("2027-03-14T07:00", "2027-03-14 07:00Z (Sun 03:00 EDT)"),
    ],
)
def test_a_time_that_the_clocks_show_twice_says_which_it_is(utc: str, words: str) -> None:
    assert told(datetime.fromisoformat(utc).replace(tzinfo=UTC), ZoneInfo(EAST)) == words


def test_what_has_no_hours_any_more_is_told_in_utc() -> None:
    assert zone_of(CAMPAIGN.name, X.name, {}).key == "UTC"
    assert zone_of(CAMPAIGN.name, X.name, tempos(other=EAST)).key == "UTC"


@given(
    local=st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2036-01-01")),
    zone=st.sampled_from((EAST, WEST, "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "UTC")),
)
def test_a_time_is_what_the_clocks_show_then_or_it_does_not_exist(local: datetime, zone: str) -> None:
    local = local.replace(second=0, microsecond=0)
    try:
        due = due_times(read_time(str(local)), places("one"), tempos(one=zone))
    except NoSuchTime:
        aware = local.replace(tzinfo=ZoneInfo(zone))
        assert aware.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local
        return
    assert due["one"].astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local
