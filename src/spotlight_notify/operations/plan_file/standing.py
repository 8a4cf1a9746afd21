"""Find what stands already where a plan file's row would go; Refused where a person took it out."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from spotlight_notify.model.errors import Refused
from spotlight_notify.model.records.standing import Delivery, KnownAid
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.announce.digest_members import (
    cancelled_digest,
    digest_with,
    standing_digest,
    why_cancelled,
)
from spotlight_notify.operations.announce.orders import When, waits
from spotlight_notify.ports.ledger import Ledger

PUBLIC = (State.SENDING, State.SENT, State.UNSURE)
"""States in which a delivery is an announcement, or may be one."""
PASSED_OVER = (Cause.BASELINE, Cause.TOO_OLD)
"""Why aids were skipped that nobody has ordered yet."""

Spot = tuple[str, str]
"""A campaign and a channel, by name."""


def standing_aid(
    known: KnownAid | None, spots: Sequence[Spot], *, is_past: bool, ledger: Ledger
) -> tuple[Delivery | None, ...]:
    """Find, for each place, an aid's delivery, or its digest's, that is not to be planned anew.

    That is what waits or is public; when its time has passed, whatever became of it. Refused, with all of
    them, where one was cancelled.
    """
    found = tuple(_standing(known, spot, is_past, ledger) for spot in spots)
    _refuse_cancelled(found, ledger)
    return found


def standing_digests(
    theme: str, spots: Sequence[Spot], when: When, ledger: Ledger, now: datetime
) -> tuple[Delivery | None, ...]:
    """Find, for each place, the digest of a theme that is not to be planned anew; Refused as above."""
    found = tuple(
        standing_digest(theme, *spot, due_at, ledger, now) or cancelled_digest(theme, *spot, due_at, ledger)
        for spot in spots
        for due_at in [when.due_at(spot[0], now)]
    )
    _refuse_cancelled(found, ledger)
    return found


def had_its_time(delivery: Delivery | None, now: datetime) -> bool:
    """Return whether a delivery was ordered for a time that has come, though it may be tried again later."""
    if delivery is None:
        return False
    return not waits(delivery) or delivery.due_at <= now or delivery.tries > 0


def _standing(known: KnownAid | None, spot: Spot, is_past: bool, ledger: Ledger) -> Delivery | None:
    if known is None:
        return None
    campaign, channel = spot
    for each in ledger.deliveries(aid_id=known.id, campaign=campaign, channel=channel):
        if each.cause is Cause.DIGEST and (digest := digest_with(each, ledger)):
            return digest
        if each.state in (*PUBLIC, State.CANCELLED) or waits(each):
            return each
        if is_past and each.cause not in PASSED_OVER:
            return each
    return None


def _refuse_cancelled(found: Iterable[Delivery | None], ledger: Ledger) -> None:
    """Refuse to bring back by a file what a person took out."""
    cancelled = [each for each in found if each and each.state is State.CANCELLED]
    if cancelled:
        raise Refused("; ".join(why_cancelled(each, ledger) for each in cancelled))
