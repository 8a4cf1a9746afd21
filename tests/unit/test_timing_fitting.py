"""What fits into windows is counted as it would really go out."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.model.schedule import Hours, Window
from spotlight_notify.rules.schedule.contradictions import most_in_a_day, most_in_an_hour, week_of
from spotlight_notify.rules.schedule.rate_limits import RateLimit, next_at
from spotlight_notify.rules.schedule.windows import parse_window

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
WINDOWS = st.builds(
    Window,
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    opens=st.integers(0, 143).map(lambda tens: tens * 10),
    closes=st.integers(0, 144).map(lambda tens: tens * 10),
)
GAPS = st.integers(4, 200).map(lambda fives: fives * 5 * MINUTE)


def hours(*windows: str) -> Hours:
    return Hours(zone=ZoneInfo("UTC"), windows=tuple(parse_window(words) for words in windows))


def played(windows: tuple[Window, ...], gap: timedelta, since: datetime, end: datetime) -> list[datetime]:
    """Send as much as goes, from a moment on, each post as early as the pacing lets it."""
    paced, posts = Hours(zone=ZoneInfo("UTC"), windows=windows, gap=gap), list[datetime]()
    while (at := next_at([RateLimit(hours=paced, posts=posts)], since)) is not None and at < end:
        posts.append(at)
    return posts


@given(windows=st.lists(WINDOWS, min_size=1, max_size=3).map(tuple), gap=GAPS)
def test_the_best_day_holds_just_what_is_counted(windows: tuple[Window, ...], gap: timedelta) -> None:
    days = [MONDAY + number * DAY for number in range(7, 14)]
    most = max(len(played(windows, gap, day, day + DAY)) for day in days)
    assert most_in_a_day(week_of(Hours(zone=ZoneInfo("UTC"), windows=windows)), gap) == most


@given(
    windows=st.lists(WINDOWS, min_size=1, max_size=3).map(tuple),
    gap=GAPS,
    since=st.integers(0, 7 * 288).map(lambda fives: MONDAY + fives * 5 * MINUTE),
)
def test_no_hour_holds_more_than_is_counted(
    windows: tuple[Window, ...], gap: timedelta, since: datetime
) -> None:
    posts = played(windows, gap, since, since + 60 * MINUTE)
    assert len(posts) <= most_in_an_hour(week_of(Hours(zone=ZoneInfo("UTC"), windows=windows)), gap)


@pytest.mark.parametrize(
    ("windows", "gap", "an_hour", "a_day"),
    [
        ((), 20, 3, 72),
        (("daily 09:00-10:00",), 30, 2, 2),
        (("daily 09:00-09:30",), 10, 3, 3),
        (("daily 09:00-09:30", "daily 09:45-10:00"), 10, 6, 5),
        (("daily 09:00-09:30", "daily 10:30-11:00"), 10, 3, 6),
        (("Sun 23:30-00:30",), 10, 6, 3),
        (("daily 22:00-02:00",), 60, 1, 4),
        (("Mon 08:00-12:00", "Tue 08:00-18:00"), 120, 1, 5),
    ],
)
def test_what_fits_into_an_hour_and_a_day(
    windows: tuple[str, ...], gap: int, an_hour: int, a_day: int
) -> None:
    week = week_of(hours(*windows))
    assert (most_in_an_hour(week, gap * MINUTE), most_in_a_day(week, gap * MINUTE)) == (an_hour, a_day)


def test_only_what_is_open_on_both_counts() -> None:
    week = week_of(hours("Mon-Fri 08:00-18:00"), hours("Fri-Sun 16:00-20:00"))
    assert most_in_a_day(week, 30 * MINUTE) == 4
    assert most_in_a_day(week_of(hours("Mon 08:00-09:00"), hours("Tue 08:00-09:00")), MINUTE) == 0
