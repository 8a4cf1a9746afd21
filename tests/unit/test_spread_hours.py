"""A day's posts spread over its windows."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from spotlight_notify.config.hours_settings import ChannelHoursSettings, hours_of

EAST = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("windows", "gap", "per_day", "minutes"),
    [
        (("Mon-Fri 09:00-17:00",), "30m", 6, 80),
        (("Mon-Fri 09:00-17:00", "Sat 10:00-13:00"), "10m", 6, 30),
        (("Mon-Fri 09:00-17:00",), "2h", 4, 120),
        ((), "30m", 6, 240),
    ],
)
def test_timing_14_a_days_posts_are_spread_over_the_shortest_open_day(
    windows: tuple[str, ...], gap: str, per_day: int, minutes: int
) -> None:
    said = {"windows": windows, "gap": gap, "per_day": per_day, "spread": True}
    hours = hours_of(ChannelHoursSettings.model_validate(said), EAST)
    assert hours.gap == timedelta(minutes=minutes)


def test_a_spread_needs_a_number() -> None:
    with pytest.raises(ValidationError, match="spread needs per_day"):
        ChannelHoursSettings.model_validate({"spread": True})
