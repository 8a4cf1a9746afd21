"""Find the pictures of what is new and write its posts, which may take long: before anything is recorded."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from spotlight_notify.model.aids import Aid
from spotlight_notify.model.campaigns import Plan
from spotlight_notify.model.records.standing import SourceStatus
from spotlight_notify.operations.poll.changing import LONGEST_ILLUSTRATING
from spotlight_notify.operations.poll.joining import names_of
from spotlight_notify.operations.poll.polls import Polling
from spotlight_notify.rules.planning import plan_deliveries
from spotlight_notify.text.times import utc_minute

Plans = tuple[Plan, ...]


def new_keys(aids: Collection[Aid], source: str, parts: Polling) -> frozenset[str]:
    known = parts.ledger.known(source, [name for aid in aids for name in names_of(aid)])
    return frozenset(aid.key for aid in aids if known.isdisjoint(names_of(aid)))


def illustrated(aids: tuple[Aid, ...], new: frozenset[str], parts: Polling) -> tuple[Aid, ...]:
    """Find the pictures of what is new."""
    until = parts.clock() + LONGEST_ILLUSTRATING
    return tuple(
        parts.illustrate(aid, hurry=parts.clock() >= until) if aid.key in new else aid for aid in aids
    )


def plans_of_new(
    aids: tuple[Aid, ...], new: frozenset[str], left: SourceStatus, every: timedelta, parts: Polling
) -> dict[str, Plans]:
    """Write the posts of what is new, by key."""
    now = parts.clock()
    next_look_at = min(left.succeeded_at + every, now) if left.succeeded_at else now
    return {aid.key: plans_as_new(aid, next_look_at, parts, now) for aid in aids if aid.key in new}


def plans_as_new(
    aid: Aid, seen_at: datetime, parts: Polling, now: datetime, *, by_hand: bool = False
) -> Plans:
    """Plan an aid's deliveries, due since it could be seen: ``seen_at`` is when a look was to be made."""
    since = min(max(aid.published_at or now, seen_at), now)
    planned = plan_deliveries(aid, parts.campaigns, parts.writing, now, by_hand=by_hand)
    due = (replace(plan, due_at=since) if plan.due_at == now else plan for plan in planned)
    settle = parts.settles.get(aid.source)
    return tuple(_settling(plan, now + settle) if settle else plan for plan in due)


def _settling(plan: Plan, settled_at: datetime) -> Plan:
    """Give a source time to take back or change what it has just shown."""
    if plan.due_at >= settled_at:
        return plan
    reason = plan.reason or f"waits for its time of grace (settle), until {utc_minute(settled_at)}"
    return replace(plan, due_at=settled_at, reason=reason)
