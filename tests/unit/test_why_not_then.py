"""Which rule lets a post not go when it was ordered: its owner, and what of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from spotlight_notify.model.schedule import Hours
from spotlight_notify.rules.schedule.rate_limits import RateLimit, why_not_at
from spotlight_notify.rules.schedule.windows import parse_window

NEW_YORK = ZoneInfo("America/New_York")
NOON = datetime(2026, 11, 26, 17, tzinfo=UTC)
"""Thanksgiving."""
MINUTE = timedelta(minutes=1)


def is_thanksgiving(day: date) -> bool:
    return day == date(2026, 11, 26)


@pytest.mark.parametrize(
    ("hours", "posts", "why"),
    [
        ({}, [], None),
        ({"windows": (parse_window("Mon-Fri 13:00-17:00"),)}, [], "X's hours are closed then"),
        (
            {"is_holiday": is_thanksgiving},
            [],
            "X's hours are closed then: Thursday, November 26 is a holiday",
        ),
        (
            {"gap": 30 * MINUTE},
            [NOON - 29 * MINUTE],
            "X's gap of 30 minutes to another post is not over then",
        ),
        ({"gap": 120 * MINUTE}, [NOON - MINUTE], "X's gap of 2 hours to another post is not over then"),
        ({"gap": 30 * MINUTE}, [NOON - 30 * MINUTE], None),
        ({"per_hour": 1}, [NOON - MINUTE], "X's cap of 1 an hour is reached then"),
        ({"per_day": 2}, [NOON - 180 * MINUTE, NOON - 120 * MINUTE], "X's cap of 2 a day is reached then"),
    ],
)
def test_the_rule_is_named(hours: dict[str, Any], posts: list[datetime], why: str | None) -> None:
    """Timing 11."""
    assert why_not_at("X's", RateLimit(hours=Hours(zone=NEW_YORK, **hours), posts=posts), NOON) == why
