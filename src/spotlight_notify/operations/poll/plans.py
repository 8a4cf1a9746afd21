"""Plan what is new, with its pictures and posts, and what was left out until its source put that right."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from spotlight_notify.model.aids import Aid
from spotlight_notify.model.campaigns import ANEW, Campaign, Plan
from spotlight_notify.model.records.standing import Delivery, KnownAid, SourceStatus
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.poll.changes import LONGEST_ILLUSTRATING, Changed, decided_in
from spotlight_notify.operations.poll.polls import Polling
from spotlight_notify.ports.book import Book
from spotlight_notify.rules.approval import is_a_persons
from spotlight_notify.rules.planning import plan_deliveries, present_plan
from spotlight_notify.rules.selection import why_left_out
from spotlight_notify.text.times import utc_minute

Plans = tuple[Plan, ...]
LEFT_OUT = (Cause.FILTERED, Cause.OVER)
"""Causes of what is skipped that lie in what its source says of it, and that it may put right."""


def new_keys(aids: Collection[Aid], source: str, parts: Polling) -> frozenset[str]:
    known = parts.ledger.known(source, [name for aid in aids for name in aid.names])
    return frozenset(aid.key for aid in aids if known.isdisjoint(aid.names))


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
    """Postpone a plan, so that a source can take back or change what it has just shown."""
    if plan.due_at >= settled_at:
        return plan
    reason = plan.reason or f"waits for its time of grace (settle), until {utc_minute(settled_at)}"
    return replace(plan, due_at=settled_at, reason=reason)


def left_out(book: Book, known: KnownAid) -> tuple[Delivery, ...]:
    """List an aid's deliveries that its source may put right.

    None of an aid that was there before the first look, nor in a campaign that has announced it, or where a
    person has taken it out.
    """
    mine = () if known.baseline else book.deliveries_of(known.id)
    decided = {one.campaign for one in mine if decided_in([one], book)}
    skipped = (one for one in mine if one.state is State.SKIPPED and one.cause in LEFT_OUT)
    return tuple(one for one in skipped if one.campaign not in decided)


def readmitted(
    skipped: Collection[Delivery], changed: Changed, plans: Iterable[Plan], campaigns: Iterable[Campaign]
) -> Iterator[Plan]:
    """Choose from an aid's ``plans``, made as of a new one, those for what is not hindered any more."""
    named = {campaign.name: campaign for campaign in campaigns}
    places = {(one.campaign, one.channel): one for one in skipped}
    for plan in plans:
        one = places.get((plan.campaign, plan.channel))
        if one and plan.state is not State.SKIPPED and _was_hindered(one, changed.known, named[one.campaign]):
            yield _told(one, plan, changed.difference)


def readmit(book: Book, aid_id: int, plan: Plan, now: datetime) -> bool:
    """Record such a plan in its delivery."""
    one = book.delivery_of(aid_id, plan.campaign, plan.channel)
    return one is not None and book.rewrite(one, plan, reason=plan.reason or "", now=now)


def _was_hindered(one: Delivery, known: Aid, campaign: Campaign) -> bool:
    """Return whether a delivery was skipped for what its aid said, and not for how its campaign was set."""
    return one.cause is Cause.OVER or why_left_out(known, campaign) is not None


def _told(one: Delivery, plan: Plan, difference: str) -> Plan:
    """Return a plan that says why it is made again; a person is asked about their own words."""
    if is_a_persons(one):
        return replace(present_plan(one), state=State.PROPOSED, cause=Cause.CHANGED, reason=difference)
    reason = f"{ANEW}, since {difference}"
    return replace(plan, reason=f"{plan.reason}; {reason}" if plan.reason else reason)
