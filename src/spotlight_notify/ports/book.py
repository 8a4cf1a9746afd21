"""Name what one recording is written through."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from spotlight_notify.model import Aid, Plan, Post
from spotlight_notify.records import Delivery, KnownAid, SourceStatus


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

    def sign(
        self, delivery_id: int, action: str, *, who: str, reason: str, now: datetime, was: Post | None = None
    ) -> None:
        """Put on record who ordered a delivery, or what else they did to it, and why.

        ``was``: its post before that, if it has another now.
        """
        ...

    def refresh(self, aid_id: int, aid: Aid) -> None:
        """Keep a known aid's present words; its key, its aliases and planned posts stay as they are.

        So does what is known of a picture of the same address; its trouble only while its words stay too.
        """
        ...

    def redate(self, aid_id: int, old: datetime, new: datetime, now: datetime) -> None:
        """Move what waits for its aid's own date, as its source changed that: never into the past."""
        ...

    def delivery_of(self, aid_id: int, campaign: str, channel: str) -> Delivery | None:
        """Find the delivery that a known aid has here."""
        ...

    def replan(self, delivery_id: int, plan: Plan, now: datetime) -> bool:
        """Give a delivery that is surely not public this plan's state, post, findings, due time; else False.

        Surely not public: proposed, pending, failed, skipped or cancelled. Its tries begin anew; its
        approval ends if its post is another.
        """
        ...

    def known_count(self) -> int:
        """Count the aids that this source has shown so far, those of this recording among them."""
        ...

    def familiar(self, titles: Sequence[str]) -> int:
        """Count which of these titles (empty ones left out) belong to known aids of this source already."""
        ...

    def namesakes(self, titles: Sequence[str]) -> tuple[KnownAid, ...]:
        """List the known aids of this source that bear one of these titles, in the order of their numbers."""
        ...

    def newest(self, count: int, since: datetime | None) -> tuple[KnownAid, ...]:
        """List the source's ``count`` newest aids, and those published since then; oldest first.

        The newest by their publishing date, or by when they were first seen where they have none.
        """
        ...

    def raise_alarm(self, reason: str, now: datetime) -> None:
        """Say why what this source shows is held (planned as *proposed*, with the cause brake) for a person.

        The alarm keeps the time it was first raised until it is answered.
        """
        ...

    def absorb(self, aid_ids: Sequence[int], digest_id: int, now: datetime) -> int:
        """Skip what is pending or proposed of these aids where the delivery ``digest_id`` goes: how many?

        UnknownName if there is no such delivery.
        """
        ...

    def finish(
        self, *, cursor: str | None, next_poll_at: datetime, baseline_done: bool, now: datetime
    ) -> None:
        """Record a look that succeeded: cursor moved, failures forgotten; a baseline's wishes are done."""
        ...
