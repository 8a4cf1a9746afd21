"""Claim, publish, settle: two transactions around one publishing request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from spotlight_notify.approving import digest_of
from spotlight_notify.errors import (
    ClaimLost,
    FetchError,
    LedgerError,
    LinkDoubtful,
    OutcomeUnknown,
    PictureRefused,
    PublishError,
    Refused,
    Unreachable,
)
from spotlight_notify.model import Campaign, Cause, Finding, Network, Outcome, Picture, Post, Receipt, State
from spotlight_notify.ports import CheckLink, Clock, Jitter, Ledger, LoadPicture, Publisher
from spotlight_notify.records import Claim, Verdict
from spotlight_notify.retrying import Retries, judge
from spotlight_notify.timing import Tempo

Gate = Callable[[Post, str, Network], None]
"""Look at a post once more before it leaves (post, hashtag, network); Refused when it must not."""

Adopts = Callable[[Claim], Receipt | None]
"""Look whether the network holds a post with this claim's words or link already; raises PublishErrors."""

ONE_REQUEST = timedelta(seconds=75)
"""What one request may take by the wire's time limits; a claim with too little lease left sends nothing."""

SETTLE_AGAIN_SECONDS = 1.0
NOT_SEEN = "its picture could be had only now, so nobody has seen it"
ADOPTED = "the network held a post with this link already: it is recorded instead of repeated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivering:
    """Hold what a delivery needs beside its publisher. ``claimant`` names this process in the record.

    ``pause`` lets so many seconds pass; only a settlement that the ledger would not take waits.
    """

    ledger: Ledger
    campaigns: Mapping[str, Campaign]
    gate: Gate
    check_link: CheckLink
    load_picture: LoadPicture
    clock: Clock
    jitter: Jitter
    pause: Callable[[float], None]
    claimant: str
    lease: timedelta
    tempos: Mapping[str, Tempo]
    retries: Retries
    adopts: Adopts


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

    The claim is committed before the request leaves and the settlement after it. A settlement that the
    ledger does not take is tried again until the lease ends; then LedgerError says what should have been
    written, and the delivery turns *unsure*.
    """
    claim = parts.ledger.claim_due(
        channel,
        parts.clock(),
        parts.lease,
        parts.claimant,
        parts.tempos[channel],
        delivery_id=delivery_id,
        policies={name: campaign.approval for name, campaign in parts.campaigns.items()},
    )
    if claim is None:
        return None
    verdict, receipt = _send(claim, publisher, parts)
    settled = Settled(claim=claim, verdict=verdict, receipt=receipt)
    _settle(settled, parts)
    return settled


def _send(claim: Claim, publisher: Publisher, parts: Delivering) -> tuple[Verdict, Receipt | None]:
    try:
        prepared = _prepared(claim, publisher.network, parts)
        if claim.approved and digest_of(prepared.post) != digest_of(claim.post):
            return _ask_again(prepared), None
        receipt = _adopted(claim, parts)
        if receipt is not None:
            return Verdict(state=State.SENT, outcome=Outcome.SENT, reason=ADOPTED), receipt
        _refuse_too_late(claim, len(prepared.pictures), parts)
        _refuse_held(claim, parts)
        if claim.over_at and claim.over_at <= parts.clock():
            return _over(claim.over_at), None
        receipt = _published(prepared.post, prepared.pictures, publisher)
    except LinkDoubtful as doubt:
        return _asked(Cause.LINK, str(doubt)), None
    except _Held as held:
        return Verdict(state=State.PENDING, outcome=Outcome.UNREACHABLE, reason=str(held)), None
    except Refused as refusal:
        return Verdict(state=State.FAILED, outcome=Outcome.REJECTED, reason=str(refusal)), None
    except PublishError as error:
        return judge(error, claim, parts.retries, parts.clock(), parts.jitter), None
    return _sent(prepared, publisher, parts), receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    """Hold a post as it leaves, and what was found on its link's page; ``note``: why it has no picture."""

    post: Post
    pictures: tuple[Picture, ...]
    findings: tuple[Finding, ...]
    note: str | None


def _prepared(claim: Claim, network: Network, parts: Delivering) -> _Prepared:
    """Do all that can be done before the post leaves: nothing that goes wrong here makes anything public."""
    parts.gate(claim.post, parts.campaigns[claim.campaign].hashtag, network)
    findings = _checked(claim, network, parts)
    pictures, trouble = _pictures(claim, parts)
    named = zip(claim.post.images, pictures, strict=True) if pictures else ()
    images = tuple(replace(image, digest=picture.digest) for image, picture in named)
    return _Prepared(
        post=replace(claim.post, images=images),
        pictures=pictures,
        findings=findings,
        note=trouble,
    )


def _checked(claim: Claim, network: Network, parts: Delivering) -> tuple[Finding, ...]:
    """Ask the link, and tell what is wrong with its card; one that stays silent is asked about in the end."""
    try:
        return parts.check_link(claim.post.link, network)
    except FetchError as error:
        if claim.tries + 1 >= parts.retries.most:
            raise LinkDoubtful(f"the link does not answer, and all tries are used up: {error}") from error
        raise Unreachable(f"nothing was posted, the link does not answer: {error}") from error


def _sent(prepared: _Prepared, publisher: Publisher, parts: Delivering) -> Verdict:
    rest = publisher.pace()
    return Verdict(
        state=State.SENT,
        outcome=Outcome.SENT,
        reason=prepared.note and f"sent as a link post, without its picture: {prepared.note}",
        findings=prepared.findings,
        channel_due_at=parts.clock() + rest if rest else None,
        post=prepared.post,
    )


def _adopted(claim: Claim, parts: Delivering) -> Receipt | None:
    try:
        return parts.adopts(claim)
    except LedgerError as error:
        raise Unreachable(f"what is public already could not be compared: {error}") from error


def _asked(cause: Cause, reason: str, post: Post | None = None) -> Verdict:
    return Verdict(state=State.PROPOSED, outcome=Outcome.REJECTED, reason=reason, cause=cause, post=post)


def _ask_again(prepared: _Prepared) -> Verdict:
    """Have the post approved that there is now: its pictures are not those that a person said yes to."""
    why = f"its picture cannot be had ({prepared.note})" if prepared.note else NOT_SEEN
    return _asked(Cause.APPROVAL, f"awaits approval again: {why}", prepared.post)


def _over(at: datetime) -> Verdict:
    reason = f"its event began, or it expired, at {at:%Y-%m-%d %H:%M} UTC, while it was made ready"
    return Verdict(state=State.SKIPPED, outcome=Outcome.REJECTED, reason=reason, cause=Cause.OVER)


class _Held(Exception):
    """Say that a hold was placed while a post was being prepared."""


def _refuse_held(claim: Claim, parts: Delivering) -> None:
    """Ask once more just before the request leaves: only what is in flight outlasts a hold."""
    try:
        hold = parts.ledger.held(claim.delivery_id, parts.clock())
    except LedgerError as error:
        raise Unreachable(f"whether it is held could not be asked: {error}") from error
    if hold is not None:
        raise _Held(f"not sent: {hold.scope} is held by {hold.who}: {hold.reason}")


def _refuse_too_late(claim: Claim, pictures: int, parts: Delivering) -> None:
    """Let nothing leave that could become public when the lease is over and others look for it.

    Each picture takes two requests, its upload and its words, before the post's own, which may take three:
    looking for a lost draft, making one, making it public.
    """
    needed = ONE_REQUEST * (3 + 2 * pictures)
    if claim.leased_until_at - parts.clock() < min(needed, parts.lease / 2):
        raise Unreachable("getting the pictures, or looking first, took longer than the claim's lease allows")


def _pictures(claim: Claim, parts: Delivering) -> tuple[tuple[Picture, ...], str | None]:
    """Load all pictures, or tell why one cannot be had: then the post goes out as a link post.

    A post that was approved with it would be asked about again, so its site is given time to answer.
    """
    try:
        return tuple(parts.load_picture(image) for image in claim.post.images), None
    except LedgerError as error:
        raise Unreachable(f"nothing was posted, its picture could not be read: {error}") from error
    except FetchError as error:
        if claim.approved and claim.tries + 1 < parts.retries.most:
            raise Unreachable(f"nothing was posted, its picture cannot be had: {error}") from error
        return (), str(error)
    except PictureRefused as error:
        return (), str(error)


def _published(post: Post, pictures: tuple[Picture, ...], publisher: Publisher) -> Receipt:
    try:
        return publisher.publish(post, pictures, _at_once)
    except PublishError:
        raise
    except Exception as error:  # against the port's promise; what is not known to be safe is unknown
        raise OutcomeUnknown(f"the publisher failed unexpectedly: {type(error).__name__}") from error


def _at_once() -> None:
    """Let a post leave: all that may stop it was asked before its pictures were uploaded."""


def _settle(settled: Settled, parts: Delivering) -> None:
    while True:
        try:
            parts.ledger.settle(settled.claim, settled.verdict, settled.receipt, parts.clock())
            return
        except ClaimLost as error:
            raise ClaimLost(f"{error}; {_outcome(settled)}") from error
        except LedgerError as error:
            if parts.clock() >= settled.claim.leased_until_at:
                raise LedgerError(f"{error}; not on record: {_outcome(settled)}") from error
        parts.pause(SETTLE_AGAIN_SECONDS)


def _outcome(settled: Settled) -> str:
    claim, receipt = settled.claim, settled.receipt
    told = f"post {receipt.post_id} {receipt.url or ''}".rstrip() if receipt else settled.verdict.reason
    return f"delivery {claim.delivery_id} on {claim.channel} was {settled.verdict.outcome}: {told}"
