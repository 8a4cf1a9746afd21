"""Name the parts the use cases need, and what each of them guarantees."""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from spotlight_notify.model import Aid, Channel, Image, Look, Network, Picture, Plan, Post, Receipt, State
from spotlight_notify.records import Attempt, ChannelStatus, Claim, Delivery, KnownAid, SourceStatus, Verdict

Clock = Callable[[], datetime]
"""Tell the time: an aware UTC datetime."""

Jitter = Callable[[], float]
"""Roll the dice: a number from 0 (included) to 1 (not included)."""

Known = Callable[[Sequence[str]], frozenset[str]]
"""Tell which of these keys or aliases of one source the ledger has seen."""

LoadPicture = Callable[[Image, Network], Picture]
"""Fetch a picture within the network's limits; FetchError when it cannot be had or is none."""

Render = Callable[[Aid, str, Network], Post]
"""Write an aid's post under a hashtag for a network; Refused when it does not fit or lacks something."""


class Source(Protocol):
    """Show what a place that publishes aids holds. Reads only; safe to call from any one thread at a time."""

    @property
    def name(self) -> str: ...

    def look(self, cursor: str | None, known: Known) -> Look:
        """Compare the whole of what is there with what was seen; ``cursor`` is None at the first look.

        Raises SourceError and nothing else; a failed look has no effect.
        """
        ...


class Publisher(Protocol):
    """Talk to one network on behalf of one channel. One thread at a time."""

    @property
    def network(self) -> Network: ...

    def publish(self, post: Post, pictures: Sequence[Picture]) -> Receipt:
        """Make the post public with one publishing request, never repeated in here.

        Raises PublishError and nothing else. Whatever is not recognised after the publishing request
        has left is OutcomeUnknown; whatever goes wrong before it (uploads too) is not public.
        """
        ...


class Book(Protocol):
    """Write one recording: everything in it is committed together, or nothing.

    Recordings of one ledger happen one after the other, in all processes.
    """

    def status(self) -> SourceStatus:
        """Tell where the source of this recording was left."""
        ...

    def match(self, aids: Sequence[Aid]) -> dict[str, KnownAid]:
        """Find which of these aids (of this source) are known, by any alias; keyed by ``Aid.key``."""
        ...

    def add(self, aid: Aid, *, baseline: bool, now: datetime) -> KnownAid:
        """Record an aid that is new to this source, with its aliases (those not taken yet)."""
        ...

    def also_known_as(self, aid_id: int, aliases: Iterable[str]) -> None:
        """Add aliases to a known aid; those that are taken already stay where they are."""
        ...

    def announced_elsewhere(self, aid: Aid, campaign: str, channel: str) -> Delivery | None:
        """Find a delivery on this campaign and channel of another source's aid with the same ``link:`` alias.

        Deliveries that are proposed, skipped, cancelled or failed do not count.
        """
        ...

    def plan(self, aid_id: int, plan: Plan, now: datetime) -> int | None:
        """Record a delivery and return its id; None (and no change) if campaign, channel and aid have one."""
        ...

    def refresh(self, aid_id: int, aid: Aid) -> None:
        """Keep a known aid's present words (its key and aliases stay); planned posts stay as they are."""
        ...

    def delivery_of(self, aid_id: int, campaign: str, channel: str) -> Delivery | None:
        """Find the delivery that a known aid has here."""
        ...

    def replan(self, delivery_id: int, plan: Plan, now: datetime) -> bool:
        """Give a delivery that is surely not public this plan's state, post and due time; else False.

        Surely not public: proposed, pending, failed, skipped or cancelled. Its tries begin anew.
        """
        ...

    def finish(
        self, *, cursor: str | None, next_poll_at: datetime, baseline_done: bool, now: datetime
    ) -> None:
        """Record a look that succeeded: cursor moved, failures forgotten."""
        ...


class Ledger(Protocol):
    """Remember everything. Every method is one transaction; LedgerError means it did not happen.

    Safe to call from many threads and processes at once.
    """

    def register(self, sources: Iterable[str], channels: Iterable[Channel], now: datetime) -> None:
        """Make rows for configured sources and channels that have none; safe to repeat."""
        ...

    # --- polling
    def due_sources(self, now: datetime) -> tuple[str, ...]:
        """Name the sources whose time has come, longest waiting first."""
        ...

    def claim_poll(self, source: str, now: datetime, next_poll_at: datetime) -> bool:
        """Take a due source by moving its due time; of many callers at once exactly one gets True.

        May be lost in a power cut, which costs one look.
        """
        ...

    def source_status(self, source: str) -> SourceStatus:
        """Tell where a source was left; UnknownName if it has no row."""
        ...

    def known(self, source: str, keys: Sequence[str]) -> frozenset[str]:
        """Tell which of these keys of a source have been seen."""
        ...

    def recording(self, source: str) -> AbstractContextManager[Book]:
        """Open a recording for a source; committed when the block ends well, else undone."""
        ...

    def poll_idle(self, source: str, next_poll_at: datetime, now: datetime) -> None:
        """Record a look that found nothing changed: cursor unmoved, failures forgotten.

        May be lost in a power cut, which costs one look.
        """
        ...

    def poll_failed(self, source: str, error: str, next_poll_at: datetime, now: datetime) -> None:
        """Record a look that failed: one more failure, cursor unmoved."""
        ...

    # --- delivering
    def due_channels(self, now: datetime, campaigns: Collection[str]) -> tuple[str, ...]:
        """Name the channels that have a claimable delivery now: not paused, not throttled, none in flight.

        Deliveries of campaigns other than these wait.
        """
        ...

    def claim_due(
        self,
        channel: str,
        now: datetime,
        lease: timedelta,
        claimant: str,
        campaigns: Collection[str],
        *,
        delivery_id: int | None = None,
    ) -> Claim | None:
        """Commit *sending* and an attempt for the channel's next due delivery (or just the one named).

        Deliveries of campaigns other than these wait.

        Oldest due first, then lowest id. None when nothing is due, the channel is paused or throttled, or a
        delivery of it is on its way: of many callers at once at most one gets a claim.
        """
        ...

    def settle(self, claim: Claim, verdict: Verdict, receipt: Receipt | None, now: datetime) -> None:
        """Commit how the attempt ended, the delivery's next state, and what it means for the channel.

        Raises ClaimLost, and writes nothing, if the claim has been fenced off. A receipt is written all the
        same when the delivery merely turned unsure because this claim's lease had passed: it is the proof.
        """
        ...

    def strand(self, now: datetime) -> tuple[int, ...]:
        """Turn *sending* deliveries past their lease into *unsure*; returns their ids."""
        ...

    def next_due_at(self, channel: str) -> datetime | None:
        """Tell when the channel's next pending delivery may go; None when none waits or it is paused."""
        ...

    def pause_channel(self, channel: str, reason: str, now: datetime) -> bool:
        """Stop a channel until it is resumed; False if it is paused already. UnknownName if there is none."""
        ...

    def resume_channel(self, channel: str) -> bool:
        """Let a channel go on, at once; False if nothing held it. UnknownName if there is none."""
        ...

    # --- reading
    def deliveries(
        self,
        *,
        states: Sequence[State] = (),
        campaign: str | None = None,
        channel: str | None = None,
        aid_id: int | None = None,
        limit: int | None = None,
    ) -> tuple[Delivery, ...]:
        """List deliveries, newest first; empty ``states`` means all."""
        ...

    def delivery(self, delivery_id: int) -> Delivery:
        """Show one delivery; UnknownName if there is none."""
        ...

    def attempts(self, delivery_id: int) -> tuple[Attempt, ...]:
        """List a delivery's attempts, oldest first."""
        ...

    def aids(self, *, source: str | None = None, limit: int | None = None) -> tuple[KnownAid, ...]:
        """List aids, newest first seen first."""
        ...

    def find_aids(self, words: str) -> tuple[KnownAid, ...]:
        """Find aids whose key is ``words`` or that have it (or it as a normalised link) as an alias."""
        ...

    def sources(self) -> tuple[SourceStatus, ...]:
        """List all sources by name."""
        ...

    def channels(self) -> tuple[ChannelStatus, ...]:
        """List all channels by name."""
        ...

    def counts(self) -> dict[State, int]:
        """Count deliveries by state; states without any are absent."""
        ...
