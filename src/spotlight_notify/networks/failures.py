"""What a failed call to a network proves, as data, and the one of the five errors that it becomes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from spotlight_notify.model.errors import (
    OutcomeUnknown,
    PublishError,
    Rejected,
    Throttled,
    Unauthorized,
    Unreachable,
)
from spotlight_notify.networks.redaction import Redactor
from spotlight_notify.ports.parts import Clock
from spotlight_notify.text.invisible import in_one_line

T = TypeVar("T")
LONGEST_MESSAGE = 600
"""Networks echo what they were sent; nobody reads more than this of it."""
LONGEST_LIMIT = timedelta(days=2)
"""No limit of a network lasts longer than a day: a later time is a mistake, and is not believed."""


class Meaning(StrEnum):
    """What an answer proves about a publishing request."""

    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    THROTTLED = "throttled"
    UNAUTHORIZED = "unauthorized"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureKind:
    """A meaning, with what a person must do, or how long to rest at least.

    ``unexplained``: the network does not say why.
    """

    meaning: Meaning
    advice: str = ""
    rest: timedelta | None = None
    unexplained: bool = False


REJECTED = FailureKind(meaning=Meaning.REJECTED)
DUPLICATE = FailureKind(meaning=Meaning.DUPLICATE)
THROTTLED = FailureKind(meaning=Meaning.THROTTLED)
UNREACHABLE = FailureKind(meaning=Meaning.UNREACHABLE)
UNKNOWN = FailureKind(meaning=Meaning.UNKNOWN)


def unauthorized(advice: str, *, unexplained: bool = False) -> FailureKind:
    """Return the kind of failure that a person must act on first."""
    return FailureKind(meaning=Meaning.UNAUTHORIZED, advice=advice, unexplained=unexplained)


def suspect(advice: str, *, unexplained: bool = False) -> FailureKind:
    """Return the kind that refuses a post, though it may be the account; then a person must act."""
    return FailureKind(meaning=Meaning.REJECTED, advice=advice, unexplained=unexplained)


def rest(**how_long: float) -> FailureKind:
    """Return the kind that asks for a rest, as long as the program chooses (as for ``timedelta``)."""
    return FailureKind(meaning=Meaning.THROTTLED, rest=timedelta(**how_long))


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of a failure: its kind, the words for it, and the network's own reset time."""

    kind: FailureKind
    words: str
    until_at: datetime | None = None


def latest_reset(moments: Iterable[datetime | None], now: datetime) -> datetime | None:
    """Return the latest time that can be believed; one that is over says nothing: it has just refused."""
    return max((m for m in moments if m is not None and now < m <= now + LONGEST_LIMIT), default=None)


class BadAnswer(ValueError):
    """What is wrong with an answer that claims success; a clause, to stand after "but"."""


def as_it_is(evidence: Evidence) -> Evidence:
    """Return evidence of a failed publishing request: it proves what it proves."""
    return evidence


def before_publishing(evidence: Evidence) -> Evidence:
    """Return what a failed preparation proves: nothing is public yet, nor does it repeat a post."""
    match evidence.kind.meaning:
        case Meaning.UNKNOWN:
            words = f"nothing was posted, a picture was not taken: {evidence.words}"
            return replace(evidence, kind=UNREACHABLE, words=words)
        case Meaning.DUPLICATE:
            return replace(evidence, kind=REJECTED)
        case _:
            return evidence


def while_drafting(evidence: Evidence) -> Evidence:
    """Return what a failed draft proves: nothing is public yet, though a draft may have been left behind."""
    if evidence.kind.meaning is not Meaning.UNKNOWN:
        return evidence
    words = f"nothing was posted, an unpublished draft may have been left: {evidence.words}"
    return replace(evidence, kind=UNREACHABLE, words=words)


def while_looking(evidence: Evidence) -> Evidence:
    """Return what a failed look-up proves: it tells nothing of what is public."""
    if evidence.kind.meaning in (Meaning.THROTTLED, Meaning.UNAUTHORIZED):
        return evidence
    return replace(evidence, kind=UNREACHABLE, words=f"the look-up failed: {evidence.words}")


def while_removing(evidence: Evidence) -> Evidence:
    """Return what a failed removal proves: unless the answer is unclear, the post is still there."""
    match evidence.kind.meaning:
        case Meaning.UNKNOWN:
            words = f"it may be gone or not, order it again (doing so twice harms nothing): {evidence.words}"
            return replace(evidence, words=words)
        case Meaning.DUPLICATE:
            return replace(evidence, kind=REJECTED)
        case _:
            return evidence


def error_for(evidence: Evidence, cause: Exception, *, redactor: Redactor, now: datetime) -> PublishError:
    """Return the error that evidence amounts to; its cause is kept if it shows no secret."""
    error = _error(evidence.kind, one_line(redactor.hide(evidence.words)), evidence.until_at, now)
    error.__cause__ = redactor.harmless(cause)
    return error


def _error(kind: FailureKind, words: str, until_at: datetime | None, now: datetime) -> PublishError:
    match kind.meaning:
        case Meaning.REJECTED:
            return Rejected(words, advice=kind.advice, unexplained=kind.unexplained)
        case Meaning.DUPLICATE:
            return Rejected(words, duplicate=True)
        case Meaning.THROTTLED:
            rested_at = now + kind.rest if kind.rest else None
            return Throttled(words, until_at=max(filter(None, (until_at, rested_at)), default=None))
        case Meaning.UNAUTHORIZED:
            return Unauthorized(words, advice=kind.advice, unexplained=kind.unexplained)
        case Meaning.UNREACHABLE:
            return Unreachable(words)
        case Meaning.UNKNOWN:
            return OutcomeUnknown(words)


def one_line(words: str) -> str:
    """Return words as one line of bounded length without a full stop, ready to be put into a sentence."""
    line = in_one_line(words).rstrip(". ")
    return line if len(line) <= LONGEST_MESSAGE else line[:LONGEST_MESSAGE] + "…"


ReadFailure = Callable[[Exception, datetime], Evidence]
"""Reads what a failed call to one network proves about a publishing request."""


class ErrorTranslator:
    """The failures of one channel, as errors."""

    def __init__(self, reading: ReadFailure, redactor: Redactor, clock: Clock) -> None:
        self._reading, self._redactor, self._clock = reading, redactor, clock

    def call(self, call: Callable[[], T], meaning: Callable[[Evidence], Evidence]) -> T:
        """Make a call; ``meaning`` says what evidence of its failure is worth. Raises PublishError alone."""
        try:
            return call()
        except Exception as error:  # SDKs slip on odd answers in ways of their own; none means "not sent"
            failed = self.error(meaning(self.evidence(error)), error)
        raise failed

    def evidence(self, error: Exception) -> Evidence:
        """Return what a failure proves, read as one of a publishing request."""
        return self._reading(error, self._clock())

    def error(self, evidence: Evidence, cause: Exception) -> PublishError:
        """Return the error that evidence amounts to."""
        return error_for(evidence, cause, redactor=self._redactor, now=self._clock())
