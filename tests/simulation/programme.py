"""Draw the hours of a channel and of the campaigns on it."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from spotlight_notify.model.schedule import Hours, Late, LatePolicy, Order, Pace
from spotlight_notify.rules.schedule.contradictions import contradiction
from spotlight_notify.rules.schedule.windows import parse_window

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
CHANNEL_WINDOWS = (
    (),
    ("daily 07:00-22:00",),
    ("Mon-Fri 08:00-20:00", "Sat,Sun 10:00-14:00"),
    ("daily 21:00-03:15", "Mon-Fri 12:00-13:00"),
    ("daily 00:30-04:30",),
)
CAMPAIGN_WINDOWS = ((), (), ("Mon-Fri 08:30-17:30",), ("daily 01:15-02:45",), ("Sat-Thu 22:00-02:30",))
LATE = {
    "spotlight": Late(policy=LatePolicy.SKIP, after=12 * HOUR),
    "wellness": Late(policy=LatePolicy.SEND, after=6 * HOUR),
    "training": Late(policy=LatePolicy.ASK, after=26 * HOUR),
}
"""Three campaigns and what becomes of their late deliveries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """Hold a channel's hours, and each campaign's pace on it."""

    channel: Hours
    paces: Mapping[str, Pace]


def draw_programme(zone: ZoneInfo, dice: random.Random) -> Programme:
    """Draw hours that have room for two or three posts a day; all lengths are whole fives of minutes."""
    while True:
        programme = _drawn(zone, dice)
        channel = programme.channel
        if not any(contradiction(channel, pace.campaign) for pace in programme.paces.values()):
            return programme


def is_holiday(day: date) -> bool:
    """Keep three holidays."""
    return (day.month, day.day) in {(1, 1), (7, 4), (12, 25)}


def _drawn(zone: ZoneInfo, dice: random.Random) -> Programme:
    paces = {
        campaign: Pace(campaign=_hours(zone, dice, CAMPAIGN_WINDOWS), order=order, late=late)
        for (campaign, late), order in zip(
            LATE.items(), (Order.THEME, Order.OLDEST, Order.THEME), strict=True
        )
    }
    return Programme(channel=_hours(zone, dice, CHANNEL_WINDOWS), paces=paces)


def _hours(zone: ZoneInfo, dice: random.Random, windows: tuple[tuple[str, ...], ...]) -> Hours:
    return Hours(
        zone=zone,
        windows=tuple(parse_window(words) for words in dice.choice(windows)),
        is_holiday=is_holiday,
        gap=dice.choice((0, 5, 10, 25)) * MINUTE,
        per_hour=dice.choice((None, 2, 3)),
        per_day=dice.choice((None, 6, 9)),
    )
