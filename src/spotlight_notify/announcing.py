"""Carry out a person's order: record an aid if it is new, and plan its deliveries for now or a set time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from spotlight_notify.errors import UnknownName
from spotlight_notify.model import Aid, Campaign, Channel, Plan, State
from spotlight_notify.planning import plan_delivery
from spotlight_notify.ports import Book, Ledger, Render
from spotlight_notify.records import KnownAid

ON_DEMAND = "on-demand"
"""The source of aids that a person announced by title and link."""


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
    render: Render,
    due_at: datetime | None,
    now: datetime,
) -> tuple[Order, ...]:
    """Record the aid (if new) and a delivery for each place, due at ``due_at`` or now, in one transaction.

    What is announced or planned already is never planned again; a waiting delivery is made due.
    """
    with ledger.recording(aid.source) as book:
        known = book.match([aid]).get(aid.key) or book.add(aid, baseline=False, now=now)
        plans = [plan_delivery(aid, c, channel, render, now) for c, channel in places]
        planned = [(plan, _plan(book, known, _on_time(plan, due_at or now), now)) for plan in plans]
    return tuple(order or _existing(plan, known, ledger, due_at, now) for plan, order in planned)


def _on_time(plan: Plan, due_at: datetime) -> Plan:
    return replace(plan, due_at=due_at, reason=None) if plan.state is State.PENDING else plan


def _plan(book: Book, known: KnownAid, plan: Plan, now: datetime) -> Order | None:
    """Plan a delivery, or point at the one another source's aid has; None if this aid has one already."""
    earlier = book.announced_elsewhere(known.aid, plan.campaign, plan.channel)
    delivery_id = earlier.id if earlier else book.plan(known.id, plan, now)
    if delivery_id is None:
        return None
    note = f"announced already by source {earlier.source}" if earlier else plan.reason
    return Order(campaign=plan.campaign, channel=plan.channel, delivery_id=delivery_id, note=note)


def _existing(plan: Plan, known: KnownAid, ledger: Ledger, due_at: datetime | None, now: datetime) -> Order:
    """Point at the delivery the aid has already; one that waits is made due, unless a time was set."""
    delivery = ledger.deliveries(aid_id=known.id, campaign=plan.campaign, channel=plan.channel)[0]
    note = "it was planned already"
    if delivery.state is State.PENDING and due_at is None:
        with ledger.recording(known.aid.source) as book:
            book.hasten(delivery.id, now)
        note = "it was waiting"
    return Order(campaign=plan.campaign, channel=plan.channel, delivery_id=delivery.id, note=note)
