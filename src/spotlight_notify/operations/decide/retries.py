"""Let a delivery go that a person was asked about, or that was given up."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from spotlight_notify.model.advice import Deed, Said, advise, do
from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.states import FAILED_OR_UNSURE, RETRIABLE
from spotlight_notify.model.words import Cause, State
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.rules.approval import post_hash, why_approval
from spotlight_notify.rules.planning import present_plan
from spotlight_notify.text.times import utc_minute

OTHERWISE_ANSWERED = (Cause.APPROVAL, Cause.BRAKE)
"""Questions that this is no answer to; the ledger says which one is."""


def retry(
    delivery_id: int,
    *,
    ledger: Ledger,
    campaigns: Mapping[str, Campaign],
    who: str,
    reason: str,
    now: datetime,
    due_at: datetime | None = None,
) -> Delivery:
    """Make a delivery due, then or now, or have it approved first where its campaign asks; return it.

    What waits for a date, its aid's or one that a person gave it, keeps that unless another is given.
    Refused, and nothing written, when it is in another state, or must be announced again to be approved.
    """
    one = ledger.delivery(delivery_id)
    due_at = due_at or (one.due_at if has_a_date(one, now) else None)
    wanted = _why_approval(one, ledger, campaigns)
    if wanted is None:
        _let_go(one, ledger, who, reason, now, due_at)
    elif one.state is State.PROPOSED:
        _propose(one, wanted, ledger, who, reason, now, due_at)
    else:
        raise Refused(f"delivery {one.id} cannot go without approval: {wanted}; announce its aid again")
    return ledger.delivery(one.id)


def has_a_date(one: Delivery, now: datetime) -> bool:
    """Return whether a delivery's time is yet to come, and it is not only to be tried again then."""
    return one.due_at > now and one.tries == 0


def _why_approval(one: Delivery, ledger: Ledger, campaigns: Mapping[str, Campaign]) -> str | None:
    """Return why a person must approve it first: it never had leave to go, and its campaign asks for that."""
    campaign = campaigns.get(one.campaign)
    if campaign is None or one.post is None or one.cause in OTHERWISE_ANSWERED:
        return None
    approved = one.approval is not None and one.approval.digest == post_hash(one.post)
    if one.state not in RETRIABLE or one.state in FAILED_OR_UNSURE or approved:
        return None
    return why_approval(ledger.aid(one.aid_id).aid, one.findings, campaign.approval)


def _let_go(
    one: Delivery, ledger: Ledger, who: str, reason: str, now: datetime, due_at: datetime | None
) -> None:
    if not ledger.change_delivery(
        one.id, RETRIABLE, State.PENDING, who=who, reason=reason, now=now, due_at=due_at
    ):
        raise Refused(_unfit(ledger.delivery(one.id), now))


def _propose(
    one: Delivery,
    wanted: str,
    ledger: Ledger,
    who: str,
    reason: str,
    now: datetime,
    due_at: datetime | None,
) -> None:
    plan = replace(
        present_plan(one),
        state=State.PROPOSED,
        due_at=due_at or one.due_at,
        reason=f"awaits approval: {wanted}",
        cause=Cause.APPROVAL,
    )
    if not ledger.edit(one, plan, who=who, reason=reason, now=now):
        raise Refused(_unfit(ledger.delivery(one.id), now))


def _unfit(one: Delivery, now: datetime) -> Said:
    fits = f"delivery {one.id} is {one.state}; this fits only one that is: {', '.join(RETRIABLE)}"
    if one.state is not State.PENDING or one.due_at <= now:
        return fits
    time = utc_minute(one.due_at)
    return advise(
        f"{fits}; it waits for its time, {time}; to send it at once: ", do(Deed.ANNOUNCE, one.aid_id)
    )
