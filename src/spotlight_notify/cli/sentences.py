"""Tell in a sentence how a delivery that a person ordered stands."""

from datetime import datetime

from spotlight_notify.cli.times import told, zone_of
from spotlight_notify.model.records.orders import Takedown
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.status import Outlook
from spotlight_notify.rules.schedule.windows import is_open_for

AWAITS = "awaits approval: "
UNDONE = (State.FAILED, State.UNSURE, State.PROPOSED, State.SENDING)


def sentence_on(
    delivery: Delivery, outlook: Outlook, note: str | None, takedown: Takedown | None = None
) -> str:
    """Say how a delivery stands, and in brackets what else there is to know of it."""
    notes = [each.removeprefix(AWAITS) for each in (note, delivery.reason) if each]
    match delivery.state:
        case State.SENT if takedown:
            words = f"was sent, and ordered down by {takedown.who}: {takedown.reason}"
            notes = notes if takedown.done_at else ["it is not known to be gone", *notes]
        case State.SENT:
            words = f"sent {delivery.receipt.url or delivery.receipt.post_id}" if delivery.receipt else "sent"
        case State.PENDING:
            words, *more = _waiting(delivery, outlook)
            notes = [*more, *notes]
        case State.SENDING:
            words = "another process is sending it; see: spotlight-notify deliveries"
        case State.PROPOSED if delivery.cause is Cause.APPROVAL:
            words = f"{AWAITS}approve {delivery.id} --by NAME"
        case _:
            words, notes = f"{delivery.state}: {delivery.reason}", [note] if note else []
    rest = "; ".join(dict.fromkeys(each for each in notes if each not in words))
    return f"{words} ({rest})" if rest else words


def goes_at(delivery: Delivery, outlook: Outlook) -> datetime | None:
    """Tell when a delivery goes by the forecast; None when it does not wait, or something stops it."""
    return outlook.goes_at.get(delivery.id) if delivery.state is State.PENDING else None


def is_undone(delivery: Delivery, outlook: Outlook) -> bool:
    """Tell whether a person must look at a delivery before it goes."""
    if delivery.state is State.PENDING:
        return delivery.due_at <= outlook.now and _hindrance(delivery, outlook) is not None
    return delivery.state in UNDONE


def _waiting(delivery: Delivery, outlook: Outlook) -> tuple[str, ...]:
    """Say what a delivery waits for, and then why."""
    zone = zone_of(
        delivery.campaign,
        delivery.channel,
        {} if outlook.tempo is None else {delivery.channel: outlook.tempo},
    )
    hindrance, at = _hindrance(delivery, outlook), goes_at(delivery, outlook)
    if hindrance and delivery.due_at > outlook.now:
        return f"goes out {told(delivery.due_at, zone)}, unless it is stopped then as it is now", hindrance
    if hindrance:
        return (f"waits: {hindrance}",)
    if at is None:
        return ("waits: the hours of its channel and campaign leave no room for it in the next 400 days",)
    if at <= outlook.now:
        return ("waits: the daemon will send it",)
    return f"goes out {told(at, zone)}", *_why_later(delivery, outlook, at)


def _hindrance(delivery: Delivery, outlook: Outlook) -> str | None:
    status, hold = outlook.status, outlook.queue.held.get(delivery.id)
    if status.paused_at:
        return f"the channel is paused: {status.paused_reason}"
    if hold:
        return str(hold)
    return None


def _why_later(delivery: Delivery, outlook: Outlook, at: datetime) -> tuple[str, ...]:
    """Say why a delivery goes later than it is due."""
    if at <= delivery.due_at or outlook.tempo is None:
        return ()
    if delivery.due_at > outlook.now:
        return ("later than ordered, since its hours are closed then, or their gap and caps want it so",)
    if outlook.status.due_at and outlook.status.due_at > outlook.now:
        return ("its channel rests until then, as the network wished",)
    if not delivery.any_hour and not is_open_for(outlook.tempo, delivery.campaign, outlook.now):
        return ("its hours are closed now; --now passes them",)
    return ("the gap and the caps of its hours want it so",)
