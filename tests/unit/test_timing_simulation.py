"""Weeks of posts, minute by minute, across changes of the clock; and what is not let pass in them."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from fakes import FakeClock
from simulation.__main__ import simulate
from simulation.desk import Closing, FoundLate, Promise, Sifted
from simulation.judgement import Judge, Kind
from simulation.memory_desk import MemoryDesk
from simulation.programme import Programme, draw_programme
from simulation.weather import EVERYTHING, HoldOrder, Weather, draw_weather
from simulation.year import Year
from spotlight_notify.model.schedule import Hours, Late, LatePolicy, Order, Pace
from spotlight_notify.rules.schedule.windows import parse_window

BEFORE_THE_CHANGE = datetime(2027, 3, 11, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEW_YORK = ZoneInfo("America/New_York")
STRICT = Hours(
    zone=NEW_YORK,
    windows=(parse_window("daily 08:00-18:00"),),
    gap=timedelta(minutes=20),
    per_hour=2,
    per_day=5,
)


def programme(order: Order = Order.THEME, after: int = 6, **changes: Any) -> Programme:
    """Make a programme of a strict channel and two campaigns that leave it to the channel."""
    late = Late(policy=LatePolicy.SKIP, after=after * HOUR)
    pace = Pace(campaign=Hours(zone=NEW_YORK), order=order, late=late)
    return Programme(channel=replace(STRICT, **changes), paces={"spotlight": pace, "wellness": pace})


def burst(count: int, at: datetime) -> list[Promise]:
    """Promise aids of both campaigns and of two themes in turn."""
    return [
        Promise(
            campaign=("spotlight", "wellness")[number % 2],
            theme=("Calm", "Calm", "Night", "Night")[number % 4],
            due_at=at,
            any_hour=False,
        )
        for number in range(count)
    ]


def rough_week() -> Weather:
    """Bring a burst before a day and a half of downtime, and another on the day before the clocks change."""
    saturday = BEFORE_THE_CHANGE + 60 * HOUR
    return Weather(
        promises={BEFORE_THE_CHANGE: burst(12, BEFORE_THE_CHANGE), saturday: burst(8, saturday)},
        downtimes=[(BEFORE_THE_CHANGE + 17 * HOUR, BEFORE_THE_CHANGE + 53 * HOUR)],
        holds=[HoldOrder(began=saturday + timedelta(minutes=70), ended=saturday + timedelta(minutes=150))],
    )


def lived_week(played: Programme) -> Judge:
    """Let the rough week go by with a desk that plays a programme; the judge expects the strict one."""
    judge = Judge(programme(), rough_week())
    year = Year(MemoryDesk(played), judge, rough_week(), FakeClock(BEFORE_THE_CHANGE), random.Random(1))
    year.live(6)
    return judge


@pytest.mark.parametrize(
    ("zone", "began"),
    [
        ("America/New_York", datetime(2027, 3, 8, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2027, 3, 22, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2027, 3, 28, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2027, 3, 8, tzinfo=UTC)),
    ],
)
def test_two_weeks_of_chance_across_the_change_of_the_clocks_break_nothing(
    zone: str, began: datetime
) -> None:
    dice = random.Random(zone)
    drawn, weather = draw_programme(ZoneInfo(zone), dice), draw_weather(began, 14, dice)
    judge = Judge(drawn, weather)
    Year(MemoryDesk(drawn), judge, weather, FakeClock(began), dice).live(14)
    assert judge.troubles == []
    assert judge.counts["sent"]
    assert judge.counts["as foretold"]


def test_a_week_with_a_downtime_and_a_hold_is_lived_without_trouble_and_a_lost_day_is_late() -> None:
    judge = lived_week(programme())
    assert judge.troubles == []
    assert judge.late[LatePolicy.SKIP] == STRICT.per_day
    assert judge.counts["sent"] == 15


@pytest.mark.parametrize(
    "careless",
    [
        programme(gap=timedelta(minutes=15)),
        programme(per_hour=3),
        programme(per_day=6),
        programme(windows=()),
        programme(windows=(parse_window("daily 08:05-18:00"),)),
        programme(zone=ZoneInfo("Etc/GMT+5")),
        programme(is_holiday=lambda day: day.day == 13),
        programme(order=Order.OLDEST),
        programme(after=1),
        programme(after=30),
    ],
    ids=[
        "gap",
        "hour",
        "day",
        "windows",
        "slow",
        "no change of clocks",
        "holiday",
        "order",
        "hasty",
        "patient",
    ],
)
def test_a_desk_that_goes_by_other_rules_is_seen(careless: Programme) -> None:
    assert lived_week(careless).troubles


def judge_of_four(**changes: Any) -> Judge:
    """Let a judge see four promises, 1 to 4, that may go at any time."""
    judge = Judge(programme(**({"windows": ()} | changes)), Weather(promises={}, downtimes=[], holds=[]))
    for number, promise in enumerate(burst(4, BEFORE_THE_CHANGE), 1):
        judge.see_planned(number, promise)
    return judge


def test_what_goes_twice_or_in_a_hold_or_is_late_for_nothing_or_forgotten_is_seen() -> None:
    judge = judge_of_four()
    judge.see_choice(1, BEFORE_THE_CHANGE)
    assert judge.troubles == []
    judge.see_choice(1, BEFORE_THE_CHANGE + HOUR)
    assert judge.kinds[Kind.TWICE] == 1
    judge.see_hold(EVERYTHING)
    judge.see_choice(2, BEFORE_THE_CHANGE + 2 * HOUR)
    assert "delivery 2 went where None was to go" in judge.troubles[-1]
    late = FoundLate(id=3, slot=BEFORE_THE_CHANGE, policy=LatePolicy.SKIP)
    judge.see_sifted(Sifted(late=(late,)), BEFORE_THE_CHANGE + 9 * HOUR)
    assert "called late though nothing kept it from going" in judge.troubles[-1]
    judge.see_sifted(Sifted(lapsed=(4,)), BEFORE_THE_CHANGE + 9 * HOUR)
    assert "approvals of (4,) ended instead of set()" in judge.troubles[-1]


def test_what_goes_outside_a_window_or_under_the_gap_or_over_a_cap_is_told_by_its_kind() -> None:
    opens = BEFORE_THE_CHANGE + 13 * HOUR
    judge = judge_of_four(windows=STRICT.windows, per_hour=1)
    judge.see_choice(1, opens - HOUR)
    assert judge.kinds == {Kind.WINDOW: 1, Kind.CHOICE: 1}
    judge.see_choice(2, opens)
    assert judge.kinds == {Kind.WINDOW: 1, Kind.CHOICE: 1}
    judge.see_choice(3, opens + HOUR / 6)
    assert judge.kinds == {Kind.WINDOW: 1, Kind.CHOICE: 2, Kind.GAP: 1, Kind.CAP: 1}


def test_what_is_on_record_otherwise_than_it_was_seen_is_told() -> None:
    judge = judge_of_four()
    judge.see_choice(1, BEFORE_THE_CHANGE)
    went = (1, BEFORE_THE_CHANGE)
    judge.close(Closing(public=[went, went], states={"sent": 1, "pending": 2, "failed": 1}))
    assert judge.kinds == {Kind.FORGOTTEN: 3, Kind.TWICE: 1, Kind.RECORD: 2}


def test_the_command_tells_its_counts_and_ends_well() -> None:
    ended = CliRunner().invoke(
        simulate, ["--memory", "--zone", "Asia/Kathmandu", "--seed", "2", "--days", "5"]
    )
    assert ended.exit_code == 0, ended.output
    assert ended.output.startswith("Asia/Kathmandu on memory, seed 2, 5 days: planned ")
    assert "troubles 0: outside a window 0, under the gap 0, over a cap 0, forgotten 0" in ended.output
