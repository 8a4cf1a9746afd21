"""Carry out an order to announce: record it, then send it from this process if nothing forbids it."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from spotlight_notify.announcing import Order, announce_aid, places_for
from spotlight_notify.app import App
from spotlight_notify.cli.output import short_time
from spotlight_notify.cli.wanted import Wanted
from spotlight_notify.errors import Refused
from spotlight_notify.model import Aid, Outcome, State
from spotlight_notify.records import ChannelStatus, Delivery

PATIENCE_SECONDS = 60.0
"""How long to wait for another process that has the delivery or its channel in hand."""
LOOK_EVERY_SECONDS = 0.2
UNDONE = (State.FAILED, State.UNSURE, State.PROPOSED, State.SENDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Tell how an order ended on one channel, in a sentence for a person."""

    campaign: str
    channel: str
    delivery_id: int
    state: State
    sentence: str
    text: str | None
    link: str | None
    post_id: str | None
    url: str | None
    token_refused: bool
    undone: bool
    """A person must look at it."""


def carry_out(
    app: App, wanted: Wanted, to: Sequence[str], due_at: datetime | None, stopping: threading.Event
) -> tuple[End, ...]:
    """Record the order, send what is due from here, and tell how each channel's delivery stands.

    When ``stopping`` is set, the post in flight is finished and recorded, and the others wait.
    """
    now = app.clock()
    app.ledger.strand(now)
    if due_at is not None and due_at <= now:
        raise Refused(f"{short_time(due_at)} has passed; leave out --at to announce now")
    aid = wanted.illustrated(wanted.aid(app.ledger), app.illustrate)
    _refuse_lost_picture(wanted, aid)
    places = places_for(aid.source, app.campaigns, to)
    orders = announce_aid(aid, places, ledger=app.ledger, writing=app.writing, due_at=due_at, now=now)
    return tuple(_end(app, order, stopping) for order in orders)


def _refuse_lost_picture(wanted: Wanted, aid: Aid) -> None:
    """Refuse an order whose picture cannot go along: a post cannot be unsent."""
    lost = [image for image in aid.images if image.digest is None] if wanted.image else []
    if lost:
        why = lost[0].trouble or "it cannot be had now"
        raise Refused(f"the picture cannot be used, so nothing is sent: {why}")


def _end(app: App, order: Order, stopping: threading.Event) -> End:
    outcome = _send(app, order, stopping)
    delivery = app.ledger.delivery(order.delivery_id)
    post, receipt = delivery.post, delivery.receipt
    return End(
        campaign=order.campaign,
        channel=order.channel,
        delivery_id=delivery.id,
        state=delivery.state,
        sentence=_sentence(app, order, delivery),
        text=post.text if post else None,
        link=post.link if post else None,
        post_id=receipt.post_id if receipt else None,
        url=receipt.url if receipt else None,
        token_refused=outcome is Outcome.UNAUTHORIZED,
        undone=delivery.state in UNDONE or (_is_due(app, delivery) and _paused(app, order.channel)),
    )


def _send(app: App, order: Order, stopping: threading.Event) -> Outcome | None:
    """Send the delivery from here, or wait until who has it in hand is done; the outcome, if it was ours."""
    waited = 0.0
    while waited < PATIENCE_SECONDS and not stopping.is_set():
        settled = app.deliver_next(order.channel, delivery_id=order.delivery_id)
        if settled is not None:
            return settled.verdict.outcome
        if not _worth_waiting(app, order):
            return None
        stopping.wait(LOOK_EVERY_SECONDS)
        waited += LOOK_EVERY_SECONDS
    return None


def _worth_waiting(app: App, order: Order) -> bool:
    delivery = app.ledger.delivery(order.delivery_id)
    if delivery.state is State.SENDING:
        return True
    return _is_due(app, delivery) and _hindrance(app, order.channel) is None


def _is_due(app: App, delivery: Delivery) -> bool:
    return delivery.state is State.PENDING and delivery.due_at <= app.clock()


def _status(app: App, channel: str) -> ChannelStatus:
    return next(c for c in app.ledger.channels() if c.name == channel)


def _paused(app: App, channel: str) -> bool:
    return _status(app, channel).paused_at is not None


def _hindrance(app: App, channel: str) -> str | None:
    status = _status(app, channel)
    if status.paused_at:
        return f"the channel is paused: {status.paused_reason}"
    if status.due_at and status.due_at > app.clock():
        return f"the channel rests until {short_time(status.due_at)}"
    return None


def _sentence(app: App, order: Order, delivery: Delivery) -> str:
    notes = [note for note in (order.note, delivery.reason) if note]
    match delivery.state:
        case State.SENT:
            words = f"sent {delivery.receipt.url or delivery.receipt.post_id}" if delivery.receipt else "sent"
        case State.PENDING if not _is_due(app, delivery):
            words = f"goes out {short_time(delivery.due_at)}"
        case State.PENDING:
            words = f"waits: {_hindrance(app, order.channel) or 'the daemon will send it'}"
        case State.SENDING:
            words = "another process is sending it; see: spotlight-notify deliveries"
        case _:
            words, notes = f"{delivery.state}: {delivery.reason}", [order.note] if order.note else []
    told = "; ".join(dict.fromkeys(note for note in notes if note not in words))
    return f"{words} ({told})" if told else words
