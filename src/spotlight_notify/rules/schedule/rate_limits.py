"""Find the moment at which one more post keeps to the windows, gaps and caps of all its rules."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from spotlight_notify.model.schedule import Hours
from spotlight_notify.rules.schedule.wall_clock import local_date, next_date_at, wall
from spotlight_notify.rules.schedule.windows import FURTHEST, is_open, next_open

HOUR = timedelta(hours=1)
LONGEST_DAY = timedelta(hours=48)
"""No local day is longer: where a zone crossed the date line eastwards, it had one date twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """Hours, and the posts that went out under them: aware UTC, ascending.

    Posts after the moment that is asked about count too: one more post between may not crowd them either.
    """

    hours: Hours
    posts: Sequence[datetime]


def gap_to_all(hours: Hours, posts: Sequence[datetime]) -> RateLimit:
    """Return a campaign's gap as a rule for all posts of a channel: who follows it sees them in one line."""
    return RateLimit(hours=Hours(zone=hours.zone, gap=hours.gap), posts=posts)


def next_at(rules: Sequence[RateLimit], at: datetime, *, any_hour: bool = False) -> datetime | None:
    """Return the first moment from ``at`` (UTC) on at which all rules let a post out; None: not in 400 days.

    ``any_hour`` passes closed windows, but no gap and no cap.
    """
    latest = at + FURTHEST
    while at <= latest:
        later = _later(rules, at, any_hour)
        if later is None or later == at:
            return later
        at = later
    return None


def within_limits(rule: RateLimit, at: datetime) -> bool:
    """Return whether a post now keeps gap and caps; windows are another matter."""
    return _within_from(rule, at) == at


def why_not_at(whose: str, rule: RateLimit, at: datetime) -> str | None:
    """Return in words which part of a rule lets no post out at a moment; None if it does.

    ``whose``: the rule's owner, as in "channel valor-x's".
    """
    hours = rule.hours
    if not is_open(hours, at):
        day = wall(hours.zone, at)
        holiday = f": {day:%A, %B} {day.day} is a holiday" if hours.is_holiday(day.date()) else ""
        return f"{whose} hours are closed then{holiday}"
    if _spaced(rule.posts, at, 1, hours.gap) != at:
        return f"{whose} gap of {_spoken(hours.gap)} to another post is not over then"
    if hours.per_hour is not None and _spaced(rule.posts, at, hours.per_hour, HOUR) != at:
        return f"{whose} cap of {hours.per_hour} an hour is reached then"
    if hours.per_day is not None and _is_day_full(rule, at, hours.per_day):
        return f"{whose} cap of {hours.per_day} a day is reached then"
    return None


def _spoken(length: timedelta) -> str:
    """Return a length of time in words: "90 minutes", "2 hours"."""
    minutes = length / timedelta(minutes=1)
    if minutes >= 60 and minutes % 60 == 0:
        return f"{minutes / 60:g} hours" if minutes > 60 else "1 hour"
    return f"{minutes:g} minutes"


def _later(rules: Sequence[RateLimit], at: datetime, any_hour: bool) -> datetime | None:
    """Return ``at`` if all rules let a post out then, else a later moment before which none does."""
    for rule in rules:
        at = _within_from(rule, at)
    for rule in () if any_hour else rules:
        opening = next_open(rule.hours, at)
        if opening is None:
            return None
        at = opening
    return at


def _within_from(rule: RateLimit, at: datetime) -> datetime:
    """Return ``at`` if it keeps gap and caps, else a later moment before which none does."""
    hours, posts = rule.hours, rule.posts
    at = _spaced(posts, at, 1, hours.gap)
    if hours.per_hour is not None:
        at = _spaced(posts, at, hours.per_hour, HOUR)
    if hours.per_day is not None and _is_day_full(rule, at, hours.per_day):
        at = next_date_at(hours.zone, at)
    return at


def _spaced(posts: Sequence[datetime], at: datetime, most: int, within: timedelta) -> datetime:
    """Return the first moment from ``at`` on that makes no more than ``most`` posts within a length of time.

    A length of time holds its beginning but not its end: a post an hour after another is in the next hour.
    """
    for index in range(bisect_right(posts, at - within), len(posts) - most + 1):
        first, last = posts[index], posts[index + most - 1]
        if last - within >= at:
            break
        if last - first < within:
            at = first + within
    return at


def _is_day_full(rule: RateLimit, at: datetime, per_day: int) -> bool:
    zone, posts = rule.hours.zone, rule.posts
    near = posts[bisect_left(posts, at - LONGEST_DAY) : bisect_right(posts, at + LONGEST_DAY)]
    if len(near) < per_day:
        return False
    today = local_date(zone, at)
    return sum(local_date(zone, post) == today for post in near) >= per_day
