"""Judge how an attempt ended: error + tries + now -> verdict. Decides; records nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from spotlight_notify.model.errors import OutcomeUnknown, PublishError, Rejected, Throttled, Unauthorized
from spotlight_notify.model.records.attempts import Claim, Verdict
from spotlight_notify.model.words import Cause, Outcome, State
from spotlight_notify.ports.parts import Jitter

PROBE_AFTER = timedelta(seconds=20)
"""How long a channel rests whose token was refused without a reason, before the token is probed."""
PROBES = 2
"""How many probes must be refused as well before the channel pauses: within a minute of the first refusal."""
THROTTLED_WITHOUT_RESET = timedelta(minutes=15)
"""How long a throttled channel rests when the network names no reset time: X's own window."""


ONE_REQUEST = timedelta(seconds=75)
"""What one request may take by the wire's time limits, names and TLS included."""

LONGEST_TRY = ONE_REQUEST * 11
"""What one attempt may take: four pictures and the words for them, and three requests for the post."""


TOO_EARLY = (
    "the refusal may have been the answer to a second copy of the request, and the channel's list may lag: "
    "it is looked for once more before it is sent again"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often and how far apart an unreachable network is tried for one delivery.

    The wait before try n+1 is drawn evenly from 0 to ``first * 2**n``, at most ``longest`` (full jitter).
    ``apart``: as ``resolve.Patience``; how long after a refusal a look may prove that a post is absent.
    """

    most: int = 48
    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(hours=1)
    apart: timedelta = timedelta(minutes=2)


def judge(error: PublishError, claim: Claim, retries: Retries, now: datetime, jitter: Jitter) -> Verdict:
    """Return what happens after a failed attempt.

    A refusal as a duplicate is a hint that the post is public: by an earlier attempt whose answer was lost,
    or by this one, which something on the way delivered twice.
    """
    reason = str(error)
    match error:
        case Rejected(duplicate=True):
            after = " after an unclear answer" if claim.doubted else ""
            hint = f"refused as a duplicate{after}, so it may be public: {reason}"
            return Verdict(state=State.UNSURE, outcome=Outcome.REJECTED, reason=hint)
        case OutcomeUnknown():
            return Verdict(state=State.UNSURE, outcome=Outcome.UNKNOWN, reason=reason)
        case Rejected():
            return _refused(error, claim)
        case Throttled():
            until = max(error.until_at or now + THROTTLED_WITHOUT_RESET, now)
            return Verdict(
                state=State.PENDING, outcome=Outcome.THROTTLED, reason=reason, channel_due_at=until
            )
        case Unauthorized(unexplained=True) if claim.signed_out < PROBES:
            wait = f"{reason}; the token is probed before anything else is sent"
            due_at = now + PROBE_AFTER
            return Verdict(
                state=State.PENDING, outcome=Outcome.UNAUTHORIZED, reason=wait, channel_due_at=due_at
            )
        case Unauthorized() if claim.post.reply_to:
            refused = f"{reason}. {error.advice}"  # replies need a permission of their own: posts go on
            return Verdict(state=State.FAILED, outcome=Outcome.UNAUTHORIZED, reason=refused)
        case Unauthorized():
            pause = f"{reason}. {error.advice}"
            return Verdict(state=State.PENDING, outcome=Outcome.UNAUTHORIZED, reason=reason, pause=pause)
        case _:
            return _try_again(reason, claim.tries, retries, now, jitter)


def judge_early(claim: Claim, retries: Retries, now: datetime) -> Verdict | None:
    """Return what becomes of a post that its channel does not show; None if it may leave.

    Its last refusal may have been the answer to a second copy of a request that was taken, and lists lag: a
    look proves the post absent only ``apart`` after it. A clock that was set by more than that tells nothing.
    """
    if claim.turned_away_at is None or not -retries.apart < now - claim.turned_away_at < retries.apart:
        return None
    due_at = claim.turned_away_at + retries.apart
    return Verdict(state=State.PENDING, outcome=Outcome.UNREACHABLE, reason=TOO_EARLY, due_at=due_at)


def _refused(error: Rejected, claim: Claim) -> Verdict:
    """Fail the delivery, or ask about it where nobody knows why it was refused.

    Where it may be the account, a second delivery in a row that is refused pauses the channel; but no reply
    does, since replies are refused for reasons of their own.
    """
    reason = str(error)
    again = bool(error.advice) and claim.refused and not claim.post.reply_to
    return Verdict(
        state=State.PROPOSED if error.unexplained else State.FAILED,
        outcome=Outcome.REJECTED,
        reason=reason,
        cause=Cause.REFUSED if error.advice else None,
        pause=f"two posts in a row were refused: {reason}. {error.advice}" if again else None,
    )


def wait_before(tries: int, first: timedelta, longest: timedelta, jitter: Jitter) -> timedelta:
    """Draw a wait with full jitter: evenly from 0 to ``first * 2**tries``, at most ``longest``."""
    return min(first * 2.0 ** min(tries, 20), longest) * jitter()


def _try_again(reason: str, tries: int, retries: Retries, now: datetime, jitter: Jitter) -> Verdict:
    if tries + 1 >= retries.most:
        used_up = f"given up after {tries + 1} tries: {reason}"
        return Verdict(state=State.FAILED, outcome=Outcome.UNREACHABLE, reason=used_up, burns=True)
    due_at = now + wait_before(tries, retries.first, retries.longest, jitter)
    return Verdict(state=State.PENDING, outcome=Outcome.UNREACHABLE, reason=reason, due_at=due_at, burns=True)
