"""From what a clock on the wall shows to the instant, on days on which clocks are changed too."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spotlight_notify.rules.schedule.wall_clock import local_date, next_date_at, stretch_from, wall_time

MINUTE = timedelta(minutes=1)
ZONES = [
    ZoneInfo(name)
    for name in (
        "America/New_York",
        "Europe/Berlin",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Africa/Casablanca",
        "Pacific/Apia",
        "America/St_Johns",
        "Africa/Cairo",
        "Pacific/Kwajalein",
    )
]
NEW_YORK = ZONES[0]
SECONDS = st.integers(-94_694_400, 2_114_380_800)
"""From 1967 to 2036, counted as Unix does."""
places = st.tuples(st.sampled_from(ZONES), SECONDS.map(lambda n: datetime.fromtimestamp(n + 0.5, UTC)))


@settings(deadline=None)
@given(places)
def test_a_wall_time_shows_what_was_asked_for_and_is_the_first_to_do_so(
    place: tuple[ZoneInfo, datetime],
) -> None:
    zone, at = place
    shown = at.astimezone(zone).replace(tzinfo=None)
    found = wall_time(shown, zone)
    assert found.tzinfo is UTC
    assert found.astimezone(zone).replace(tzinfo=None) == shown
    assert found <= at


def test_of_two_times_that_show_the_same_the_first_is_meant() -> None:
    assert wall_time(datetime.fromisoformat("2026-11-01T01:30"), NEW_YORK) == datetime(
        2026, 11, 1, 5, 30, tzinfo=UTC
    )
    second = datetime.fromisoformat("2026-11-01T01:30").replace(fold=1)
    assert wall_time(second, NEW_YORK) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "local", "instead"),
    [
        ("America/New_York", "2027-03-14 02:30", "2027-03-14 03:30"),
        ("Europe/Berlin", "2027-03-28 02:00", "2027-03-28 03:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-04 02:45"),
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-31 12:00"),
        ("Africa/Cairo", "2026-04-24 00:30", "2026-04-24 01:30"),
    ],
)
def test_a_time_that_the_clocks_skip_is_refused_with_one_that_is_there(
    zone: str, local: str, instead: str
) -> None:
    with pytest.raises(ValueError, match=f"there is no {local} in {zone}") as refused:
        wall_time(datetime.fromisoformat(local), ZoneInfo(zone))
    assert str(refused.value).endswith(f"choose another time, such as {instead}")


@settings(deadline=None)
@given(places)
def test_clocks_run_evenly_through_a_stretch_and_change_at_its_end(place: tuple[ZoneInfo, datetime]) -> None:
    zone, at = place
    stretch = stretch_from(zone, at)
    assert at < stretch.ends_at <= at + timedelta(days=1)
    inside = [at + (stretch.ends_at - at) * part // 7 for part in range(7)]
    inside.append(stretch.ends_at - datetime.resolution)
    assert {each.astimezone(zone).utcoffset() for each in inside} == {stretch.offset}
    if stretch.ends_at < at + timedelta(days=1):
        assert stretch.ends_at.astimezone(zone).utcoffset() != stretch.offset


@settings(deadline=None)
@given(places)
def test_the_next_date_begins_where_the_calendar_turns(place: tuple[ZoneInfo, datetime]) -> None:
    zone, at = place
    found = next_date_at(zone, at)
    assert local_date(zone, found) != local_date(zone, at)
    assert local_date(zone, found - datetime.resolution) == local_date(zone, at)
    assert at < found <= at + timedelta(hours=48)


def test_a_date_that_comes_back_at_one_minute_past_midnight_is_a_date_of_its_own_minute() -> None:
    st_johns = ZoneInfo("America/St_Johns")
    saturday_night = datetime(2006, 10, 29, 2, 0, tzinfo=UTC)
    midnight = next_date_at(st_johns, saturday_night)
    assert midnight == datetime(2006, 10, 29, 2, 30, tzinfo=UTC)
    back = next_date_at(st_johns, midnight)
    assert back == midnight + MINUTE
    assert local_date(st_johns, back) == date(2006, 10, 28)
    assert next_date_at(st_johns, back) == datetime(2006, 10, 29, 3, 30, tzinfo=UTC)


def test_a_date_that_was_had_twice_is_48_hours_long() -> None:
    kwajalein = ZoneInfo("Pacific/Kwajalein")
    begins = next_date_at(kwajalein, datetime(1969, 9, 29, 0, tzinfo=UTC))
    while local_date(kwajalein, begins) != date(1969, 9, 30):
        begins = next_date_at(kwajalein, begins)
    assert next_date_at(kwajalein, begins) - begins >= timedelta(hours=46)


@pytest.mark.parametrize("seconds", [0, 0.25, 1, 1.75, 43_000.5])
def test_a_stretch_ends_on_the_very_second_of_the_change(seconds: float) -> None:
    change = datetime(2027, 3, 14, 7, tzinfo=UTC)
    at = change - timedelta(days=1) + timedelta(seconds=seconds)
    assert stretch_from(NEW_YORK, at).ends_at == change
