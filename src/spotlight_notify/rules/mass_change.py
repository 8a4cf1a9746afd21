"""Decide whether a known source suddenly shows too much that is new. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from spotlight_notify.model.aids import Aid
from spotlight_notify.text.names import has_theme

FEWEST_FAMILIAR = 3
"""So many new aids under known titles are no chance: the site has given its aids other names."""

THEME_DAYS = timedelta(days=3)
"""A theme's aids are published within so many days of each other."""
DAYS_AHEAD = 3
"""A poll may fill the days ahead, as many as these, and no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brake:
    """How much that is new one poll of a source may show before a person is asked.

    More than ``most``; or more than ``few``, and more than this ``share`` of what was known of the source.
    """

    most: int = 25
    few: int = 12
    share: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """What a poll shows: aids that are new, those of them whose titles are known, aids known before.

    ``planned``: pending deliveries by campaign and channel. ``theme``: the one that all the new aids share,
    if they also came within days: a theme opens with many aids on one day.
    """

    new: int
    familiar: int
    known: int
    planned: Mapping[tuple[str, str], int]
    theme: str | None = None


def theme_of(aids: Collection[Aid]) -> str | None:
    """Return the theme that all of these aids share, if they were published within days; else None."""
    dates = [aid.published_at for aid in aids if aid.published_at]
    if dates and max(dates) - min(dates) > THEME_DAYS:
        return None
    shared = (name for aid in list(aids)[:1] for name in aid.themes)
    return next((name for name in shared if all(has_theme(aid.themes, name) for aid in aids)), None)


def why_brake(burst: Burst, brake: Brake, caps: Mapping[tuple[str, str], int]) -> str | None:
    """Return why nothing of a poll should go out unasked; None if it may. ``caps``: most a day."""
    new, known = burst.new, burst.known
    if burst.familiar >= FEWEST_FAMILIAR and burst.familiar * 2 > new:
        return f"{burst.familiar} of {new} new aids bear titles of known ones: the site may have renamed them"
    if new > brake.most:
        return f"{new} aids are new at once, and more than {brake.most} are asked about"
    if new > brake.few and new > brake.share * known and burst.theme is None:
        return f"{new} aids are new at once, where only {known} were known"
    for place, planned in burst.planned.items():
        if place in caps and planned > DAYS_AHEAD * caps[place]:
            campaign, channel = place
            days = f"{DAYS_AHEAD} days at {caps[place]} a day"
            return f"{planned} posts of {campaign} on {channel} are planned at once, more than {days}"
    return None
