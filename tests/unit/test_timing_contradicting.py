"""Hours that can never do what they say are told so in words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from spotlight_notify.model.schedule import Hours, Window
from spotlight_notify.rules.schedule.contradictions import contradiction, out_of_reach
from spotlight_notify.rules.schedule.windows import parse_window

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
        hours("Mon-Fri 08:00-18:00", gap=15 * MINUTE, per_hour=4, per_day=40),
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
            hours("daily 09:00-10:00", gap=30 * MINUTE, per_day=20),
            "per_day = 20 can never be reached: "
            "with a gap of 30 minutes a day holds only 2 within the windows",
        ),
        (
            hours("daily 09:00-09:30", gap=10 * MINUTE, per_hour=5),
            "per_hour = 5 can never be reached: "
            "with a gap of 10 minutes an hour holds only 3 within the windows",
        ),
        (
            hours("daily 09:00-11:00", per_hour=4, per_day=9),
            "per_day = 9 can never be reached: at 4 an hour a day holds only 8 within the windows",
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


def test_the_gap_and_the_windows_of_a_channel_keep_a_campaign_from_its_caps() -> None:
    campaign = hours("daily 08:00-12:00", per_hour=10, per_day=40)
    assert out_of_reach(campaign) == {}
    assert out_of_reach(campaign, hours(gap=120 * MINUTE)) == {
        "per_hour": "with the channel's gap of 120 minutes an hour holds only 1 within the windows",
        "per_day": "with the channel's gap of 120 minutes a day holds only 2 within the windows",
    }
    assert out_of_reach(campaign, hours("daily 11:00-18:00")) == {
        "per_day": "at 10 an hour a day holds only 10 within the windows"
    }
    assert out_of_reach(campaign, hours(gap=6 * MINUTE)) == {}


def test_the_windows_of_a_channel_in_another_zone_are_left_aside() -> None:
    berlin = Hours(zone=ZoneInfo("Europe/Berlin"), windows=(parse_window("daily 14:00-15:00"),))
    assert out_of_reach(hours(per_day=20, gap=30 * MINUTE), berlin) == {}
    assert "per_day" in out_of_reach(hours(per_day=49), replace(berlin, gap=30 * MINUTE))
