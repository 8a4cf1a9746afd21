"""Announce one aid: record it if it is new, and plan its deliveries for now or a set time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from spotlight_notify.announcing.gathering import digest_with
from spotlight_notify.announcing.orders import Order, Place, Signature, When, moved, waits
from spotlight_notify.approving import why_unfit
from spotlight_notify.errors import Refused
from spotlight_notify.model import Aid, Cause, Plan, State
from spotlight_notify.planning import Writing, plan_delivery, why_over
from spotlight_notify.ports import Book, Ledger
from spotlight_notify.records import Delivery, KnownAid


def announce_aid(
    aid: Aid,
    places: Sequence[Place],
    *,
    ledger: Ledger,
    writing: Writing,
    when: When,
    by: Signature,
    now: datetime,
) -> tuple[Order, ...]:
    """Record the aid (if new) and a delivery for each place, due when that is ordered, in one transaction.

    What is announced or on its way, by itself or in a digest, is never planned again; a delivery that waits,
    or was proposed, gets the present words and this time. Refused if the aid is over by then.
    """
    for campaign, _ in places:
        _refuse_over(aid, when.due_at(campaign.name, now), now)
    with ledger.recording(aid.source) as book:
        known = _recorded(book, aid, now)
        plans = [plan_delivery(aid, c, channel, writing, now, by_hand=True) for c, channel in places]
        wanted = [replace(when.timed(plan, now), written_by=by.writer) for plan in plans]
        return tuple(_order(book, known, plan, when, by, ledger, now) for plan in wanted)


def _refuse_over(aid: Aid, due_at: datetime, now: datetime) -> None:
    """Refuse a time at which there is nothing to announce any more; what is over now is told by its plan."""
    if why_over(aid, due_at) and not why_over(aid, now):
        ends = [moment for moment in (aid.event_at, aid.expires_at) if moment]
        raise Refused(
            f"at {due_at:%Y-%m-%d %H:%MZ} {aid.title or aid.key} is over: "
            f"its event begins, or it expires, at {min(ends):%Y-%m-%d %H:%MZ}"
        )


def _recorded(book: Book, aid: Aid, now: datetime) -> KnownAid:
    """Give the aid's record, made now if it is new; pictures found since then are put into it."""
    known = book.match([aid]).get(aid.key)
    if known is None:
        return book.add(aid, baseline=False, now=now)
    if known.aid.images != aid.images:
        book.refresh(known.id, replace(known.aid, images=aid.images))
    return known


def _order(
    book: Book, known: KnownAid, plan: Plan, when: When, by: Signature, ledger: Ledger, now: datetime
) -> Order:
    """Plan a delivery, or point at the one there is: another source's aid's, or this aid's own."""
    earlier = book.announced_elsewhere(known.aid, plan.campaign, plan.channel)
    if earlier:
        return _told(earlier, f"announced already by source {earlier.source}")
    if new_id := book.plan(known.id, plan, now):
        by.put(book, new_id, "ordered", now)
        return Order(campaign=plan.campaign, channel=plan.channel, delivery_id=new_id, note=None)
    delivery = book.delivery_of(known.id, plan.campaign, plan.channel)
    assert delivery is not None, "UNIQUE(campaign, channel, aid) has just refused a second one"
    return _again(book, delivery, plan, when, by, ledger, now)


def _again(
    book: Book, delivery: Delivery, plan: Plan, when: When, by: Signature, ledger: Ledger, now: datetime
) -> Order:
    """Give the delivery that waits already the present words and the time ordered; others stay."""
    if delivery.cause is Cause.DIGEST and (digest := digest_with(delivery, ledger)):
        return _told(digest, f"aid {delivery.aid_id} is part of this digest, delivery {digest.id}")
    if when.keeps and waits(delivery):
        return moved(book, delivery, when, by, now)
    if book.replan(delivery.id, _still_approved(plan, delivery, now), now):
        by.put(book, delivery.id, "ordered", now)
        return _told(delivery, f"it was {delivery.state} already")
    return _told(delivery, "it was planned already")


def _still_approved(plan: Plan, delivery: Delivery, now: datetime) -> Plan:
    """Ask nobody again about exactly the post that somebody approved."""
    given = delivery.approval if delivery.state is State.PENDING else None
    if plan.cause is not Cause.APPROVAL or not given or not plan.post or why_unfit(given, plan.post, now):
        return plan
    return replace(plan, state=State.PENDING, cause=None, reason=None)


def _told(delivery: Delivery, note: str) -> Order:
    return Order(campaign=delivery.campaign, channel=delivery.channel, delivery_id=delivery.id, note=note)
