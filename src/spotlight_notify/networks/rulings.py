"""Say what an answer of a network means, as data, and turn it into one of the five errors."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from spotlight_notify.model.errors import (
    OutcomeUnknown,
    PublishError,
    Rejected,
    Throttled,
    Unauthorized,
    Unreachable,
)
from spotlight_notify.networks.secrecy import Secrecy
from spotlight_notify.text.invisible import in_one_line

LONGEST_MESSAGE = 600
"""Networks echo what they were sent; nobody reads more than this of it."""


class Meaning(StrEnum):
    """Name what an answer proves about a publishing request."""

    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    THROTTLED = "throttled"
    UNAUTHORIZED = "unauthorized"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Join a meaning with what a person must do, or how long to rest at least.

    ``unexplained``: the network does not say why.
    """

    meaning: Meaning
    advice: str = ""
    rest: timedelta | None = None
    unexplained: bool = False


REJECTED = Ruling(meaning=Meaning.REJECTED)
DUPLICATE = Ruling(meaning=Meaning.DUPLICATE)
THROTTLED = Ruling(meaning=Meaning.THROTTLED)
UNREACHABLE = Ruling(meaning=Meaning.UNREACHABLE)
UNKNOWN = Ruling(meaning=Meaning.UNKNOWN)


def unauthorized(advice: str, *, unexplained: bool = False) -> Ruling:
    """Rule that a person must act first."""
    return Ruling(meaning=Meaning.UNAUTHORIZED, advice=advice, unexplained=unexplained)


def suspect(advice: str, *, unexplained: bool = False) -> Ruling:
    """Rule that a post is refused, but that it may be the account; then a person must act."""
    return Ruling(meaning=Meaning.REJECTED, advice=advice, unexplained=unexplained)


def rest(**how_long: float) -> Ruling:
    """Rule that too much was sent, with a rest of our own choosing (as for ``timedelta``)."""
    return Ruling(meaning=Meaning.THROTTLED, rest=timedelta(**how_long))


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Hold what is known of a failure: its ruling, the words for it, and the network's own reset time."""

    ruling: Ruling
    words: str
    until_at: datetime | None = None


class BadAnswer(ValueError):
    """Say what is wrong with an answer that claims success; a clause, to stand after "but"."""


def as_it_is(evidence: Evidence) -> Evidence:
    """Read evidence of a failed publishing request: it proves what it proves."""
    return evidence


def before_publishing(evidence: Evidence) -> Evidence:
    """Read evidence of a failed preparation: nothing is public yet, nor does it repeat a post."""
    match evidence.ruling.meaning:
        case Meaning.UNKNOWN:
            words = f"nothing was posted, a picture was not taken: {evidence.words}"
            return replace(evidence, ruling=UNREACHABLE, words=words)
        case Meaning.DUPLICATE:
            return replace(evidence, ruling=REJECTED)
        case _:
            return evidence


def while_drafting(evidence: Evidence) -> Evidence:
    """Read evidence of a failed draft: nothing is public yet, though a draft may have been left behind."""
    if evidence.ruling.meaning is not Meaning.UNKNOWN:
        return evidence
    words = f"nothing was posted, an unpublished draft may have been left: {evidence.words}"
    return replace(evidence, ruling=UNREACHABLE, words=words)


def while_looking(evidence: Evidence) -> Evidence:
    """Read evidence of a failed look-up: it tells nothing of what is public."""
    if evidence.ruling.meaning in (Meaning.THROTTLED, Meaning.UNAUTHORIZED):
        return evidence
    return replace(evidence, ruling=UNREACHABLE, words=f"the look-up failed: {evidence.words}")


def while_removing(evidence: Evidence) -> Evidence:
    """Read evidence of a failed removal: unless the answer is unclear, the post is still there."""
    match evidence.ruling.meaning:
        case Meaning.UNKNOWN:
            words = f"it may be gone or not, order it again (doing so twice harms nothing): {evidence.words}"
            return replace(evidence, words=words)
        case Meaning.DUPLICATE:
            return replace(evidence, ruling=REJECTED)
        case _:
            return evidence


def error_for(evidence: Evidence, cause: Exception, *, secrecy: Secrecy, now: datetime) -> PublishError:
    """Make the error that evidence amounts to; its cause is kept if it shows no secret."""
    error = _error(evidence.ruling, one_line(secrecy.hide(evidence.words)), evidence.until_at, now)
    error.__cause__ = secrecy.harmless(cause)
    return error


def _error(ruling: Ruling, words: str, until_at: datetime | None, now: datetime) -> PublishError:
    match ruling.meaning:
        case Meaning.REJECTED:
            return Rejected(words, advice=ruling.advice, unexplained=ruling.unexplained)
        case Meaning.DUPLICATE:
            return Rejected(words, duplicate=True)
        case Meaning.THROTTLED:
            rested_at = now + ruling.rest if ruling.rest else None
            return Throttled(words, until_at=max(filter(None, (until_at, rested_at)), default=None))
        case Meaning.UNAUTHORIZED:
            return Unauthorized(words, advice=ruling.advice, unexplained=ruling.unexplained)
        case Meaning.UNREACHABLE:
            return Unreachable(words)
        case Meaning.UNKNOWN:
            return OutcomeUnknown(words)


def one_line(words: str) -> str:
    """Return words as one line of bounded length without a full stop, ready to be put into a sentence."""
    line = in_one_line(words).rstrip(". ")
    return line if len(line) <= LONGEST_MESSAGE else line[:LONGEST_MESSAGE] + "…"
