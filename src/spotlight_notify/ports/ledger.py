"""Name what the use cases need of the memory."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Protocol

from spotlight_notify.model.aids import Aid
from spotlight_notify.model.campaigns import ApprovalPolicy, Channel
from spotlight_notify.model.posts import Post, Receipt, Subject
from spotlight_notify.model.records.attempts import Attempt, Claim, Conclusion, Doubt, LookUp, Verdict
from spotlight_notify.model.records.orders import Hold
from spotlight_notify.model.records.standing import (
    ChannelStatus,
    Delivery,
    KnownAid,
    Queue,
    SourceStatus,
    Tally,
)
from spotlight_notify.model.schedule import AS_IT_IS, LateOne, Tempo, WhatIf
from spotlight_notify.model.words import State
from spotlight_notify.ports.book import Book
from spotlight_notify.ports.orders import Orders
from spotlight_notify.ports.parts import Pictures

NOTHING_ASKED: Mapping[str, ApprovalPolicy] = MappingProxyType({})
"""No campaign wants its posts approved."""


class Ledger(Orders, Pictures, Protocol):
    """Remember everything. Every method is one transaction; LedgerError means it did not happen.

    Safe to call from many threads and processes at once.
    """

    def register(self, sources: Mapping[str, str], channels: Iterable[Channel], now: datetime) -> None:
        """Make rows for configured sources and channels that have none; safe to repeat.

        ``sources``: what tells where each one is (a hash of its address), by name; empty for one that is
        nowhere. One that is elsewhere than before ``has_moved``, due now, with a change on record.
        """
        ...

    # --- polling
    def due_sources(self, now: datetime) -> tuple[str, ...]:
        """Name the sources whose time has come, longest waiting first."""
        ...

    def claim_poll(
        self, source: str, now: datetime, next_poll_at: datetime, address: str | None = None
    ) -> bool:
        """Take a due source by moving its due time; of many callers at once exactly one gets True.

        Nobody gets one that has an ``address`` other than this. May be lost in a power cut, which costs one
        look.
        """
        ...

    def source_status(self, source: str) -> SourceStatus:
        """Return where a source was left; UnknownName if it has no row."""
        ...

    def known(self, source: str, keys: Sequence[str]) -> frozenset[str]:
        """Return which of these keys of a source have been seen."""
        ...

    def waiting_aids(self, source: str) -> tuple[Aid, ...]:
        """List a source's aids of which a post may still leave, or a digest that tells of them.

        What is being sent or unsure counts: it may wait again, and no later look need show a change then.

        And the newest that were left out, over, or announced elsewhere: their source may change that.
        Oldest first, as they were seen last; without those whose place another aid has taken.
        """
        ...

    def recording(self, source: str) -> AbstractContextManager[Book]:
        """Open a recording for a source; committed when the block ends well, else undone."""
        ...

    def poll_idle(self, left: SourceStatus, next_poll_at: datetime, now: datetime) -> bool:
        """Record a look from ``left`` that found nothing changed: cursor unmoved, failures forgotten.

        False, and nothing written, if it was overtaken: the source no longer ``follows`` it.
        May be lost in a power cut, which costs one look.
        """
        ...

    def poll_failed(self, left: SourceStatus, error: str, next_poll_at: datetime, now: datetime) -> bool:
        """Record a look from ``left`` that failed: one more failure, cursor unmoved.

        False, and nothing written, if it was overtaken: the source no longer ``follows`` it.
        """
        ...

    def begin_anew(self, left: SourceStatus, now: datetime) -> bool:
        """Make the next look at a source that ``has_moved`` a baseline; False if it was overtaken."""
        ...

    # --- delivering
    def due_channels(self, now: datetime, campaigns: Collection[str]) -> tuple[str, ...]:
        """Name the channels that have something due now: not paused, not throttled, none in flight.

        A cheap question: hours, gaps and holds are not asked about; ``queue`` and ``timing.choose`` tell
        whether anything may go. Deliveries of campaigns other than these wait.
        """
        ...

    def claim_due(
        self,
        channel: str,
        now: datetime,
        lease: timedelta,
        claimant: str,
        tempo: Tempo,
        *,
        delivery_id: int | None = None,
        policies: Mapping[str, ApprovalPolicy] = NOTHING_ASKED,
    ) -> Claim | None:
        """Commit *sending* and an attempt for the delivery whose turn it is (or just the one named).

        What may go is decided in here, by ``timing.choose``, from what waits, what went out and which holds
        are in force: deliveries of campaigns without a pace wait. Of what is due, what is over (its event has
        begun, it has expired) is skipped on the way, what is late is skipped or proposed as its campaign
        wants, and what has an approval that ended or does not fit its post (seen when its turn comes) is
        proposed; so is what has none, due or not, and needs one by the policy of its campaign (``policies``,
        by name). That is committed whether or not a claim comes of it.

        None when nothing may go, the channel is paused or throttled, or a delivery of it is on its way: of
        many callers at once at most one gets a claim.
        """
        ...

    def confirm(self, claim: Claim, now: datetime) -> Hold | None:
        """Find the newest hold in force on a claimed delivery: on all, its campaign, channel or aid's theme.

        ClaimLost if the delivery is no longer this claim's, or its lease is over.
        """
        ...

    def bring_back(self, now: datetime) -> int:
        """Make due what a clock ahead of ``now`` has put off or skipped; returns how many rows that were."""
        ...

    def tell_time(self) -> datetime | None:
        """Return the time by the clock that all users of the ledger share; None where it is the machine's."""
        ...

    def late(
        self, channel: str, tempo: Tempo, now: datetime, what_if: WhatIf = AS_IT_IS
    ) -> tuple[LateOne, ...]:
        """Return what the next claim on a channel would skip or propose as late, by the slots missed."""
        ...

    def queue(self, channel: str, now: datetime, what_if: WhatIf = AS_IT_IS) -> Queue:
        """Return what waits on a channel (of all campaigns, due or not) and what went out lately.

        Of the channel, and of each campaign that has something waiting, the last post is there however old.
        """
        ...

    def settle(self, claim: Claim, verdict: Verdict, receipt: Receipt | None, now: datetime) -> None:
        """Commit how the attempt ended, and what follows for the delivery (its post too) and the channel.

        Raises ClaimLost, and writes nothing, if the claim has been fenced off. A receipt is written all the
        same when the delivery was merely given up for this claim's lease and nobody has tried it since: a
        receipt is the best proof there is.
        """
        ...

    def strand(self, now: datetime) -> tuple[int, ...]:
        """Turn *sending* deliveries past their lease into *unsure*; returns their ids."""
        ...

    def next_due_at(self, channel: str) -> datetime | None:
        """Return when the channel's next pending delivery is due; None when none waits or it is paused.

        A cheap question, as ``due_channels`` is: ``queue`` and ``timing.next_choice_at`` tell when one goes.
        """
        ...

    def pause_channel(self, channel: str, reason: str, now: datetime, who: str) -> bool:
        """Stop a channel until it is resumed; False if it is paused already. UnknownName if there is none."""
        ...

    def resume_channel(self, channel: str, reason: str, now: datetime, who: str) -> bool:
        """Let a channel go on, at once; False if nothing held it. UnknownName if there is none."""
        ...

    # --- resolving
    def doubts(self, now: datetime, channel: str | None = None) -> tuple[Doubt, ...]:
        """List the unsure deliveries whose look-up is due, oldest first; of a channel: due or not."""
        ...

    def claim_look(self, delivery_id: int, now: datetime, look_at: datetime) -> bool:
        """Take a look-up that is due by moving its time; of many callers at once exactly one gets True."""
        ...

    def settle_look(self, doubt: Doubt, conclusion: Conclusion, now: datetime) -> bool:
        """Commit what a look-up found, with a row of its own; False, and nothing written, if the delivery is
        no longer unsure, somebody else has moved it on since ``doubt`` was read, or the post found is the
        receipt of another delivery of the channel already.
        """
        ...

    def receipts(self, channel: str, post_ids: Collection[str]) -> frozenset[str]:
        """Return which of these posts of a channel are the receipts of deliveries already."""
        ...

    def waiting_posts(self, channel: str, but: int) -> tuple[Post, ...]:
        """Read the posts of a channel's deliveries that may still get a receipt, but for one delivery's."""
        ...

    def subject(self, delivery_id: int) -> Subject:
        """Return what a delivery's post announces, to recognise it by on its channel."""
        ...

    def look_ups(self, delivery_id: int) -> tuple[LookUp, ...]:
        """List a delivery's look-ups, oldest first."""
        ...

    def reads(self) -> dict[str, int]:
        """Count the posts that look-ups have ever read, by channel; channels without any are absent."""
        ...

    # --- drafts: posts that are made on a network but not public yet, by the hash of what they say
    def remember_draft(self, channel: str, post_hash: str, post_id: str) -> None:
        """Commit a draft's id; it takes the place of an earlier one that says the same."""
        ...

    def recall_draft(self, channel: str, post_hash: str) -> str | None:
        """Return the id of the draft that says this; None when none is remembered."""
        ...

    def forget_draft(self, channel: str, post_hash: str) -> None:
        """Drop what is remembered, if anything."""
        ...

    # --- reading
    def deliveries(
        self,
        *,
        states: Sequence[State] = (),
        campaign: str | None = None,
        channel: str | None = None,
        aid_id: int | None = None,
        digest_id: int | None = None,
        limit: int | None = None,
    ) -> tuple[Delivery, ...]:
        """List deliveries, newest first; empty ``states`` means all.

        ``digest_id``: the delivery of a digest, for those whose aids it tells of.
        """
        ...

    def delivery(self, delivery_id: int) -> Delivery:
        """Return one delivery; UnknownName if there is none."""
        ...

    def attempts(self, delivery_id: int) -> tuple[Attempt, ...]:
        """List a delivery's attempts, oldest first."""
        ...

    def aids(self, *, source: str | None = None, limit: int | None = None) -> tuple[KnownAid, ...]:
        """List aids, newest first seen first."""
        ...

    def aid(self, aid_id: int) -> KnownAid:
        """Return one aid; UnknownName if there is none."""
        ...

    def find_aids(self, words: str) -> tuple[KnownAid, ...]:
        """Find aids whose key is ``words`` or that have it (or it as a normalised link) as an alias.

        Digits alone name the one aid of that number; ``key:3`` the aids whose key is 3.
        """
        ...

    def sources(self) -> tuple[SourceStatus, ...]:
        """List all sources by name."""
        ...

    def channels(self) -> tuple[ChannelStatus, ...]:
        """List all channels by name."""
        ...

    def tallies(self) -> tuple[Tally, ...]:
        """Count deliveries by campaign, channel and state, in that order; what has none is absent."""
        ...

    def counts(self) -> dict[State, int]:
        """Count deliveries by state; states without any are absent."""
        ...
