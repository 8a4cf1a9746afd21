"""Ask the platform about unsure deliveries, and settle them by what is found."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from spotlight_notify.model.errors import PublishError
from spotlight_notify.model.posts import LivePost, Timeline
from spotlight_notify.model.records.attempts import Conclusion, Doubt
from spotlight_notify.model.words import State
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import Clock, Jitter, Looker, Steady
from spotlight_notify.rules.proof import (
    Sighting,
    dated_on_network,
    judge_absence,
    of_others,
    read_back,
    recognise,
    shown,
)
from spotlight_notify.rules.retry import wait_before

LOOK_LEASE = timedelta(seconds=15)
"""A look-up that was begun and never settled is begun again after this; two at once only cost reads."""

FRESH = timedelta(minutes=1)
"""How long a list that was read serves the other look-ups of its round."""

GIVE_UP = timedelta(days=1)
"""How long lists that are cut short are read again, which X charges for, before only a person can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How a post's absence is proven, and how a failed look-up is repeated.

    ``apart``: two looks that do not find the post count as proof only when they lie this far apart, since
    timelines may lag (see ``proof.judge_absence``). ``resends``: how often a proven absence lets a delivery
    be sent again by itself.
    """

    apart: timedelta = timedelta(minutes=2)
    resends: int = 1
    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(hours=1)


class FirstLooks:
    """Remember when this process first looked for a post and did not find it, by a clock that never steps."""

    def __init__(self, steady: Steady) -> None:
        self._steady = steady
        self._began: dict[tuple[int, datetime], float] = {}

    def elapsed(self, doubt: Doubt, at: datetime | None) -> timedelta | None:
        """Return how long ago the first look was: the less of what this clock and the network's own say.

        ``at``: the network's time now. What another process saw counts by the network's clock alone.
        """
        began = self._began.get(_key(doubt))
        told = [timedelta(seconds=self._steady() - began)] if began is not None else []
        if at is not None and doubt.absent_at is not None:
            told.append(at - doubt.absent_at)
        return min(told, default=None)

    def begin(self, doubt: Doubt) -> None:
        """Remember a first look that did not find the post."""
        self._began.setdefault(_key(doubt), self._steady())

    def end(self, doubt: Doubt) -> None:
        """Forget what is settled."""
        self._began.pop(_key(doubt), None)


def _key(doubt: Doubt) -> tuple[int, datetime]:
    """Return what names one doubt: another attempt of its delivery makes another one."""
    return doubt.delivery_id, doubt.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolving:
    """What resolving needs beside the channel's looker."""

    ledger: Ledger
    clock: Clock
    jitter: Jitter
    patience: Patience
    first_looks: FirstLooks


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """What one look-up found for one unsure delivery."""

    doubt: Doubt
    conclusion: Conclusion


def resolve_channel(channel: str, looker: Looker, parts: Resolving) -> tuple[Resolved, ...]:
    """Look up the channel's doubts that are due, oldest first; nothing is ever sent in here.

    The look reads only; each conclusion is committed by itself, and only if nobody else has moved the
    delivery. All were in doubt before the first list was read: one list serves all that it reaches back for.
    """
    told, lists = [], _Lists(looker, parts.clock)
    for doubt in parts.ledger.doubts(parts.clock()):
        now = parts.clock()
        if doubt.channel != channel or not parts.ledger.claim_look(doubt.delivery_id, now, now + LOOK_LEASE):
            continue
        conclusion = _look(doubt, lists, parts)
        if parts.ledger.settle_look(doubt, conclusion, parts.clock()):
            told.append(Resolved(doubt=doubt, conclusion=conclusion))
    return tuple(told)


def judge_look(
    doubt: Doubt,
    timeline: Timeline,
    sighting: Sighting,
    elapsed: timedelta | None,
    patience: Patience,
    now: datetime,
) -> Conclusion:
    """Return what a look that succeeded proves. ``elapsed``: since the first look without the post."""
    still = Conclusion(state=State.UNSURE, reason="", found=len(sighting.same), read=timeline.read)
    if len(sighting.same) == 1:
        return _found(still, sighting.same[0], "found on the network once")
    given_up = now - doubt.until > GIVE_UP
    later = replace(still, look_at=None if given_up else now + patience.longest)
    if sighting.same:
        return replace(later, reason=_several(sighting.same))
    if not timeline.complete:
        reason = "the network shows too few of its posts to prove that this one is absent"
        reason += ": a person must decide" if given_up else ""
        return replace(later, reason=reason)
    return _absent(doubt, timeline, sighting, elapsed, patience, still, now)


class _Lists:
    """A channel's lists, by the post that they stand under, as they are read in one round of look-ups."""

    def __init__(self, looker: Looker, clock: Clock) -> None:
        self._looker, self._clock = looker, clock
        self._held: dict[str | None, tuple[datetime, datetime, Timeline]] = {}

    def back_to(self, since: datetime, above: str | None) -> Timeline:
        """Return what the channel shows since then, from a list that was just read, or one read now."""
        return read_back(lambda at: self._list(at, above), since, self._clock)

    def _list(self, start: datetime, above: str | None) -> Timeline:
        held, now = self._held.get(above), self._clock()
        if held is not None and held[0] <= start and timedelta() <= now - held[1] <= FRESH:
            posts = [live for live in held[2].posts if (live.receipt.posted_at or start) >= start]
            return replace(held[2], posts=tuple(posts), read=0)
        read = self._looker.timeline(start, above)
        if read.complete:
            self._held[above] = (start, now, read)
        return read


def _look(doubt: Doubt, lists: _Lists, parts: Resolving) -> Conclusion:
    try:
        subject = parts.ledger.subject(doubt.delivery_id)
        aged = subject.dated_at if doubt.repeated else None  # what it repeats may be as old as its aid
        since = min(doubt.since, aged or doubt.since)
        timeline = lists.back_to(since, doubt.post.reply_to)
    except PublishError as error:
        return _failed(doubt, str(error), parts)
    subject = dated_on_network(subject, timeline.at, parts.clock())
    taken = parts.ledger.receipts(doubt.channel, [live.receipt.post_id for live in timeline.posts])
    taken |= of_others(doubt.post, timeline, parts.ledger.waiting_posts(doubt.channel, doubt.delivery_id))
    sighting = recognise(doubt.post, subject, timeline, taken)
    elapsed = parts.first_looks.elapsed(doubt, timeline.at)
    concluded = judge_look(doubt, timeline, sighting, elapsed, parts.patience, parts.clock())
    if concluded.state is State.FAILED and (twins := recognise(doubt.post, subject, timeline, ()).same):
        reason = f"its very words are public already ({shown(twins, parts.clock())}): give it other words"
        concluded = replace(concluded, reason=reason)
    if concluded.state is not State.UNSURE:
        parts.first_looks.end(doubt)
    elif timeline.complete:
        parts.first_looks.begin(doubt)
    return concluded


def _found(still: Conclusion, live: LivePost, reason: str) -> Conclusion:
    return replace(still, state=State.SENT, receipt=live.receipt, reason=reason)


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


def _absent(
    doubt: Doubt,
    timeline: Timeline,
    sighting: Sighting,
    elapsed: timedelta | None,
    patience: Patience,
    still: Conclusion,
    now: datetime,
) -> Conclusion:
    """Judge a whole list without the post itself; what else it shows of the aid counts once that is sure."""
    absence = judge_absence(timeline, first_at=doubt.absent_at, elapsed=elapsed, apart=patience.apart)
    still = replace(still, absent_at=doubt.absent_at or timeline.at)
    if not absence.proven:
        which = "at the first look" if elapsed is None else "yet, and lists may lag"
        reason = f"not on the network {which}; it is looked up once more"
        if elapsed is None and timeline.at is None and now - doubt.until > GIVE_UP:
            reason = "not on the network, which does not tell the time of its lists: a person must decide"
            return replace(still, reason=reason)
        return replace(still, reason=reason, look_at=now + absence.again_in)
    if sighting.announcing:
        told = "not on the network, which holds another announcement of the aid"
        return _found(still, sighting.announcing[-1], f"{told}: it is recorded instead of repeated")
    if new := [live for live in sighting.doubtful if live.receipt.post_id not in doubt.asked_about]:
        beside = shown(new, timeline.at or now)
        reason = f"not on the network, but the aid's link or title is ({beside}): a person must decide"
        return replace(still, reason=reason, asked_about=frozenset(live.receipt.post_id for live in new))
    if doubt.repeated:
        reason = "the network refuses it as a repetition, but shows no such post: give it other words"
        return replace(still, state=State.FAILED, reason=reason)
    if doubt.resent >= patience.resends:
        reason = "not on the network, though sent again once already: a person must decide"
        return replace(still, reason=reason)
    return replace(still, state=State.PENDING, reason="proven absent by two looks; it is sent again")


def _several(fitting: Sequence[LivePost]) -> str:
    ids = ", ".join(live.receipt.post_id for live in fitting)
    return f"found {len(fitting)} times ({ids}): a person must decide which is the one"
