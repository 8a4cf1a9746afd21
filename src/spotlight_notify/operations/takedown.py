"""Take a post down: the order is on record before the request leaves, and its end after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from spotlight_notify.model.advice import Advice, Deed, Field, Said, advise, do
from spotlight_notify.model.campaigns import ApprovalPolicy, Campaign
from spotlight_notify.model.errors import (
    LedgerError,
    OutcomeUnknown,
    PublishError,
    Refused,
    Rejected,
    Unauthorized,
)
from spotlight_notify.model.networks import Network
from spotlight_notify.model.records.orders import Takedown
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.states import MAYBE_PUBLIC
from spotlight_notify.model.words import State
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import Clock, Publisher
from spotlight_notify.rules.approval import why_approval
from spotlight_notify.text.names import is_same_unspaced


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """Which delivery's post is to go, who wants that and why, and who approved it, if anybody did.

    ``approver``: how the record names who approved it, where that is not the name alone.
    """

    delivery_id: int
    who: str
    reason: str
    approved_by: str | None = None
    approver: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """A post that is gone.

    ``cancelled``: corrections that waited to stand under it. ``under``: those that were sent or are on their
    way, which may or may not have gone with it.
    """

    delivery: Delivery
    takedown: Takedown
    cancelled: tuple[int, ...]
    under: tuple[int, ...]


def take_down(
    wanted: Withdrawal,
    *,
    ledger: Ledger,
    publishers: Mapping[str, Publisher],
    campaigns: Sequence[Campaign],
    clock: Clock,
) -> Withdrawn:
    """Order a sent post off its network, remove it, and put on record that it is gone.

    Refused, and nothing ordered, when it was not sent, is held, its channel is paused, or nobody who may has
    approved it. Raises PublishErrors, once they are on record: the order stands, and the post does too, or
    perhaps does not after OutcomeUnknown; giving the order again harms nothing. LedgerError after the
    removal: it is gone all the same, and giving the order again puts that on record.
    """
    delivery = ledger.delivery(wanted.delivery_id)
    post_id = _post_id(delivery)
    _refuse_unapproved(delivery, wanted, ledger, campaigns)
    if delivery.channel not in publishers:
        raise Refused(f"the configuration has no channel {delivery.channel} any more")
    approver = wanted.approver or wanted.approved_by
    approved = f" (approved by {approver})" if approver else ""
    reason = f"{wanted.reason}{approved}"
    ledger.order_takedown(delivery.id, who=wanted.who, reason=reason, now=clock())
    try:
        _remove(publishers[delivery.channel], post_id)
    except PublishError as error:
        ledger.note_takedown(delivery.id, str(error), clock(), is_public=not error.may_be_public)
        raise
    network = publishers[delivery.channel].network
    cancelled = _settle(delivery.id, ledger, clock(), network)
    takedown = ledger.takedown(delivery.id)
    assert takedown is not None, "it was ordered above"
    replies = [each for each in ledger.deliveries(channel=delivery.channel) if _is_under(each, post_id)]
    return Withdrawn(
        delivery=delivery,
        takedown=takedown,
        cancelled=cancelled,
        under=tuple(each.id for each in replies if each.state in MAYBE_PUBLIC and _stands(each, ledger)),
    )


def public_twins_of(delivery: Delivery, ledger: Ledger) -> tuple[Delivery, ...]:
    """Return the other deliveries of the same aid that are public, and not known to be taken down."""
    sent = ledger.deliveries(aid_id=delivery.aid_id, states=(State.SENT,))
    return tuple(
        sorted(
            (each for each in sent if each.id != delivery.id and _stands(each, ledger)),
            key=lambda each: each.id,
        )
    )


def _post_id(delivery: Delivery) -> str:
    if delivery.state is State.UNSURE:
        raise Refused(
            advise(
                f"delivery {delivery.id} is unsure: its post may be public all the same. Look it up first (",
                do(Deed.LOOK_UP),
                "), or say where it is (",
                do(Deed.MARK_SENT, delivery.id),
                "); then order it down again",
            )
        )
    if delivery.state is not State.SENT or delivery.receipt is None:
        raise Refused(f"delivery {delivery.id} is {delivery.state}, not sent: there is nothing to take down")
    return delivery.receipt.post_id


def _refuse_unapproved(
    delivery: Delivery, wanted: Withdrawal, ledger: Ledger, campaigns: Sequence[Campaign]
) -> None:
    """Ask for an approval wherever the post itself needed one."""
    policy = next((each.approval for each in campaigns if each.name == delivery.campaign), ApprovalPolicy())
    aid = ledger.aid(delivery.aid_id).aid
    if not (asked := why_approval(aid, delivery.findings, policy)):
        return
    if why := _why_not_approved(wanted, policy):
        raise Refused(advise(f"{asked}, and so are takedowns: ", why))


def _why_not_approved(wanted: Withdrawal, policy: ApprovalPolicy) -> Said | None:
    name = (wanted.approved_by or "").strip()
    may = f"; that may: {', '.join(policy.approvers)}" if policy.approvers else ""
    if not name:
        return advise("say who approves it with ", Field("approved-by"), f" NAME{may}")
    if policy.approvers and name not in policy.approvers:
        return f"{name} may not approve{may}"
    if policy.four_eyes and is_same_unspaced(name, wanted.who):
        return f"{name} cannot both order and approve it"
    return None


def _remove(publisher: Publisher, post_id: str) -> None:
    try:
        publisher.remove(post_id)
    except PublishError:
        raise
    except Exception as error:  # against the port's promise; what is not known to be safe is unknown
        raise OutcomeUnknown(f"the publisher failed unexpectedly: {type(error).__name__}") from error


def _settle(delivery_id: int, ledger: Ledger, now: datetime, network: Network) -> tuple[int, ...]:
    try:
        return ledger.settle_takedown(delivery_id, now, with_replies=network.deletes_replies)
    except LedgerError as error:
        raise LedgerError(
            f"{error}; the post of delivery {delivery_id} is gone all the same: "
            "order it again to have that on record"
        ) from error


def _is_under(delivery: Delivery, post_id: str) -> bool:
    return delivery.post is not None and delivery.post.reply_to == post_id


def _stands(delivery: Delivery, ledger: Ledger) -> bool:
    takedown = ledger.takedown(delivery.id)
    return takedown is None or takedown.done_at is None


def what_now(error: PublishError, number: int) -> Advice:
    """Return what is known of the post, and what to do."""
    still, again = f"delivery {number} is still there: {error}.", do(Deed.TAKE_DOWN, number)
    match error:
        case OutcomeUnknown():
            gone_or_not = f"delivery {number} may be gone or not: {error}."
            return advise(f"{gone_or_not} Order it again, which harms nothing: ", again)
        case Unauthorized():
            return advise(f"{still} {error.advice}; then order it again: ", again)
        case Rejected():
            return advise(f"{still} If that can be mended, order it again: ", again)
        case _:
            return advise(f"{still} Order it again later: ", again)
