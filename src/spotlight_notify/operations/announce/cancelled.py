"""Say who took a delivery out, so that no plan puts it back in by itself."""

from datetime import datetime

from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import State
from spotlight_notify.operations.announce.digest_members import is_of
from spotlight_notify.ports.ledger import Ledger


def why_cancelled(delivery: Delivery, ledger: Ledger) -> str:
    """Say who cancelled a delivery that a plan wants, when and why, and what to do about it."""
    what = f"delivery {delivery.id} on {delivery.channel}"
    what = f"its digest, {what}," if delivery.is_digest else what
    changes = (each for each in ledger.changes() if each.delivery_id == delivery.id)
    change = next((each for each in changes if each.action.endswith(f"-> {State.CANCELLED}")), None)
    by = f" by {change.who}" if change else ""
    reason = f" ({delivery.reason})" if delivery.reason else ""
    at = f"{delivery.changed_at:%Y-%m-%d %H:%MZ}"
    return f"{what} was cancelled{by} at {at}{reason}: announce it by hand, or drop the row"


def cancelled_digest(
    theme: str, campaign: str, channel: str, due_at: datetime, ledger: Ledger
) -> Delivery | None:
    """Find the digest of a theme that was ordered here for that time, and that a person took out."""
    here = ledger.deliveries(campaign=campaign, channel=channel, states=[State.CANCELLED])
    return next((each for each in here if is_of(each, theme) and each.due_at == due_at), None)
