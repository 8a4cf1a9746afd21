"""Keep one campaign's deliveries and posts on a channel, while its part of a choice is played."""

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from operator import attrgetter

from spotlight_notify.model.schedule import Order, Pace, Posted, Waiting
from spotlight_notify.rules.schedule.rate_limits import Rule, keeps_pace, next_at
from spotlight_notify.rules.schedule.windows import is_open
from spotlight_notify.text.names import folded_name

moment = attrgetter("at")


def turn(one: Waiting) -> tuple[bool, datetime, int]:
    """Put what a person wants out now, at any hour, before all else; then the oldest first."""
    return not one.any_hour, one.due_at, one.id


class Queue:
    """Hold what waits and what went; ``posts`` are ascending, ``channel`` is the rule for all its posts."""

    def __init__(
        self, pace: Pace, channel: Rule, waiting: Iterable[Waiting], posts: Iterable[Posted]
    ) -> None:
        self._order = pace.order
        self._waiting = {one.id: one for one in waiting}
        self._posts = list(posts)
        self._times = [post.at for post in self._posts]
        self._rules = (channel, Rule(hours=pace.campaign, posts=self._times))
        self._never = {False: False, True: False}

    def first(self, now: datetime) -> Waiting | None:
        """Return what of this campaign may go now; while hours are closed, only what may go at any hour."""
        due = [one for one in self._waiting.values() if one.due_at <= now]
        if not due or not all(keeps_pace(rule, now) for rule in self._rules):
            return None
        if ordered := [one for one in due if one.any_hour]:
            return min(ordered, key=turn)
        if not all(is_open(rule.hours, now) for rule in self._rules):
            return None
        if self._order is Order.THEME:
            due = _of_one_theme(due, self._theme_at(now))
        return min(due, key=turn, default=None)

    def next_at(self, since: datetime) -> datetime | None:
        """Return the first moment from ``since`` on at which something of this campaign may go.

        Moments are asked about in ascending order: what could never go is not asked about again.
        """
        return min(self._moments(since), default=None)

    def let_go(self, one: Waiting, at: datetime) -> None:
        """Turn what waits into a post."""
        del self._waiting[one.id]
        insort(self._times, at)
        insort(self._posts, Posted(campaign=one.campaign, theme=one.theme, at=at), key=moment)

    def _moments(self, since: datetime) -> Iterator[datetime]:
        """Yield when the first may go of those that keep to the hours, and of those that do not."""
        for any_hour in (False, True):
            dues = [one.due_at for one in self._waiting.values() if one.any_hour is any_hour]
            if dues and not self._never[any_hour]:
                found = next_at(self._rules, max(since, min(dues)), any_hour=any_hour)
                self._never[any_hour] = found is None
                if found is not None:
                    yield found

    def _theme_at(self, now: datetime) -> str | None:
        """Tell the theme of the last post."""
        index = bisect_right(self._times, now)
        return self._posts[index - 1].theme if index else None


def _of_one_theme(due: Sequence[Waiting], last: str | None) -> list[Waiting]:
    """Keep what is of the last post's theme, else of the theme with the lowest id; None never goes on."""
    if not due:
        return []
    goes_on = _folded(last)
    first = min(due, key=lambda one: (goes_on is None or _folded(one.theme) != goes_on, one.id))
    return [one for one in due if _folded(one.theme) == _folded(first.theme)]


def _folded(theme: str | None) -> str | None:
    return None if theme is None else folded_name(theme)
