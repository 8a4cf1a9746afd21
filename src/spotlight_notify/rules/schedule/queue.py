"""Choose what goes next on a channel, and play the same choice forward. Decides; records nothing.

Paces are keyed by campaign; what waits of other campaigns goes on waiting. Posts are all of the channel,
of whatever campaign, back to two days (or the longest gap) before the earliest moment that is asked about;
and each campaign's last post whenever it was, where it goes theme by theme. Times are aware UTC.
"""

from bisect import insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from spotlight_notify.model.schedule import Hours, Pace, Posted, Waiting
from spotlight_notify.rules.schedule.queues import Queue, moment, turn
from spotlight_notify.rules.schedule.rate_limits import Rule


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
    firsts the oldest, ordered ones first. Order by theme: the theme of the last post goes on until nothing of
    it is due, then the theme with the lowest id; what has no theme is no theme.
    """
    return _Line(waiting, paces, channel, posts).first(now)


def next_choice_at(
    waiting: Iterable[Waiting],
    paces: Mapping[str, Pace],
    channel: Hours,
    posts: Sequence[Posted],
    now: datetime,
) -> datetime | None:
    """Return the first moment from ``now`` on at which there is a choice; None: not in 400 days."""
    return _Line(waiting, paces, channel, posts).next_at(now)


def forecast(
    waiting: Sequence[Waiting],
    paces: Mapping[str, Pace],
    channel: Hours,
    posts: Sequence[Posted],
    now: datetime,
) -> dict[int, datetime | None]:
    """Tell when each delivery will go, by id, if nothing else comes or gets in the way; None: never."""
    slots: dict[int, datetime | None] = dict.fromkeys((one.id for one in waiting), None)
    slots.update((one.id, at) for one, at in play(waiting, paces, channel, posts, now))
    return slots


def play(
    waiting: Iterable[Waiting],
    paces: Mapping[str, Pace],
    channel: Hours,
    posts: Sequence[Posted],
    since: datetime,
) -> Iterator[tuple[Waiting, datetime]]:
    """Yield what goes and when, ascending, if from ``since`` on everything goes as soon as it may.

    Posts later than that stand fast: what is played goes between them only where there is room.
    """
    line = _Line(waiting, paces, channel, posts)
    while (at := line.next_at(since)) is not None:
        one = line.first(at)
        assert one is not None, "the moment was found because something may go then"
        line.let_go(one, at)
        yield one, at
        since = at


class _Line:
    """Hold a channel's queues, one for each campaign, and the times of all its posts."""

    def __init__(
        self, waiting: Iterable[Waiting], paces: Mapping[str, Pace], channel: Hours, posts: Iterable[Posted]
    ) -> None:
        ones, posted = tuple(waiting), sorted(posts, key=moment)
        self._times = [post.at for post in posted]
        rule = Rule(hours=channel, posts=self._times)
        self._queues = {
            name: Queue(
                pace=pace,
                channel=rule,
                waiting=(one for one in ones if one.campaign == name),
                posts=(post for post in posted if post.campaign == name),
            )
            for name, pace in paces.items()
        }

    def first(self, now: datetime) -> Waiting | None:
        """Return what may go now."""
        firsts = (queue.first(now) for queue in self._queues.values())
        return min((one for one in firsts if one), key=turn, default=None)

    def next_at(self, since: datetime) -> datetime | None:
        """Return the first moment from ``since`` on at which something may go."""
        moments = (queue.next_at(since) for queue in self._queues.values())
        return min((at for at in moments if at), default=None)

    def let_go(self, one: Waiting, at: datetime) -> None:
        """Turn what waits into a post."""
        self._queues[one.campaign].let_go(one, at)
        insort(self._times, at)
