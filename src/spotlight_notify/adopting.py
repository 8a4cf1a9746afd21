"""Find posts that are public already, before they are made again."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from spotlight_notify.model import LivePost, Subject, Timeline
from spotlight_notify.ports import Clock, Ledger, Looker
from spotlight_notify.proof import (
    CLOCKS,
    LONG_AGO,
    Adoption,
    judge_adoption,
    on_network,
    read_back,
    unknown_since,
)
from spotlight_notify.records import ChannelStatus, Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopting:
    """Say how one channel is looked at before a post is made.

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
    to when the ledger last knew it whole. Unless a post of ours shows there that the ledger does not know,
    all is well. Else nothing leaves before the channel was read a second time, since lists lag, and each
    post is compared with what was found. One thread at a time, as with the channel's publisher.
    """

    def __init__(self, looker: Looker, ledger: Ledger, clock: Clock, how: Adopting) -> None:
        self._looker, self._ledger, self._clock, self._how = looker, ledger, clock, how
        self._known: ChannelStatus | None = None
        self._gap: Timeline | None = None
        self._epoch = 0

    def find(self, claim: Claim) -> Adoption:
        """Say what is public of a claim's post. Raises PublishErrors.

        A reply is never looked for: it has its link in common with the post that it stands under.
        """
        if claim.post.reply_to is not None:
            return Adoption()
        known = self._remembered(claim)
        subject = self._ledger.subject(claim.delivery_id)
        timeline = self._shown(known, subject)
        taken = self._ledger.receipts(claim.channel, [live.receipt.post_id for live in timeline.posts])
        behind = self._unknown(known, timeline, taken)
        if behind and known.behind_at is None:
            known = self._known = replace(known, behind_at=timeline.at or self._clock())
        if not self._how.always:
            timeline = replace(timeline, posts=behind)
        adoption = judge_adoption(claim.post, subject, timeline, taken, claim.asked_about, self._clock())
        adoption = replace(adoption, behind_at=known.behind_at)
        if adoption.receipt is not None or adoption.question is not None:
            return adoption
        if wait := self._wait(known, timeline):
            return replace(adoption, again_at=self._clock() + wait)
        self._gap = timeline
        return replace(adoption, caught_up=not behind)

    def _remembered(self, claim: Claim) -> ChannelStatus:
        """Read what the ledger knows of the channel; again if it has gone back behind what was seen of it."""
        if self._known is None or claim.epoch <= self._epoch:
            self._gap = None
            (self._known,) = (each for each in self._ledger.channels() if each.name == claim.channel)
        self._epoch = claim.epoch
        return self._known

    def _shown(self, known: ChannelStatus, subject: Subject) -> Timeline:
        """Read the channel, unless it need not be read for each post and was read for an earlier one."""
        if self._gap is not None and not self._how.always:
            return self._gap
        long_ago = self._clock() - LONG_AGO
        since = known.known_until_at or long_ago
        if self._how.always:
            since = min(since, long_ago, subject.dated_at or long_ago)
        return read_back(self._looker.timeline, since, self._clock)

    def _unknown(
        self, known: ChannelStatus, timeline: Timeline, taken: Collection[str]
    ) -> tuple[LivePost, ...]:
        """Find posts of ours, made since the ledger last knew all, that it does not know."""
        known_until = known.known_until_at or self._clock() - LONG_AGO
        since = on_network(known_until, timeline.at, self._clock()) - CLOCKS
        return unknown_since(timeline.posts, since, self._how.hashtags, taken)

    def _wait(self, known: ChannelStatus, timeline: Timeline) -> timedelta | None:
        """Tell how long to wait for the second look at a channel that the ledger is behind."""
        if known.behind_at is None or self._gap is not None:
            return None
        left = self._how.apart - ((timeline.at or self._clock()) - known.behind_at)
        return left if left > timedelta() else None
