"""Carry out a person's order: record an aid if it is new, and plan its deliveries for now or a set time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from spotlight_notify.errors import UnknownName
from spotlight_notify.model import ON_DEMAND, Aid, Campaign, Channel, Plan, State
from spotlight_notify.planning import Writing, plan_delivery
from spotlight_notify.ports import Book, Ledger
from spotlight_notify.records import KnownAid


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Point at the delivery that carries an order out on one channel; ``note`` tells what is unusual."""

    campaign: str
    channel: str
    delivery_id: int
    note: str | None


def places_for(
    source: str, campaigns: Sequence[Campaign], to: Collection[str]
) -> tuple[tuple[Campaign, Channel], ...]:
    """Name the campaigns and channels an aid of this source can go to; ``to`` narrows them by channel name.

    UnknownName if ``to`` holds a channel that no such campaign has, or if nothing is left.
    """
    listening = [c for c in campaigns if source in (ON_DEMAND, *c.sources)]
    places = [(c, channel) for c in listening for channel in c.channels]
    names = sorted({channel.name for _, channel in places})
    if unknown := sorted(set(to) - set(names)):
        raise UnknownName(f"no channel {', '.join(unknown)} for this aid; there is: {', '.join(names)}")
    if not places:
        raise UnknownName(f"no campaign listens to source {source}; see [campaigns.*] in the configuration")
    return tuple(place for place in places if not to or place[1].name in to)


def announce_aid(
    aid: Aid,
    places: Sequence[tuple[Campaign, Channel]],
    *,
    ledger: Ledger,
    writing: Writing,
    due_at: datetime | None,
    now: datetime,
) -> tuple[Order, ...]:
    """Record the aid (if new) and a delivery for each place, due at ``due_at`` or now, in one transaction.

    What is announced or on its way is never planned again; a delivery that waits, or was proposed, gets the
    present words and this time.
    """
    with ledger.recording(aid.source) as book:
        known = _recorded(book, aid, now)
        plans = [plan_delivery(aid, c, channel, writing, now, by_hand=True) for c, channel in places]
        return tuple(_order(book, known, _on_time(plan, due_at or now), now) for plan in plans)


def _recorded(book: Book, aid: Aid, now: datetime) -> KnownAid:
    """Give the aid's record, made now if it is new; pictures found since then are put into it."""
    known = book.match([aid]).get(aid.key)
    if known is None:
        return book.add(aid, baseline=False, now=now)
    if known.aid.images != aid.images:
        book.refresh(known.id, replace(known.aid, images=aid.images))
    return known


def _on_time(plan: Plan, due_at: datetime) -> Plan:
    return replace(plan, due_at=due_at, reason=None) if plan.state is State.PENDING else plan


def _order(book: Book, known: KnownAid, plan: Plan, now: datetime) -> Order:
    """Plan a delivery, or point at the one there is: another source's aid's, or this aid's own."""
    note: str | None
    earlier = book.announced_elsewhere(known.aid, plan.campaign, plan.channel)
    if earlier:
        delivery_id, note = earlier.id, f"announced already by source {earlier.source}"
    elif new_id := book.plan(known.id, plan, now):
        delivery_id, note = new_id, plan.reason
    else:
        delivery_id, note = _again(book, known, plan, now)
    return Order(campaign=plan.campaign, channel=plan.channel, delivery_id=delivery_id, note=note)


def _again(book: Book, known: KnownAid, plan: Plan, now: datetime) -> tuple[int, str | None]:
    """Give the delivery that waits already the present words and the time ordered; others stay."""
    delivery = book.delivery_of(known.id, plan.campaign, plan.channel)
    assert delivery is not None, "UNIQUE(campaign, channel, aid) has just refused a second one"
    if book.replan(delivery.id, plan, now):
        return delivery.id, plan.reason or f"it was {delivery.state} already"
    return delivery.id, "it was planned already"
