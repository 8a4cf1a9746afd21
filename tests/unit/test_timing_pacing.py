"""The next moment that keeps to windows, gaps and caps: never broken, never a minute too late."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation import reference
from spotlight_notify.model.schedule import Hours, Window
from spotlight_notify.rules.schedule.rate_limits import RateLimit, next_at
from spotlight_notify.rules.schedule.windows import parse_window

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
NEW_YORK = ZoneInfo("America/New_York")
NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)

PLACES = [
    (ZoneInfo("America/New_York"), datetime(2026, 11, 1, 6, tzinfo=UTC)),
    (ZoneInfo("America/New_York"), datetime(2027, 3, 14, 7, tzinfo=UTC)),
    (ZoneInfo("Europe/Berlin"), datetime(2027, 3, 28, 1, tzinfo=UTC)),
    (ZoneInfo("Australia/Lord_Howe"), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    (ZoneInfo("Australia/Lord_Howe"), datetime(2027, 4, 3, 15, tzinfo=UTC)),
    (ZoneInfo("Asia/Kathmandu"), datetime(2026, 11, 23, 18, 15, tzinfo=UTC)),
    (ZoneInfo("Africa/Casablanca"), datetime(2026, 3, 22, 2, tzinfo=UTC)),
    (ZoneInfo("Pacific/Apia"), datetime(2011, 12, 30, 10, tzinfo=UTC)),
    (ZoneInfo("America/St_Johns"), datetime(2006, 10, 29, 2, 30, tzinfo=UTC)),
    (ZoneInfo("America/St_Johns"), datetime(2006, 10, 29, 2, 31, tzinfo=UTC)),
]
EVERY_DAY = frozenset(range(7))

windows = st.builds(
    Window,
    weekdays=st.just(EVERY_DAY) | st.frozensets(st.integers(0, 6), min_size=3),
    opens=st.integers(0, 1439),
    closes=st.integers(0, 1440),
)


def hours_in(zone: ZoneInfo) -> st.SearchStrategy[Hours]:
    return st.builds(
        Hours,
        zone=st.just(zone),
        windows=st.just(()) | st.tuples(windows),
        gap=st.sampled_from([timedelta(0), MINUTE, 20 * MINUTE, 45 * MINUTE, 90 * MINUTE, 26 * HOUR]),
        per_hour=st.none() | st.integers(1, 4),
        per_day=st.none() | st.integers(1, 6),
    )


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[RateLimit], datetime]:
    """Draw one or two rules, with posts before (and sometimes after) the moment that is asked about."""
    zone, change = draw(st.sampled_from(PLACES))
    at = change + draw(st.integers(-600, 600)) * MINUTE
    rules = []
    for _ in range(draw(st.integers(1, 2))):
        latest = draw(st.sampled_from([0, 0, 300]))
        ago = draw(st.lists(st.integers(-latest, 90) | st.integers(-latest, 1500), max_size=8))
        posts = sorted(at - minutes * MINUTE for minutes in ago)
        rules.append(RateLimit(hours=draw(hours_in(zone)), posts=posts))
    return rules, at


@settings(deadline=None)
@given(questions(), st.booleans())
def test_next_at_is_the_first_minute_that_keeps_to_every_rule(
    question: tuple[list[RateLimit], datetime], any_hour: bool
) -> None:
    rules, at = question
    until = at + 2 * DAY
    expected, found = reference.next_at(rules, at, until, any_hour), next_at(rules, at, any_hour=any_hour)
    if expected is None:
        assert found is None or found > until - MINUTE
    else:
        assert found == expected


@settings(deadline=None)
@given(questions(), st.integers(1, 12), st.booleans())
def test_a_row_of_posts_made_as_soon_as_they_may_never_breaks_a_rule(
    question: tuple[list[RateLimit], datetime], count: int, any_hour: bool
) -> None:
    rules, at = question
    for _ in range(count):
        found = next_at(rules, at, any_hour=any_hour)
        if found is None:
            return
        assert reference.may_go(rules, found, any_hour)
        rules = [RateLimit(hours=rule.hours, posts=sorted([*rule.posts, found])) for rule in rules]
        at = found


@settings(deadline=None)
@given(questions())
def test_any_hour_is_never_later(question: tuple[list[RateLimit], datetime]) -> None:
    rules, at = question
    found, sooner = next_at(rules, at), next_at(rules, at, any_hour=True)
    assert sooner is not None
    assert found is None or sooner <= found


def after(*ago: timedelta, any_hour: bool = False, at: datetime = NOON, **pace: Any) -> timedelta | None:
    """Tell how long after ``at`` the next post goes when earlier ones went so long ago."""
    words = pace.pop("windows", ())
    hours = Hours(zone=NEW_YORK, windows=tuple(parse_window(each) for each in words), **pace)
    posts = sorted(at - each for each in ago)
    found = next_at([RateLimit(hours=hours, posts=posts)], at, any_hour=any_hour)
    return None if found is None else found - at


def test_a_gap_ends_to_the_second() -> None:
    assert after(10 * MINUTE, gap=15 * MINUTE) == 5 * MINUTE
    assert after(15 * MINUTE, gap=15 * MINUTE) == timedelta(0)


def test_a_sixth_post_waits_until_the_first_of_five_is_an_hour_old() -> None:
    five = [minutes * MINUTE for minutes in (50, 40, 30, 20, 10)]
    assert after(*five, per_hour=5) == 10 * MINUTE
    assert after(60 * MINUTE, *five[1:], per_hour=5) == timedelta(0)


def test_a_cap_of_a_day_ends_at_local_midnight() -> None:
    assert after(HOUR, 2 * HOUR, per_day=2) == 12 * HOUR
    assert after(HOUR, 13 * HOUR, per_day=2) == timedelta(0)


def test_a_cap_of_a_day_ends_at_midnight_of_a_day_of_25_hours() -> None:
    first_minute = datetime(2026, 11, 1, 4, tzinfo=UTC)
    assert after(timedelta(0), per_day=1, at=first_minute) == 25 * HOUR


def test_after_a_full_day_the_next_window_is_waited_for() -> None:
    assert after(HOUR, per_day=1, windows=["Mon 08:00-18:00"]) == 7 * DAY - 4 * HOUR


def test_any_hour_passes_the_window_but_neither_gap_nor_cap() -> None:
    closed: dict[str, Any] = {"windows": ["daily 06:00-07:00"], "any_hour": True}
    assert after(**closed) == timedelta(0)
    assert after(MINUTE, gap=HOUR, **closed) == 59 * MINUTE
    assert after(MINUTE, per_day=1, **closed) == 12 * HOUR


def test_a_post_fits_between_two_others_only_where_both_leave_room() -> None:
    hours = Hours(zone=NEW_YORK, gap=30 * MINUTE)
    posts = [NOON, NOON + 50 * MINUTE, NOON + 110 * MINUTE]
    assert next_at([RateLimit(hours=hours, posts=posts)], NOON + 10 * MINUTE) == NOON + 80 * MINUTE


@pytest.mark.parametrize(("before", "later", "waits"), [(40, 40, 0), (30, 30, 0), (29, 30, 31)])
def test_two_an_hour_leave_room_between_posts_an_hour_apart(before: int, later: int, waits: int) -> None:
    hours = Hours(zone=NEW_YORK, per_hour=2)
    posts = [NOON - before * MINUTE, NOON + later * MINUTE]
    assert next_at([RateLimit(hours=hours, posts=posts)], NOON) == NOON + waits * MINUTE


def test_two_rules_that_never_open_together_let_nothing_out() -> None:
    week, weekend = (
        RateLimit(hours=Hours(zone=NEW_YORK, windows=(parse_window(words),)), posts=())
        for words in ("Mon-Fri 08:00-18:00", "Sat,Sun 08:00-18:00")
    )
    assert next_at([week, weekend], NOON) is None
    assert next_at([week], NOON) == NOON


def test_a_rule_on_posts_of_its_own_does_not_count_those_of_others() -> None:
    channel = RateLimit(hours=Hours(zone=NEW_YORK, gap=10 * MINUTE), posts=[NOON - 5 * MINUTE])
    campaign = RateLimit(hours=Hours(zone=NEW_YORK, gap=2 * HOUR), posts=[NOON - 90 * MINUTE])
    assert next_at([channel], NOON) == NOON + 5 * MINUTE
    assert next_at([channel, campaign], NOON) == NOON + 30 * MINUTE
