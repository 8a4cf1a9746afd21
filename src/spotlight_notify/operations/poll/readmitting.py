"""Plan as if it were new what was left out, or was over, and is neither since its source put that right."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from spotlight_notify.model.aids import Aid
from spotlight_notify.model.campaigns import ANEW, Campaign, Plan
from spotlight_notify.model.records.standing import Delivery, KnownAid
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.poll.changing import Changed
from spotlight_notify.operations.poll.replacing import decided_in
from spotlight_notify.ports.book import Book
from spotlight_notify.rules.approval import is_a_persons
from spotlight_notify.rules.planning import present_plan
from spotlight_notify.rules.selection import why_left_out

LEFT_OUT = (Cause.FILTERED, Cause.OVER)
"""Causes of what is skipped that lie in what its source says of it, and that it may put right."""


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
    """Tell whether a delivery was skipped for what its aid said, and not for how its campaign was set."""
    return one.cause is Cause.OVER or why_left_out(known, campaign) is not None


def _told(one: Delivery, plan: Plan, difference: str) -> Plan:
    """Say why it is planned anew; a person is asked about their own words."""
    if is_a_persons(one):
        return replace(present_plan(one), state=State.PROPOSED, cause=Cause.CHANGED, reason=difference)
    reason = f"{ANEW}, since {difference}"
    return replace(plan, reason=f"{plan.reason}; {reason}" if plan.reason else reason)
