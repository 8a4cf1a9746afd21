"""Claim, publish, settle: two transactions around one publishing request."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.errors import (
    ClaimLost,
    FetchError,
    LedgerError,
    LedgerLost,
    LinkDoubtful,
    OutcomeUnknown,
    PictureRefused,
    PublishError,
    Refused,
    Unreachable,
)
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Finding, Picture, Post, Receipt
from spotlight_notify.model.records.attempts import Claim, Verdict
from spotlight_notify.model.schedule import Tempo
from spotlight_notify.model.words import Cause, Outcome, State
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import CheckLink, Clock, Jitter, LoadPicture, MayLeave, Publisher, Steady
from spotlight_notify.rules.approval import post_hash
from spotlight_notify.rules.proof import Adoption
from spotlight_notify.rules.retry import ONE_REQUEST, Retries, judge, judge_early
from spotlight_notify.text.times import utc_minute

Gate = Callable[[Post, str, Network], None]
"""Look at a post once more before it leaves (post, hashtag, network); Refused when it must not."""

Adopts = Callable[[Claim], Adoption]
"""Look whether the network holds an announcement of this claim's aid already; raises PublishErrors."""

SETTLE_AGAIN_SECONDS = 1.0
NOT_SEEN = "its picture could be had only now, so nobody has seen it"
BEHIND = (
    "the channel shows posts of ours that the ledger does not know: it is read once more before any is sent"
)
ADOPTED = "the network held its announcement already: that is recorded instead of repeated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivering:
    """What a delivery needs beside its publisher. ``claimant`` names this process in the record.

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
    steady: Steady


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How one attempt ended."""

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
        if claim.approved and post_hash(prepared.post) != post_hash(claim.post):
            return _ask_again(prepared), None
        adoption = _adopted(claim, parts)
        if (stopped := _stopped_by(adoption, claim, parts)) is not None:
            return stopped, adoption.receipt
        receipt = _published(claim, prepared, publisher, parts)
    except LinkDoubtful as doubt:
        return _asked(Cause.LINK, str(doubt)), None
    except _Stopped as stopped:
        return stopped.verdict, None
    except Refused as refusal:
        return _asked(Cause.RULE, str(refusal)), None
    except PublishError as error:
        return judge(error, claim, parts.retries, parts.clock(), parts.jitter), None
    return _sent(prepared, publisher, parts, adoption), receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    """A post as it leaves, and what was found on its link's page; ``note``: why it has no picture."""

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


def _sent(prepared: _Prepared, publisher: Publisher, parts: Delivering, adoption: Adoption) -> Verdict:
    rest = publisher.pace()
    return Verdict(
        state=State.SENT,
        outcome=Outcome.SENT,
        reason=prepared.note and f"sent as a link post, without its picture: {prepared.note}",
        findings=prepared.findings,
        channel_due_at=parts.clock() + rest if rest else None,
        post=prepared.post,
        known_until_at=adoption.known_until_at,
        behind_at=adoption.behind_at,
    )


def _stopped_by(adoption: Adoption, claim: Claim, parts: Delivering) -> Verdict | None:
    """Return what becomes of a delivery because of what its channel shows; None if it may leave."""
    if adoption.receipt is not None:
        verdict = Verdict(state=State.SENT, outcome=Outcome.SENT, reason=ADOPTED)
    elif adoption.question is not None:
        verdict = replace(_asked(Cause.FOUND, adoption.question), asked_about=adoption.asked_about)
    elif adoption.again_at is not None:
        verdict = Verdict(
            state=State.PENDING, outcome=Outcome.UNREACHABLE, reason=BEHIND, channel_due_at=adoption.again_at
        )
    elif (early := judge_early(claim, parts.retries, parts.clock())) is not None:
        verdict = early
    else:
        return None
    return replace(verdict, behind_at=adoption.behind_at)


def _adopted(claim: Claim, parts: Delivering) -> Adoption:
    try:
        return parts.adopts(claim)
    except PublishError:
        raise
    except LedgerError as error:
        raise Unreachable(f"what is public already could not be compared: {error}") from error
    except Exception as error:  # against the port's promise; nothing has left yet
        raise Unreachable(f"the look failed unexpectedly: {type(error).__name__}: {error}") from error


def _asked(cause: Cause, reason: str, post: Post | None = None) -> Verdict:
    return Verdict(state=State.PROPOSED, outcome=Outcome.REJECTED, reason=reason, cause=cause, post=post)


def _ask_again(prepared: _Prepared) -> Verdict:
    """Have the post approved that there is now: its pictures are not those that a person said yes to."""
    why = f"its picture cannot be had ({prepared.note})" if prepared.note else NOT_SEEN
    return _asked(Cause.APPROVAL, f"awaits approval again: {why}", prepared.post)


def _over(at: datetime) -> Verdict:
    reason = f"its event began, or it expired, at {utc_minute(at)}, while it was made ready"
    return Verdict(state=State.SKIPPED, outcome=Outcome.REJECTED, reason=reason, cause=Cause.OVER)


class _Stopped(Exception):
    """What becomes of a delivery that must not leave any more, though all is ready."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__(verdict.reason)


def _confirm(claim: Claim, parts: Delivering) -> MayLeave:
    """Ask the ledger once more, right before the one request that makes a post public.

    Uploads may have outlived the lease, a hold or the aid itself; only what is in flight outlasts them. What
    leaves has time for its request before the lease ends and others look for it: that much from now on, by
    a clock that counts while this process is stopped and the machine sleeps.
    """
    began, now = parts.steady(), parts.clock()
    try:
        hold = parts.ledger.confirm(claim, now)
    except LedgerError as error:
        raise Unreachable(f"nothing was posted, the ledger does not confirm its claim: {error}") from error
    if hold is not None:
        reason = f"not sent: {hold.scope} is held by {hold.who}: {hold.reason}"
        raise _Stopped(Verdict(state=State.PENDING, outcome=Outcome.UNREACHABLE, reason=reason))
    if claim.over_at and claim.over_at <= now:
        raise _Stopped(_over(claim.over_at))
    needed = min(ONE_REQUEST, parts.lease / 2)
    if claim.leased_until_at - now < needed:
        raise Unreachable("nothing was posted: getting ready took longer than the claim's lease allows")
    return lambda: parts.steady() - began < needed.total_seconds()


def _pictures(claim: Claim, parts: Delivering) -> tuple[tuple[Picture, ...], str | None]:
    """Load all pictures, or say why one cannot be loaded: then the post goes out as a link post.

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


def _published(claim: Claim, prepared: _Prepared, publisher: Publisher, parts: Delivering) -> Receipt:
    key = f"{claim.delivery_id}-{post_hash(prepared.post)}"
    try:
        return publisher.publish(prepared.post, prepared.pictures, partial(_confirm, claim, parts), key)
    except (PublishError, _Stopped):
        raise
    except Exception as error:  # against the port's promise; what is not known to be safe is unknown
        raise OutcomeUnknown(f"the publisher failed unexpectedly: {type(error).__name__}") from error


def _settle(settled: Settled, parts: Delivering) -> None:
    while True:
        try:
            parts.ledger.settle(settled.claim, settled.verdict, settled.receipt, parts.clock())
            return
        except (ClaimLost, LedgerLost) as error:
            raise type(error)(f"{error}; {_outcome(settled)}") from error
        except LedgerError as error:
            if parts.clock() >= settled.claim.leased_until_at:
                raise LedgerError(f"{error}; not on record: {_outcome(settled)}") from error
        parts.pause(SETTLE_AGAIN_SECONDS)


def _outcome(settled: Settled) -> str:
    claim, receipt = settled.claim, settled.receipt
    told = f"post {receipt.post_id} {receipt.url or ''}".rstrip() if receipt else settled.verdict.reason
    return f"delivery {claim.delivery_id} on {claim.channel} was {settled.verdict.outcome}: {told}"
