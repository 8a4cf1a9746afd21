"""Carry out an order to announce: record it, then send it from this process if nothing forbids it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from spotlight_notify.announcing import Order, announce_aid, places_for
from spotlight_notify.app import App, pause
from spotlight_notify.cli.output import short_time
from spotlight_notify.cli.wanted import Wanted
from spotlight_notify.errors import Refused
from spotlight_notify.model import Outcome, State
from spotlight_notify.records import Delivery

PATIENCE_SECONDS = 60.0
"""How long to wait for another process that has the delivery or its channel in hand."""
LOOK_EVERY_SECONDS = 0.2


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

    @property
    def undone(self) -> bool:
        """Tell whether a person must look at it."""
        return self.state in (State.FAILED, State.UNSURE, State.PROPOSED)


def carry_out(app: App, wanted: Wanted, to: Sequence[str], due_at: datetime | None) -> tuple[End, ...]:
    """Record the order, send what is due from here, and tell how each channel's delivery stands."""
    now = app.clock()
    if due_at is not None and due_at <= now:
        raise Refused(f"{short_time(due_at)} has passed; leave out --at to announce now")
    aid = wanted.aid(app.ledger)
    places = places_for(aid.source, app.campaigns, to)
    orders = announce_aid(aid, places, ledger=app.ledger, render=app.render, due_at=due_at, now=now)
    return tuple(_end(app, order) for order in orders)


def _end(app: App, order: Order) -> End:
    outcome = _send(app, order)
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
    )


def _send(app: App, order: Order) -> Outcome | None:
    """Send the delivery from here, or wait until who has it in hand is done; the outcome, if it was ours."""
    waited = 0.0
    while waited < PATIENCE_SECONDS:
        settled = app.deliver_next(order.channel, delivery_id=order.delivery_id)
        if settled is not None:
            return settled.verdict.outcome
        if not _worth_waiting(app, order):
            return None
        pause(LOOK_EVERY_SECONDS)
        waited += LOOK_EVERY_SECONDS
    return None


def _worth_waiting(app: App, order: Order) -> bool:
    delivery = app.ledger.delivery(order.delivery_id)
    if delivery.state is State.SENDING:
        return True
    now = app.clock()
    due = delivery.state is State.PENDING and delivery.due_at <= now
    return due and _hindrance(app, order.channel, now) is None


def _hindrance(app: App, channel: str, now: datetime) -> str | None:
    status = next(c for c in app.ledger.channels() if c.name == channel)
    if status.paused_at:
        return f"the channel is paused: {status.paused_reason}"
    if status.due_at and status.due_at > now:
        return f"the channel rests until {short_time(status.due_at)}"
    return None


def _sentence(app: App, order: Order, delivery: Delivery) -> str:
    now = app.clock()
    match delivery.state:
        case State.SENT:
            sentence = (
                f"sent {delivery.receipt.url or delivery.receipt.post_id}" if delivery.receipt else "sent"
            )
        case State.PENDING if delivery.due_at > now:
            sentence = f"goes out {short_time(delivery.due_at)}"
        case State.PENDING:
            sentence = f"waits: {_hindrance(app, order.channel, now) or 'the daemon will send it'}"
        case _:
            sentence = f"{delivery.state}: {delivery.reason}"
    return f"{sentence} ({order.note})" if order.note and delivery.state is not State.PROPOSED else sentence
