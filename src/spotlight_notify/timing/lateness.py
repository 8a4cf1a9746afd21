"""Tell which deliveries are late: they could have gone and did not. Decides; records nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from spotlight_notify.timing.paces import Pace, Posted, Waiting
from spotlight_notify.timing.queueing import play
from spotlight_notify.timing.windows import Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class LateOne:
    """Name a late delivery and the moment at which it could have gone."""

    id: int
    slot: datetime


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
    ``posts``: since a day before the oldest of ``waiting`` was due, and beside the real ones one at the slot
    of every delivery that was found late before, so that nothing else becomes late by its being passed over.
    """
    bounds = {campaign: now - pace.late.after for campaign, pace in paces.items()}
    latest = max(bounds.values(), default=now)
    old = [one for one in waiting if one.campaign in bounds and one.due_at < latest]
    found: list[LateOne] = []
    for one, slot in play(old, paces, channel, posts, min((one.due_at for one in old), default=now)):
        if slot >= latest:
            break
        if slot < bounds[one.campaign]:
            found.append(LateOne(id=one.id, slot=slot))
    return tuple(found)
