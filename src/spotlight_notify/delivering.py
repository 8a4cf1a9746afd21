"""Claim, publish, settle: two transactions around one publishing request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from spotlight_notify.errors import FetchError, PublishError, Refused
from spotlight_notify.model import Campaign, Network, Outcome, Picture, Post, Receipt, State
from spotlight_notify.ports import Clock, Jitter, Ledger, LoadPicture, Publisher
from spotlight_notify.records import Claim, Verdict
from spotlight_notify.retrying import Retries, judge

Gate = Callable[[Post, str, Network], None]
"""Look at a post once more before it leaves (post, hashtag, network); Refused when it must not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivering:
    """Hold what a delivery needs beside its publisher. ``claimant`` names this process in the record."""

    ledger: Ledger
    campaigns: Mapping[str, Campaign]
    gate: Gate
    load_picture: LoadPicture
    clock: Clock
    jitter: Jitter
    claimant: str
    lease: timedelta
    retries: Retries


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Tell how one attempt ended."""

    claim: Claim
    verdict: Verdict
    receipt: Receipt | None


def deliver_next(
    channel: str, publisher: Publisher, parts: Delivering, *, delivery_id: int | None = None
) -> Settled | None:
    """Send the channel's next due delivery (or just the one named) once; None if none can be claimed.

    The claim is committed before the request leaves and the settlement after it. If the settlement cannot
    be written (LedgerError), the delivery stays *sending* and turns *unsure* when its lease ends.
    """
    claim = parts.ledger.claim_due(
        channel, parts.clock(), parts.lease, parts.claimant, delivery_id=delivery_id
    )
    if claim is None:
        return None
    verdict, receipt = _send(claim, publisher, parts)
    parts.ledger.settle(claim, verdict, receipt, parts.clock())
    return Settled(claim=claim, verdict=verdict, receipt=receipt)


def _send(claim: Claim, publisher: Publisher, parts: Delivering) -> tuple[Verdict, Receipt | None]:
    try:
        _pass_gate(claim, publisher.network, parts)
        pictures, note = _pictures(claim.post, publisher.network, parts.load_picture)
        receipt = publisher.publish(claim.post, pictures)
    except Refused as refusal:
        return Verdict(state=State.FAILED, outcome=Outcome.REJECTED, reason=str(refusal)), None
    except PublishError as error:
        return judge(error, claim.tries, parts.retries, parts.clock(), parts.jitter), None
    return Verdict(state=State.SENT, outcome=Outcome.SENT, reason=note), receipt


def _pass_gate(claim: Claim, network: Network, parts: Delivering) -> None:
    campaign = parts.campaigns.get(claim.campaign)
    if campaign is None:
        raise Refused(f"campaign {claim.campaign} is no longer in the configuration")
    parts.gate(claim.post, campaign.hashtag, network)


def _pictures(post: Post, network: Network, load: LoadPicture) -> tuple[tuple[Picture, ...], str | None]:
    """Load all pictures; if one cannot be had the post goes out as a link post, and the record says so."""
    try:
        return tuple(load(image, network) for image in post.images), None
    except FetchError as error:
        return (), f"sent as a link post, without its picture: {error}"
