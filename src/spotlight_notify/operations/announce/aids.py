"""Announce one aid: record it if it is new, and plan its deliveries for now or a set time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from spotlight_notify.model.aids import ON_DEMAND, SUCCESSOR, Aid
from spotlight_notify.model.campaigns import Plan
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.records.standing import Delivery, KnownAid
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.announce.digest_members import digest_with, is_down, why_cancelled
from spotlight_notify.operations.announce.orders import (
    Order,
    Place,
    Signature,
    When,
    moved,
    named,
    refuse_over,
    waits,
)
from spotlight_notify.ports.book import Book
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.rules.approval import post_hash, why_unfit
from spotlight_notify.rules.planning import Writing, plan_delivery


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
    or was proposed, gets the present words and this time. One that waits with a post that a person edited or
    approved gets this time alone, unless ``by`` wrote other words. What was taken down gets a successor, a
    delivery of its own. Refused if the aid is over by then.
    """
    for campaign, _ in places:
        refuse_over(aid, when.due_at(campaign.name, now), now)
    with ledger.recording(aid.source) as book:
        known = _recorded(book, aid, now)
        plans = [plan_delivery(aid, c, channel, writing, now, by_hand=True) for c, channel in places]
        writers = _writers(known, by, ledger)
        wanted = [replace(when.timed(plan, now), writers=writers) for plan in plans]
        orders = [_order(book, known, plan, when, by, ledger, now) for plan in wanted]
    pairs = [] if when.keeps else zip(orders, wanted, strict=True)
    gone = {order: plan for order, plan in pairs if _is_gone(order, ledger)}
    renewed = _renewed(aid, gone, when, by, ledger, now) if gone else {}
    return tuple(renewed.get(order, order) for order in orders)


def _recorded(book: Book, aid: Aid, now: datetime) -> KnownAid:
    """Return the aid's record, made now if it is new; else with the pictures and times that it has now."""
    known = book.match([aid]).get(aid.key)
    if known is None:
        return book.add(aid, baseline=False, now=now)
    told = replace(known.aid, images=aid.images, event_at=aid.event_at, event_found=aid.event_found)
    if aid.source == ON_DEMAND:
        told = replace(told, expires_at=aid.expires_at)
    if told != known.aid:
        book.refresh(known.id, told)
    return known


def _writers(known: KnownAid, by: Signature, ledger: Ledger) -> tuple[str, ...]:
    """Return whose words a new post has: who orders it, and who made its aid on demand."""
    if known.aid.source != ON_DEMAND:
        return by.writers
    oldest_first = reversed(ledger.deliveries(aid_id=known.id))
    first = next((each.writers for each in oldest_first if each.writers), ())
    return _unique((*first, *by.writers))


def _unique(writers: Iterable[str]) -> tuple[str, ...]:
    """Return the names in order, each once."""
    return tuple(dict.fromkeys(writers))


def _order(
    book: Book, known: KnownAid, plan: Plan, when: When, by: Signature, ledger: Ledger, now: datetime
) -> Order:
    """Plan a delivery, or point at the one there is: another source's aid's, or this aid's own."""
    earlier = book.decided_elsewhere(known.aid, plan.campaign, plan.channel)
    if earlier and earlier.state is not State.CANCELLED:
        return _told(earlier, f"announced already by source {earlier.source}")
    if new_id := book.plan(known.id, plan, now):
        by.put(book, new_id, "ordered", now)
        return Order(campaign=plan.campaign, channel=plan.channel, delivery_id=new_id, note=None)
    delivery = book.delivery_of(known.id, plan.campaign, plan.channel)
    assert delivery is not None, "UNIQUE(campaign, channel, aid) has just refused a second one"
    return _again(book, delivery, plan, when, by, ledger, now)


def _is_gone(order: Order, ledger: Ledger) -> bool:
    return is_down(ledger.delivery(order.delivery_id), ledger)


def _renewed(
    aid: Aid, gone: Mapping[Order, Plan], when: When, by: Signature, ledger: Ledger, now: datetime
) -> dict[Order, Order]:
    """Order the successors of posts that were taken down: new ones, unless there is one that is not down.

    All that are new have one aid, which counts as no other: the original's aid keeps its delivery as it was.
    """
    renewed: dict[Order, Order] = {}
    with ledger.recording(ON_DEMAND) as book:
        new: KnownAid | None = None
        for order, plan in gone.items():
            original = ledger.delivery(order.delivery_id)
            latest = _latest(original, ledger)
            if not is_down(latest, ledger):
                renewed[order] = _again(book, latest, plan, when, by, ledger, now)
                continue
            if new is None:
                made = replace(aid, source=ON_DEMAND, key=f"{SUCCESSOR}:{original.aid_id}")
                new = book.add(named(made, book), baseline=False, now=now)
            new_id = book.plan(new.id, plan, now)
            assert new_id is not None, "an aid that was made for this order has no delivery here"
            by.put(book, new_id, "ordered", now)
            book.sign(latest.id, f"renewed as delivery {new_id}", who=by.who, reason=by.reason, now=now)
            note = f"in place of delivery {latest.id}, which was taken down"
            renewed[order] = replace(order, delivery_id=new_id, note=note)
    return renewed


def _latest(original: Delivery, ledger: Ledger) -> Delivery:
    """Find the delivery that took the place of one that was taken down; itself if none did."""
    stem = f"{SUCCESSOR}:{original.aid_id}:"
    made = (each.id for each in ledger.aids(source=ON_DEMAND) if each.aid.key.startswith(stem))
    found = (one for aid_id in made for one in ledger.deliveries(aid_id=aid_id, channel=original.channel))
    here = [one for one in found if one.campaign == original.campaign]
    return max(here, key=lambda one: one.id, default=original)


def _again(
    book: Book, delivery: Delivery, plan: Plan, when: When, by: Signature, ledger: Ledger, now: datetime
) -> Order:
    """Give the delivery that is there the present words and the time ordered, or leave what must stay."""
    if delivery.cause is Cause.DIGEST and (digest := digest_with(delivery, ledger)):
        return _told(digest, f"aid {delivery.aid_id} is part of this digest, delivery {digest.id}")
    if when.keeps and delivery.state is State.CANCELLED:
        raise Refused(why_cancelled(delivery, ledger))
    if waits(delivery) and when.keeps:
        return moved(book, delivery, when, by, now)
    if waits(delivery) and not by.wrote and (stays := _stays(delivery)):
        return replace(moved(book, delivery, when, by, now), note=f"it was {delivery.state} already; {stays}")
    return _replanned(book, delivery, plan, by, now)


def _stays(delivery: Delivery) -> str | None:
    """Return why a post is not rewritten: a person approved it, or edited it; None if nobody did."""
    given = delivery.approval
    if given and delivery.post and given.digest == post_hash(delivery.post):
        return f"its post stays as {given.who} approved it"
    writers = " and ".join(delivery.writers)
    return f"its post stays as {writers} wrote it" if writers else None


def _replanned(book: Book, delivery: Delivery, plan: Plan, by: Signature, now: datetime) -> Order:
    """Rewrite a delivery unless it is public or on its way; what its post was is on record."""
    is_same = plan.post == delivery.post
    if is_same or delivery.source == ON_DEMAND:
        plan = replace(plan, writers=_unique((*delivery.writers, *plan.writers)))
    if book.replan(delivery.id, _still_approved(plan, delivery, now), now):
        by.put(book, delivery.id, "ordered", now, was=None if is_same else delivery.post)
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
