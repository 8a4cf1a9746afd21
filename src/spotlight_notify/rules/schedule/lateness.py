"""Tell which deliveries are late: they could have gone and did not. Decides; records nothing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter

from spotlight_notify.model.schedule import Hours, LateOne, Pace, Posted, Waiting
from spotlight_notify.rules.schedule.queue import play


def late_ones(
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
    for one, slot in play(old, paces, channel, posts, min((one.due_at for one in old), default=now)):
        if slot >= latest:
            break
        if slot < bounds[one.campaign]:
            yield one, slot
