"""Choose what goes next on a channel, forecast when the rest will, and find what is late.

Decides; records nothing. Paces are keyed by campaign; what waits of other campaigns goes on waiting. Posts
are all of the channel, of whatever campaign, back to two days (or the longest gap) before the earliest moment
that is asked about; and each campaign's last post whenever it was, where it goes theme by theme. Times are
aware UTC.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter, itemgetter

from spotlight_notify.model.schedule import Hours, LateOne, Order, Pace, Posted, Waiting
from spotlight_notify.rules.schedule.rate_limits import RateLimit, gap_to_all, next_at, within_limits
from spotlight_notify.rules.schedule.windows import is_open
from spotlight_notify.text.names import theme_key

posted_at = attrgetter("at")


class CampaignQueue:
    """What waits and what went; ``posts`` are ascending, ``channel`` is the rule for all its posts."""

    def __init__(
        self, pace: Pace, channel: RateLimit, waiting: Iterable[Waiting], posts: Iterable[Posted]
    ) -> None:
        self._order, self._over_soon = pace.order, pace.over_soon
        self._waiting = {one.id: one for one in waiting}
        self._posts = list(posts)
        self._times = [post.at for post in self._posts]
        own = RateLimit(hours=pace.campaign, posts=self._times)
        self._rules = (channel, own, gap_to_all(pace.campaign, channel.posts))
        self._never = {False: False, True: False}

    def first(self, now: datetime) -> Waiting | None:
        """Return what of this campaign may go now; while hours are closed, only what may go at any hour."""
        due = [one for one in self._waiting.values() if one.due_at <= now]
        if not due or not all(within_limits(rule, now) for rule in self._rules):
            return None
        if ordered := [one for one in due if one.any_hour]:
            return self._foremost(ordered, now)
        if not all(is_open(rule.hours, now) for rule in self._rules):
            return None
        if self._order is Order.THEME and not any(self._is_pressing(one, now) for one in due):
            due = _of_one_theme(due, self._theme_at(now))
        return self._foremost(due, now)

    def rank(self, one: Waiting, now: datetime) -> tuple[bool, bool, datetime, int]:
        """Put first what a person wants out now, then what will be over soon, then the oldest."""
        pressing = self._is_pressing(one, now)
        return not one.any_hour, not pressing, (pressing and one.over_at) or one.due_at, one.id

    def drop_over(self, at: datetime) -> list[Waiting]:
        """Take out what is due, and over by then, and return it."""
        over = [one for one in self._waiting.values() if one.due_at <= at and one.is_over(at)]
        for one in over:
            del self._waiting[one.id]
        return over

    def _is_pressing(self, one: Waiting, now: datetime) -> bool:
        return one.over_at is not None and one.over_at - now <= self._over_soon

    def _foremost(self, due: Iterable[Waiting], now: datetime) -> Waiting | None:
        return min(due, key=lambda one: self.rank(one, now), default=None)

    def next_at(self, since: datetime) -> datetime | None:
        """Return the first moment from ``since`` on at which something of this campaign may go.

        Moments are asked about in ascending order: what could never go is not asked about again.
        """
        return min(self._moments(since), default=None)

    def let_go(self, one: Waiting, at: datetime) -> None:
        """Turn what waits into a post."""
        del self._waiting[one.id]
        insort(self._times, at)
        insort(self._posts, Posted(campaign=one.campaign, theme=one.theme, at=at), key=posted_at)

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
        """Return the theme of the last post."""
        index = bisect_right(self._times, now)
        return self._posts[index - 1].theme if index else None


class _ChannelQueue:
    """A channel's queues, one for each campaign, and the times of all its posts."""

    def __init__(
        self, waiting: Iterable[Waiting], paces: Mapping[str, Pace], channel: Hours, posts: Iterable[Posted]
    ) -> None:
        ones, posted = tuple(waiting), sorted(posts, key=posted_at)
        self._times = [post.at for post in posted]
        rule = RateLimit(hours=channel, posts=self._times)
        self._queues = {
            name: CampaignQueue(
                pace=pace,
                channel=rule,
                waiting=(one for one in ones if one.campaign == name),
                posts=(post for post in posted if post.campaign == name),
            )
            for name, pace in paces.items()
        }

    def first(self, now: datetime) -> Waiting | None:
        """Return what may go now."""
        firsts = ((queue, queue.first(now)) for queue in self._queues.values())
        ranked = ((queue.rank(one, now), one) for queue, one in firsts if one)
        return min(ranked, key=itemgetter(0), default=(None, None))[1]

    def drop_over(self, at: datetime) -> list[Waiting]:
        """Take out what is due, and over by then, and return it."""
        return [one for queue in self._queues.values() for one in queue.drop_over(at)]

    def next_at(self, since: datetime) -> datetime | None:
        """Return the first moment from ``since`` on at which something may go."""
        moments = (queue.next_at(since) for queue in self._queues.values())
        return min((at for at in moments if at), default=None)

    def let_go(self, one: Waiting, at: datetime) -> None:
        """Turn what waits into a post."""
        self._queues[one.campaign].let_go(one, at)
        insort(self._times, at)


def choose(
    waiting: Iterable[Waiting],
    paces: Mapping[str, Pace],
    channel: Hours,
    posts: Sequence[Posted],
    now: datetime,
) -> Waiting | None:
    """Return the delivery that may go now; None when none may.

    Of each campaign the first in its order of those that are due and may go now; what is ``any_hour``, which
    a person wants out now, goes before all else, and alone stands in line while hours are closed. Of these
    firsts the oldest, ordered ones first. What will be over soon goes before what is only older, soonest over
    first, whatever its theme. Order by theme: the theme of the last post goes on until nothing of
    it is due, then the theme with the lowest id; what has no theme is no theme.
    """
    return _ChannelQueue(waiting, paces, channel, posts).first(now)


def next_choice_at(
    waiting: Iterable[Waiting],
    paces: Mapping[str, Pace],
    channel: Hours,
    posts: Sequence[Posted],
    now: datetime,
) -> datetime | None:
    """Return the first moment from ``now`` on at which there is a choice; None: not in 400 days."""
    return _ChannelQueue(waiting, paces, channel, posts).next_at(now)


@dataclass(frozen=True, slots=True)
class Forecast:
    """When each delivery will go, by id, if nothing else comes or gets in the way; None: not by itself.

    ``too_late``: when the turn of those comes whose aids are over by then, so that they do not go.
    """

    goes_at: Mapping[int, datetime | None]
    too_late: Mapping[int, datetime]


def forecast(
    waiting: Sequence[Waiting],
    paces: Mapping[str, Pace],
    channel: Hours,
    posts: Sequence[Posted],
    now: datetime,
) -> Forecast:
    """Play what waits from ``now`` on; what will be over takes no turn."""
    goes_at: dict[int, datetime | None] = dict.fromkeys((one.id for one in waiting), None)
    too_late: dict[int, datetime] = {}
    for one, at in _played(waiting, paces, channel, posts, now):
        (too_late if one.is_over(at) else goes_at)[one.id] = at
    return Forecast(goes_at, too_late)


def simulate(
    waiting: Iterable[Waiting],
    paces: Mapping[str, Pace],
    channel: Hours,
    posts: Sequence[Posted],
    since: datetime,
) -> Iterator[tuple[Waiting, datetime]]:
    """Yield what goes and when, ascending, if from ``since`` on everything goes as soon as it may.

    Posts later than that stand fast: what is played goes between them only where there is room.
    """
    played = _played(waiting, paces, channel, posts, since)
    return ((one, at) for one, at in played if not one.is_over(at))


def _played(
    waiting: Iterable[Waiting],
    paces: Mapping[str, Pace],
    channel: Hours,
    posts: Sequence[Posted],
    since: datetime,
) -> Iterator[tuple[Waiting, datetime]]:
    """Yield each with the moment of its turn; what is over by then leaves the line, and another goes."""
    line = _ChannelQueue(waiting, paces, channel, posts)
    while (at := line.next_at(since)) is not None:
        over = line.drop_over(at)
        yield from ((one, at) for one in over)
        one = line.first(at)
        assert one is not None or over, "the moment was found because something may go then"
        if one is not None:
            line.let_go(one, at)
            yield one, at
        since = at


def late_deliveries(
    waiting: Sequence[Waiting],
    paces: Mapping[str, Pace],
    channel: Hours,
    posts: Sequence[Posted],
    now: datetime,
) -> tuple[LateOne, ...]:
    """Return the late deliveries, by their slots: those whose slot is longer ago than their campaign allows.

    Slots are found by letting everything that waits go as soon as it may since it was due, in its order,
    between the posts that really went out; so pace, closed hours and a burst make nothing late.
    ``posts``: the real ones since two days before the oldest of ``waiting`` was due, and one at the slot of
    every delivery found late before, whatever came of it: its being passed over makes nothing else late.
    What is left now is not late either once these count as posts.
    """
    left, counted, found = list(waiting), list(posts), list[LateOne]()
    while late := dict(_late(left, paces, channel, counted, now)):
        found += [LateOne(id=one.id, slot=slot) for one, slot in late.items()]
        counted += [Posted(campaign=one.campaign, theme=one.theme, at=slot) for one, slot in late.items()]
        left = [one for one in left if one not in late]
    return tuple(sorted(found, key=attrgetter("slot")))


def _of_one_theme(due: Sequence[Waiting], last: str | None) -> list[Waiting]:
    """Keep what is of the last post's theme, else of the theme with the lowest id; None never goes on."""
    if not due:
        return []
    goes_on = theme_key(last)
    first = min(due, key=lambda one: (goes_on is None or theme_key(one.theme) != goes_on, one.id))
    return [one for one in due if theme_key(one.theme) == theme_key(first.theme)]


def _late(
    waiting: Sequence[Waiting],
    paces: Mapping[str, Pace],
    channel: Hours,
    posts: Sequence[Posted],
    now: datetime,
) -> Iterator[tuple[Waiting, datetime]]:
    """Play once what waits since it was due; a slot of a patient campaign may leave another one its room."""
    bounds = {campaign: now - pace.late.after for campaign, pace in paces.items()}
    latest = max(bounds.values(), default=now)
    old = [one for one in waiting if one.campaign in bounds and one.due_at < latest]
    for one, slot in simulate(old, paces, channel, posts, min((one.due_at for one in old), default=now)):
        if slot >= latest:
            break
        if slot < bounds[one.campaign]:
            yield one, slot
