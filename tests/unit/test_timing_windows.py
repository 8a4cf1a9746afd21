"""Windows by the clock on the wall, checked minute by minute where clocks are put forward and back."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation import reference
from spotlight_notify.model.schedule import Hours, Window, never
from spotlight_notify.rules.schedule.windows import is_open, next_open, parse_window

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
NEW_YORK = ZoneInfo("America/New_York")

CHANGES = {
    "America/New_York": ["2026-11-01T06:00Z", "2027-03-14T07:00Z"],
    "Europe/Berlin": ["2026-10-25T01:00Z", "2027-03-28T01:00Z"],
    "Australia/Lord_Howe": ["2026-10-03T15:30Z", "2027-04-03T15:00Z"],
    "Asia/Kathmandu": ["1985-12-31T18:30Z"],
    "Africa/Casablanca": ["2026-02-15T02:00Z", "2026-03-22T02:00Z"],
    "Pacific/Apia": ["2011-12-30T10:00Z", "2011-04-02T14:00Z"],
    "America/St_Johns": ["2006-04-02T03:31Z", "2006-10-29T02:31Z", "2026-11-01T04:30Z"],
    "Africa/Cairo": ["2026-04-23T22:00Z", "2026-10-29T21:00Z"],
}
"""Moments at which clocks changed: by half an hour, a whole day, at midnight, and a minute after it."""

PLACES = [
    (ZoneInfo(name), datetime.fromisoformat(at).astimezone(UTC))
    for name, moments in CHANGES.items()
    for at in moments
]


def days_off(day: date) -> bool:
    """Take every sixth day for a holiday."""
    return day.toordinal() % 6 == 0


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Draw a window; many begin or end near the hours in which clocks change."""
    minute = st.integers(0, 1439) | st.sampled_from([0, 1, 30, 60, 90, 119, 120, 121, 150, 180, 210, 1380])
    return Window(
        weekdays=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        opens=draw(minute),
        closes=draw(minute | st.just(1440)),
    )


@st.composite
def places(draw: st.DrawFn) -> tuple[Hours, datetime]:
    """Draw hours, and a moment within three days of a change of the clocks there."""
    zone, change = draw(st.sampled_from(PLACES))
    away = draw(st.integers(-3 * 1440, 3 * 1440) | st.integers(-180, 180))
    seconds = draw(st.sampled_from([0, 0, 0, 1, 59.999999]))
    hours = Hours(
        zone=zone,
        windows=tuple(draw(st.lists(windows(), max_size=3))),
        is_holiday=draw(st.sampled_from([never, days_off])),
    )
    return hours, change + away * MINUTE + timedelta(seconds=seconds)


@pytest.mark.parametrize(("zone", "change"), PLACES)
def test_the_moments_named_here_are_changes_of_the_clock(zone: ZoneInfo, change: datetime) -> None:
    before, after = (change - MINUTE).astimezone(zone), change.astimezone(zone)
    assert before.utcoffset() != after.utcoffset()


@settings(deadline=None)
@given(places())
def test_is_open_agrees_with_the_clock_on_the_wall(place: tuple[Hours, datetime]) -> None:
    hours, at = place
    assert is_open(hours, at) is reference.is_open(hours, at)


@settings(deadline=None)
@given(places())
def test_next_open_is_the_first_open_minute(place: tuple[Hours, datetime]) -> None:
    hours, at = place
    until = at + 3 * DAY
    expected, found = reference.next_open(hours, at, until), next_open(hours, at)
    if expected is None:
        assert found is None or found >= until - MINUTE
    else:
        assert found == expected


@settings(deadline=None)
@given(places())
def test_an_opening_is_open_and_nothing_between_is(place: tuple[Hours, datetime]) -> None:
    hours, at = place
    found = next_open(hours, at)
    if found is not None:
        assert is_open(hours, found)
        assert found == at or not is_open(hours, found - datetime.resolution)
        assert found.tzinfo is UTC


@settings(deadline=None)
@given(places())
def test_next_open_stays_where_it_is(place: tuple[Hours, datetime]) -> None:
    hours, at = place
    found = next_open(hours, at)
    if found is not None:
        assert next_open(hours, found) == found


def wall(at: datetime | None, zone: ZoneInfo = NEW_YORK) -> str:
    assert at is not None
    return f"{at.astimezone(zone):%a %Y-%m-%d %H:%M:%S %z}"


def of(words: str, zone: ZoneInfo = NEW_YORK) -> Hours:
    return Hours(zone=zone, windows=(parse_window(words),))


def openings(hours: Hours, since: datetime, until: datetime) -> list[str]:
    """List the minutes at which closed hours open, each looked at by itself."""
    return [
        wall(at, hours.zone)
        for at in reference.minutes(since, until)
        if is_open(hours, at) and not is_open(hours, at - MINUTE)
    ]


def test_a_window_holds_its_first_minute_and_not_its_last() -> None:
    hours = of("Mon-Fri 08:00-18:00")
    eight = datetime(2026, 11, 23, 13, tzinfo=UTC)
    assert is_open(hours, eight)
    assert not is_open(hours, eight - datetime.resolution)
    assert is_open(hours, eight + 10 * HOUR - datetime.resolution)
    assert not is_open(hours, eight + 10 * HOUR)


def test_a_window_over_midnight_belongs_to_the_day_it_opens_on() -> None:
    hours = of("Fri 22:00-02:00")
    friday_ten = datetime(2026, 11, 28, 3, tzinfo=UTC)
    assert [is_open(hours, friday_ten + n * HOUR) for n in (-1, 0, 3, 4)] == [False, True, True, False]
    assert wall(next_open(hours, friday_ten + 4 * HOUR)) == "Fri 2026-12-04 22:00:00 -0500"


def test_a_holiday_closes_what_opens_on_it_and_not_what_opened_the_night_before() -> None:
    hours = Hours(
        zone=NEW_YORK,
        windows=(parse_window("daily 22:00-02:00"),),
        is_holiday=lambda day: day == date(2026, 12, 25),
    )
    after_midnight = datetime(2026, 12, 25, 6, tzinfo=UTC)
    assert is_open(hours, after_midnight)
    assert wall(next_open(hours, after_midnight + HOUR)) == "Sat 2026-12-26 22:00:00 -0500"


def test_hours_without_windows_are_open_at_all_hours_but_on_holidays() -> None:
    always = Hours(zone=NEW_YORK)
    but_christmas = Hours(zone=NEW_YORK, is_holiday=lambda day: (day.month, day.day) == (12, 25))
    noon = datetime(2026, 12, 25, 17, tzinfo=UTC)
    assert next_open(always, noon) == noon
    assert wall(next_open(but_christmas, noon)) == "Sat 2026-12-26 00:00:00 -0500"


def test_a_start_that_the_clocks_skip_opens_after_the_skip() -> None:
    assert openings(of("daily 02:30-03:30"), NEW_YORK_SPRING - DAY, NEW_YORK_SPRING + DAY) == [
        "Sat 2027-03-13 02:30:00 -0500",
        "Sun 2027-03-14 03:00:00 -0400",
        "Mon 2027-03-15 02:30:00 -0400",
    ]


def test_a_window_that_the_clocks_skip_whole_waits_for_the_next_day() -> None:
    hours = of("daily 02:00-03:00")
    assert wall(next_open(hours, NEW_YORK_SPRING)) == "Mon 2027-03-15 02:00:00 -0400"


def test_both_passes_of_a_repeated_hour_are_open() -> None:
    hours = of("daily 01:15-01:45")
    assert openings(hours, NEW_YORK_AUTUMN - 6 * HOUR, NEW_YORK_AUTUMN + 6 * HOUR) == [
        "Sun 2026-11-01 01:15:00 -0400",
        "Sun 2026-11-01 01:15:00 -0500",
    ]


def test_a_window_whose_end_comes_back_opens_again_with_the_change() -> None:
    hours = of("daily 22:00-01:30")
    assert openings(hours, NEW_YORK_AUTUMN - 6 * HOUR, NEW_YORK_AUTUMN + 6 * HOUR) == [
        "Sat 2026-10-31 22:00:00 -0400",
        "Sun 2026-11-01 01:00:00 -0500",
    ]


def test_a_day_that_was_skipped_opens_nothing_but_what_reaches_beyond_it() -> None:
    apia = ZoneInfo("Pacific/Apia")
    thursday_noon = datetime(2011, 12, 29, 22, tzinfo=UTC)
    assert wall(next_open(of("Fri 08:00-18:00", apia), thursday_noon), apia).startswith(
        "Fri 2012-01-06 08:00"
    )
    assert wall(next_open(of("Fri 22:00-02:00", apia), thursday_noon), apia).startswith(
        "Sat 2011-12-31 00:00"
    )


NEW_YORK_SPRING = datetime(2027, 3, 14, 7, tzinfo=UTC)
NEW_YORK_AUTUMN = datetime(2026, 11, 1, 6, tzinfo=UTC)


@pytest.mark.parametrize("change", [NEW_YORK_SPRING, NEW_YORK_AUTUMN])
def test_accident_10_quiet_hours_end_once_a_day_across_both_changes_in_new_york(change: datetime) -> None:
    quiet_from_ten_to_seven = of("daily 07:00-22:00")
    found = openings(quiet_from_ten_to_seven, change - 5 * DAY, change + 5 * DAY)
    assert len(found) == 10
    assert all(" 07:00:00 " in opening for opening in found)
    assert len({opening.split()[1] for opening in found}) == 10


def test_no_opening_in_the_next_400_days_is_none() -> None:
    closed = Hours(zone=NEW_YORK, windows=(parse_window("daily 08:00-18:00"),), is_holiday=lambda day: True)
    assert next_open(closed, NEW_YORK_SPRING) is None
    once_a_year = Hours(
        zone=NEW_YORK,
        windows=(parse_window("daily 08:00-18:00"),),
        is_holiday=lambda day: (day.month, day.day) != (3, 13),
    )
    assert wall(next_open(once_a_year, NEW_YORK_SPRING)) == "Mon 2028-03-13 08:00:00 -0400"


@pytest.mark.parametrize(
    ("days", "opens", "closes"), [({7}, 0, 60), ({0}, 1440, 60), ({0}, -1, 60), ({0}, 0, 1441)]
)
def test_a_window_holds_days_and_minutes_of_the_calendar(days: set[int], opens: int, closes: int) -> None:
    with pytest.raises(ValueError, match=r"weekdays are numbers|a window opens between"):
        Window(weekdays=frozenset(days), opens=opens, closes=closes)


@pytest.mark.parametrize("pace", [{"gap": -MINUTE}, {"per_hour": 0}, {"per_day": 0}])
def test_a_pace_that_lets_nothing_out_is_refused(pace: dict[str, timedelta | int]) -> None:
    with pytest.raises(ValueError, match="at least one post"):
        Hours(zone=NEW_YORK, **pace)  # type: ignore[arg-type]
