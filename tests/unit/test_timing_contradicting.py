"""Hours that can never do what they say are told so in words."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from spotlight_notify.timing import Hours, Window, contradiction, parse_window

MINUTE = timedelta(minutes=1)


def hours(*windows: str, **changes: Any) -> Hours:
    zone = ZoneInfo("America/New_York")
    return Hours(zone=zone, windows=tuple(parse_window(words) for words in windows), **changes)


@pytest.mark.parametrize(
    "sound",
    [
        hours(),
        hours("Mon-Fri 08:00-18:00"),
        hours("Sun 02:15-02:45"),
        hours("Mon-Fri 08:00-18:00", gap=15 * MINUTE, per_hour=4, per_day=96),
        hours("daily 08:00-18:00", gap=25 * MINUTE, per_hour=3),
        hours(gap=90 * MINUTE, per_hour=1, per_day=16),
        hours("daily 08:00-09:00", is_holiday=lambda day: (day.month, day.day) != (2, 28)),
    ],
)
def test_sound_hours_contradict_nothing(sound: Hours) -> None:
    assert contradiction(sound) is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (hours("Mon-Fri 08:00-18:00", is_holiday=lambda day: True), "the windows never open"),
        (hours("Mon 08:00-18:00", is_holiday=lambda day: day.weekday() == 0), "the windows never open"),
        (
            hours(gap=20 * MINUTE, per_hour=5),
            "per_hour = 5 can never be reached: with a gap of 20 minutes an hour holds only 3",
        ),
        (
            hours(gap=90 * MINUTE, per_hour=2),
            "per_hour = 2 can never be reached: with a gap of 90 minutes an hour holds only 1",
        ),
        (
            hours(per_hour=2, per_day=50),
            "per_day = 50 can never be reached: at 2 an hour a day holds only 48",
        ),
        (
            hours(gap=90 * MINUTE, per_day=17),
            "per_day = 17 can never be reached: with a gap of 90 minutes a day holds only 16",
        ),
        (
            hours(gap=90 * MINUTE, per_hour=1, per_day=17),
            "per_day = 17 can never be reached: with a gap of 90 minutes a day holds only 16",
        ),
    ],
)
def test_a_contradiction_is_told_in_words(wrong: Hours, sentence: str) -> None:
    told = contradiction(wrong)
    assert told is not None
    assert told.startswith(sentence)


def test_windows_that_name_no_day_never_open() -> None:
    nowhere = Window(weekdays=frozenset(), opens=0, closes=1440)
    told = contradiction(Hours(zone=ZoneInfo("Asia/Kathmandu"), windows=(nowhere,)))
    assert told is not None


def test_channel_and_campaign_that_are_never_open_together_contradict_each_other() -> None:
    week, weekend = hours("Mon-Fri 08:00-18:00"), hours("Sat,Sun 08:00-18:00")
    assert contradiction(week, hours("daily 17:59-20:00")) is None
    assert contradiction(week, weekend) == (
        "the windows of the channel and of the campaign are never open at the same time"
    )


def test_windows_that_meet_only_across_two_zones_do_not_contradict_each_other() -> None:
    berlin = Hours(zone=ZoneInfo("Europe/Berlin"), windows=(parse_window("Mon-Fri 14:00-15:00"),))
    assert contradiction(hours("Mon-Fri 08:00-08:30"), berlin) is None
    assert contradiction(hours("Mon-Fri 11:00-12:00"), berlin) is not None


def test_the_year_that_is_searched_can_be_another() -> None:
    only_2030 = hours("daily 08:00-18:00", is_holiday=lambda day: day.year != 2030)
    assert contradiction(only_2030) is not None
    assert contradiction(only_2030, since=datetime(2029, 6, 1, tzinfo=UTC)) is None
