"""Ask the platform about unsure deliveries, and settle them by what is found."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from spotlight_notify.errors import PublishError
from spotlight_notify.matching import matches
from spotlight_notify.model import LivePost, State, Timeline
from spotlight_notify.ports import Clock, Jitter, Ledger, Looker
from spotlight_notify.records import Conclusion, Doubt
from spotlight_notify.retrying import wait_before

LOOK_LEASE = timedelta(seconds=15)
"""A look-up that was begun and never settled is begun again after this; two at once only cost reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Say how a post's absence is proven, and how a look-up that fails is repeated.

    ``apart``: two looks that do not find the post count as proof only when they lie this far apart, since
    timelines may lag. ``resends``: how often a proven absence lets a delivery be sent again by itself.
    """

    apart: timedelta = timedelta(minutes=2)
    resends: int = 1
    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolving:
    """Hold what resolving needs beside the channel's looker."""

    ledger: Ledger
    clock: Clock
    jitter: Jitter
    patience: Patience


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Tell what one look-up found for one unsure delivery."""

    doubt: Doubt
    conclusion: Conclusion


def resolve_channel(channel: str, looker: Looker, parts: Resolving) -> tuple[Resolved, ...]:
    """Look up the channel's doubts that are due, oldest first; nothing is ever sent in here.

    The look reads only; each conclusion is committed by itself, and only if nobody else has moved the
    delivery.
    """
    told = []
    for doubt in parts.ledger.doubts(parts.clock()):
        now = parts.clock()
        if doubt.channel != channel or not parts.ledger.claim_look(doubt.delivery_id, now, now + LOOK_LEASE):
            continue
        conclusion = _look(doubt, looker, parts)
        if parts.ledger.settle_look(doubt, conclusion, parts.clock()):
            told.append(Resolved(doubt=doubt, conclusion=conclusion))
    return tuple(told)


def judge_look(
    doubt: Doubt, timeline: Timeline, taken: Collection[str], patience: Patience, now: datetime
) -> Conclusion:
    """Say what a look that succeeded proves. ``taken``: posts that are the receipts of other deliveries."""
    fitting = [post for post in matches(doubt.post, timeline) if post.receipt.post_id not in taken]
    conclusion = Conclusion(state=State.UNSURE, reason="", found=len(fitting), read=timeline.read)
    if len(fitting) == 1:
        receipt = fitting[0].receipt
        return replace(conclusion, state=State.SENT, receipt=receipt, reason="found on the network once")
    if fitting:
        return replace(conclusion, reason=_several(fitting), look_at=now + patience.longest)
    if not timeline.complete:
        reason = "the network shows too few of its posts to prove that this one is absent"
        return replace(conclusion, reason=reason, look_at=now + patience.longest)
    return _absent(doubt, conclusion, patience, now)


def _look(doubt: Doubt, looker: Looker, parts: Resolving) -> Conclusion:
    try:
        timeline = looker.timeline(doubt.since, doubt.post.reply_to)
    except PublishError as error:
        return _failed(doubt, str(error), parts)
    fitting = [live.receipt.post_id for live in matches(doubt.post, timeline)]
    taken = parts.ledger.receipts(doubt.channel, fitting)
    return judge_look(doubt, timeline, taken, parts.patience, parts.clock())


def _failed(doubt: Doubt, reason: str, parts: Resolving) -> Conclusion:
    patience = parts.patience
    wait = wait_before(doubt.failed_looks, patience.first, patience.longest, parts.jitter)
    return Conclusion(
        state=State.UNSURE,
        reason=f"the look-up failed: {reason}" if "look-up failed" not in reason else reason,
        found=None,
        look_at=parts.clock() + max(wait, patience.first),
        absent_at=doubt.absent_at,
    )


def _absent(doubt: Doubt, conclusion: Conclusion, patience: Patience, now: datetime) -> Conclusion:
    if doubt.absent_at is None:
        reason = "not on the network at the first look; it is looked up once more"
        return replace(conclusion, reason=reason, absent_at=now, look_at=now + patience.apart)
    if now - doubt.absent_at < patience.apart:
        reason = "not on the network; the looks are too close together to prove it"
        look_at = doubt.absent_at + patience.apart
        return replace(conclusion, reason=reason, absent_at=doubt.absent_at, look_at=look_at)
    if doubt.resent >= patience.resends:
        reason = "not on the network, though sent again once already: a person must decide"
        return replace(conclusion, reason=reason, absent_at=doubt.absent_at)
    return replace(conclusion, state=State.PENDING, reason="proven absent by two looks; it is sent again")


def _several(fitting: list[LivePost]) -> str:
    ids = ", ".join(live.receipt.post_id for live in fitting)
    return f"found {len(fitting)} times ({ids}): a person must decide which is the one"
