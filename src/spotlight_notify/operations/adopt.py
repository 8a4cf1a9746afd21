"""Find posts that are public already, before they are made again."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from spotlight_notify.model.posts import LivePost, Subject, Timeline
from spotlight_notify.model.records.attempts import Claim
from spotlight_notify.model.records.standing import ChannelStatus
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import Clock, Looker, Steady
from spotlight_notify.rules.proof import (
    CLOCKS,
    LONG_AGO,
    OLDEST,
    Adoption,
    dated_on_network,
    judge_adoption,
    of_others,
    of_ours,
    read_back,
    unknown_since,
)

REMEMBERED = timedelta(days=7)
"""How long one of our posts that the ledger lacks is compared with what is announced, once noticed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopting:
    """How one channel is looked at before a post is made.

    ``always``: before each post, as far back as an announcement may be old; else only where the ledger may
    be behind. ``apart``: as ``resolving.Patience``. ``hashtags``: those that
    our posts bear.
    """

    always: bool
    apart: timedelta
    hashtags: Collection[str]


class Adopter:
    """Look at one channel before each announcement: always, or only when the ledger may be behind it.

    A ledger that was restored from a backup does not know it. So every process reads its channel once, back
    to when the ledger last knew it whole. Unless one of our posts shows there that the ledger does not know,
    all is well. Else nothing leaves before the channel was read a second time, since lists lag, and each
    post is compared with what was found. What is tried again is always looked for first: the request before
    may have been delivered, whatever was answered. A correction shows only under its post, so that is read
    once as well. One thread at a time, as with the channel's publisher.
    """

    def __init__(self, looker: Looker, ledger: Ledger, clock: Clock, steady: Steady, how: Adopting) -> None:
        self._looker, self._ledger, self._clock, self._how = looker, ledger, clock, how
        self._steady = steady
        self._known: ChannelStatus | None = None
        self._gap: Timeline | None = None
        self._read_under: set[str] = set()
        self._told: tuple[datetime, float] | None = None
        self._epoch = 0

    def find(self, claim: Claim) -> Adoption:
        """Return what is public of a claim's post. Raises PublishErrors."""
        subject = self._ledger.subject(claim.delivery_id)
        known, seen = self._remembered(claim), self._shown(claim, subject)
        subject = dated_on_network(subject, seen.at, self._clock())
        taken = self._ledger.receipts(claim.channel, [live.receipt.post_id for live in seen.posts])
        unknown = unknown_since(seen.posts, self._since(known, seen), taken)
        ours = of_ours(unknown, self._how.hashtags)
        known = self._known = _noticed(known, ours, seen.at or self._clock(), self._how.apart)
        above = claim.post.reply_to
        if above is not None:
            if not self._reads_under(claim, known, above):
                return Adoption()
            seen = self._replies(known, above, subject)
            taken = self._ledger.receipts(claim.channel, [live.receipt.post_id for live in seen.posts])
        elif not self._reads_for(claim):
            seen = replace(seen, posts=unknown)
        if unknown:
            others = self._ledger.waiting_posts(claim.channel, claim.delivery_id)
            taken = taken | of_others(claim.post, seen, others)
        adoption = judge_adoption(claim.post, subject, seen, taken, claim.asked_about, self._clock())
        adoption = replace(adoption, behind_at=known.behind_at)
        if adoption.receipt is not None or adoption.question is not None:
            return adoption
        if wait := self._wait(known, seen):
            return replace(adoption, again_at=self._clock() + wait)
        return self._let_go(known, adoption, seen, ours, above)

    def _let_go(
        self,
        known: ChannelStatus,
        adoption: Adoption,
        seen: Timeline,
        ours: tuple[LivePost, ...],
        above: str | None,
    ) -> Adoption:
        """Let a post leave; the channel is known until now, or as far as what is unknown is remembered."""
        if above is not None:
            self._read_under.add(above)
            return adoption
        self._gap, now = seen, self._network_now()
        if not ours:
            return replace(adoption, known_until_at=now, behind_at=None)
        known_until = known.known_until_at or OLDEST
        if not _are_lost(ours, known.behind_at or now, now):
            known_until = max(known_until, now - REMEMBERED)
        return replace(adoption, known_until_at=known_until)

    def _remembered(self, claim: Claim) -> ChannelStatus:
        """Read what the ledger knows of the channel; again if it has gone back behind what was seen of it."""
        if self._known is None or claim.epoch <= self._epoch:
            self._gap, self._read_under = None, set()
            (self._known,) = (each for each in self._ledger.channels() if each.name == claim.channel)
        self._epoch = claim.epoch
        return self._known

    def _shown(self, claim: Claim, subject: Subject) -> Timeline:
        """Read the channel, unless it need not be read for each post and was read for an earlier one."""
        assert self._known is not None
        if self._gap is not None and not self._reads_for(claim):
            return self._gap
        long_ago = self._clock() - LONG_AGO
        since = self._known.known_until_at or long_ago
        if self._reads_for(claim) and claim.post.reply_to is None:
            since = min(since, subject.dated_at or long_ago)
        if self._how.always:
            since = min(since, long_ago)
        seen = read_back(self._looker.timeline, since, self._clock)
        self._told = (seen.at, self._steady()) if seen.at else None
        return seen

    def _reads_for(self, claim: Claim) -> bool:
        """Return whether the channel is read for this very post, whatever was read before."""
        return self._how.always or claim.number > 1

    def _network_now(self) -> datetime:
        """Return the network's time from its last answer on; never later than our clock, as one may be wrong.

        Until when a channel is known is told by it: too early a time only makes posts known a second time.
        """
        if self._told is None:
            return self._clock()
        at, then = self._told
        return min(at + timedelta(seconds=self._steady() - then), self._clock())

    def _reads_under(self, claim: Claim, known: ChannelStatus, above: str) -> bool:
        """Return whether the replies to a post are read: not if they were once, and nothing is doubtful."""
        return self._reads_for(claim) or known.behind_at is not None or above not in self._read_under

    def _replies(self, known: ChannelStatus, above: str, subject: Subject) -> Timeline:
        """Read what stands under a post, back to before the ledger may have forgotten a correction of it.

        Nothing else shows one that is forgotten, and an announcement that went out first makes the channel
        known: hence so much further back.
        """
        now, long_ago = self._clock(), self._clock() - LONG_AGO
        is_known = self._gap is not None and known.behind_at is None
        known_until = now if is_known else known.known_until_at or long_ago
        since = min(known_until, subject.dated_at or long_ago) - REMEMBERED
        if self._how.always:
            since = min(since, long_ago)
        return read_back(lambda at: self._looker.timeline(at, above), since, self._clock)

    def _since(self, known: ChannelStatus, seen: Timeline) -> datetime:
        """Return since when, by the network's clock, the ledger does not know the channel for sure."""
        network_now, known_until = seen.at or self._clock(), known.known_until_at
        if known_until is None or known_until > network_now:
            known_until = network_now - LONG_AGO
        return known_until - CLOCKS

    def _wait(self, known: ChannelStatus, timeline: Timeline) -> timedelta | None:
        """Return how long to wait for the second look at a channel that the ledger is behind."""
        if known.behind_at is None or self._gap is not None:
            return None
        left = self._how.apart - ((timeline.at or self._clock()) - known.behind_at)
        return left if left > timedelta() else None


def _are_lost(ours: tuple[LivePost, ...], noticed_at: datetime, now: datetime) -> bool:
    """Return whether unknown posts are so old that a ledger was put back, noticed not long ago."""
    oldest = min((live.receipt.posted_at for live in ours if live.receipt.posted_at), default=now)
    return now - oldest > REMEMBERED > now - noticed_at


def _noticed(
    known: ChannelStatus, ours: tuple[LivePost, ...], network_now: datetime, apart: timedelta
) -> ChannelStatus:
    """Begin the wait for a second look when one of our posts shows that is unknown, and was not seen before.

    One that was made since, by hand most likely, prolongs the wait by its own age alone: where a look is made
    every ten minutes, people who post as often would else hold everything up.
    """
    seen_at = known.behind_at
    if seen_at is None:
        return replace(known, behind_at=network_now) if ours else known
    times = [live.receipt.posted_at or network_now for live in ours]
    newest = min(max(times, default=seen_at), network_now)
    return replace(known, behind_at=newest) if newest > max(seen_at, network_now - apart) else known
