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
from spotlight_notify.operations.announce.times import due_times, read_time, why_past, zone_of
from spotlight_notify.text.clock_times import NoSuchTime
from spotlight_notify.text.times import local_minute

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
    due = due_times(local, places("east", "west"), tempos(east=EAST, west=WEST), NOW)
    assert due == {
        "east": datetime(2026, 12, 1, 14, tzinfo=UTC),
        "west": datetime(2026, 12, 1, 17, tzinfo=UTC),
    }


def test_a_time_with_an_offset_is_the_same_everywhere() -> None:
    local = read_time("2026-12-01T09:00+01:00")
    due = due_times(local, places("east", "west"), tempos(east=EAST, west=WEST), NOW)
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
    due = due_times(read_time(words), places("east"), tempos(east=EAST), NOW)
    assert due["east"] == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_a_time_that_the_clocks_skip_is_told_with_another_one() -> None:
    for words in ("2027-03-14 02:00", "2027-03-14 02:30"):
        with pytest.raises(
            NoSuchTime, match=rf"this time does not exist: there is no {words} in America/New_York"
        ):
            due_times(read_time(words), places("east"), tempos(east=EAST), NOW)
    skipped = read_time("2027-03-14 02:30")
    assert due_times(skipped, places("utc"), tempos(utc="UTC"), NOW)
    with pytest.raises(NoSuchTime):
        due_times(skipped, places("utc", "east"), tempos(utc="UTC", east=EAST), NOW)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("tomorrow", "tomorrow has no time of day; write it like"),
        ("13/01/2026 09:00", r"is no time \(the month comes first\)"),
        ("13:00 pm", "is no time"),
        ("25:00", "is no time"),
        ("9", "is no time"),
        ("2026-12-0109:00", "is no time"),
        ("2026-02-30 09:00", "is no time"),
        ("9 Dec 2026 09:00", "is no time"),
        ("2026-12-01", "has no time of day"),
        ("20261201", "is no time"),
        ("", "is no time"),
    ],
)
def test_words_that_are_no_time_are_told(words: str, says: str) -> None:
    with pytest.raises(NoSuchTime, match=says):
        read_time(words)


@pytest.mark.parametrize(
    ("words", "local"),
    [
        ("9:00", "2026-11-23T09:00"),
        ("6 am", "2026-11-24T06:00"),
        ("12:30 p.m.", "2026-11-23T12:30"),
        ("noon", "2026-11-23T12:00"),
        ("today 5pm", "2026-11-23T17:00"),
        ("Tomorrow at 9 am", "2026-11-24T09:00"),
        ("Friday 9am", "2026-11-27T09:00"),
        ("Mon 7:30", "2026-11-23T07:30"),
        ("Mon 6:30", "2026-11-30T06:30"),
        ("12/1/2026 9:00 AM", "2026-12-01T09:00"),
        ("12/1/26 9 am", "2026-12-01T09:00"),
        ("12/1 9 am", "2026-12-01T09:00"),
        ("11/1 9 am", "2027-11-01T09:00"),
        ("Dec 2, 9 am", "2026-12-02T09:00"),
        ("December 2nd at 9:15 a.m. ET", "2026-12-02T09:15"),
        ("Wed Dec. 2, 2026, 9 am EST", "2026-12-02T09:00"),
        ("Tue 2026-12-01 09:00 EST", "2026-12-01T09:00"),
        ("2026-12-01T09:00:00-05:00", "2026-12-01T09:00"),
        ("2026-12-01 14:00 UTC", "2026-12-01T09:00"),
    ],
)
def test_times_are_taken_as_people_type_them(words: str, local: str) -> None:
    """Now it is Monday, 2026-11-23 07:00 EST; what the screen shows can be typed again."""
    due = due_times(read_time(words), places("east"), tempos(east=EAST), NOW)
    assert due["east"] == datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(EAST))
    shown = local_minute(due["east"], ZoneInfo(EAST))
    assert due_times(read_time(shown), places("east"), tempos(east=EAST), NOW) == due


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("Mon 2026-12-01 09:00", "2026-12-01 is a Tuesday"),
        ("2026-12-01 09:00 EDT", "America/New_York has 09:00 EST then, not EDT; leave the zone out"),
        ("2027-03-14 02:30", "there is no 2027-03-14 02:30 in America/New_York"),
    ],
)
def test_times_that_contradict_themselves_are_told(words: str, says: str) -> None:
    with pytest.raises(NoSuchTime, match=says):
        due_times(read_time(words), places("east"), tempos(east=EAST), NOW)


@pytest.mark.parametrize(("zone", "hour"), [("EDT", 5), ("EST", 6)])
def test_timing_10_in_the_doubled_hour_the_zone_chooses(zone: str, hour: int) -> None:
    due = due_times(read_time(f"2027-11-07 01:30 {zone}"), places("east"), tempos(east=EAST), NOW)
    assert due["east"] == datetime(2027, 11, 7, hour, 30, tzinfo=UTC)


def test_a_plan_names_its_dates_whole() -> None:
    for words in ("9:00", "tomorrow 9 am", "12/1 9 am"):
        with pytest.raises(NoSuchTime, match="has no date with its year"):
            read_time(words, dated=True)


@pytest.mark.parametrize("words", ["9999-12-31 23:59", "0001-01-01 00:00", "0001-01-01 00:00+05:00"])
def test_times_beyond_the_calendar_are_told(words: str) -> None:
    with pytest.raises(NoSuchTime):
        due_times(read_time(words), places("east", "far"), tempos(east=EAST, far="Asia/Tokyo"), NOW)


def test_what_has_passed_is_told() -> None:
    assert why_past({"a": NOW + timedelta(seconds=1)}, NOW) is None
    assert why_past({"a": NOW}, NOW) == "2026-11-23 12:00 UTC has passed"
    assert (
        why_past({"a": NOW + timedelta(1), "b": NOW - timedelta(1)}, NOW) == "2026-11-22 12:00 UTC has passed"
    )


def test_a_year_that_cannot_be_meant_is_told() -> None:
    assert why_past({"a": NOW + timedelta(days=730)}, NOW) is None
    assert why_past({"a": NOW + timedelta(1), "b": datetime(2226, 12, 1, 14, tzinfo=UTC)}, NOW) == (
        "2226-12-01 14:00 UTC is more than two years ahead (is that year right?)"
    )


@pytest.mark.parametrize(
    ("utc", "words"),
    [
        ("2026-11-01T05:30", "Sun 2026-11-01 01:30 EDT (the first 01:30 of two)"),
        ("2026-11-01T06:30", "Sun 2026-11-01 01:30 EST (the second 01:30 of two)"),
        ("2026-11-01T07:00", "Sun 2026-11-01 02:00 EST"),
        ("2027-03-14T07:00", "Sun 2027-03-14 03:00 EDT"),
    ],
)
def test_a_time_that_the_clocks_show_twice_says_which_it_is(utc: str, words: str) -> None:
    assert local_minute(datetime.fromisoformat(utc).replace(tzinfo=UTC), ZoneInfo(EAST)) == words


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
        due = due_times(read_time(str(local)), places("one"), tempos(one=zone), NOW)
    except NoSuchTime:
        aware = local.replace(tzinfo=ZoneInfo(zone))
        assert aware.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local
        return
    assert due["one"].astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local
