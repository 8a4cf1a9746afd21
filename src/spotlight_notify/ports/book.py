"""Name what one recording is written through."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from spotlight_notify.model.aids import Aid
from spotlight_notify.model.campaigns import Plan
from spotlight_notify.model.posts import Post
from spotlight_notify.model.records.standing import Delivery, KnownAid, SourceStatus
from spotlight_notify.model.words import Cause


class Book(Protocol):
    """Write one recording: everything in it is committed together, or nothing.

    Recordings of one ledger happen one after the other, in all processes.
    """

    def status(self) -> SourceStatus:
        """Return where the source of this recording was left."""
        ...

    def match(self, aids: Sequence[Aid]) -> dict[str, KnownAid]:
        """Find which of these aids (of this source) are known, by any alias; keyed by ``Aid.key``.

        Where its names belong to different aids its key decides; but a row's own link decides before the
        row's number, which a table that is loaded anew gives to another.
        """
        ...

    def add(self, aid: Aid, *, baseline: bool, now: datetime) -> KnownAid:
        """Record an aid that is new to this source, with its aliases (those not taken yet)."""
        ...

    def also_known_as(self, aid_id: int, aliases: Iterable[str]) -> None:
        """Add aliases to a known aid; those that are taken already stay where they are."""
        ...

    def decided_elsewhere(self, aid: Aid, campaign: str, channel: str) -> Delivery | None:
        """Find what was decided on this campaign and channel of another source's aid with the same ``link:``.

        Its announcement, made or to come; else a delivery that a person cancelled. Those that are proposed,
        skipped or failed do not count.
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

    def replace(self, known: KnownAid, aid: Aid, now: datetime) -> KnownAid:
        """Record an aid that took the place of a known one at its source, with that one's key and aliases.

        The known one keeps its words, and a key that nothing at the source has.
        """
        ...

    def redate(
        self, aid_id: int, old: datetime | None, new: datetime, now: datetime, settled_at: datetime
    ) -> None:
        """Move what waits for its aid's own date, as its source changed that: never into the past.

        Where the old date has passed that is what is due by ``settled_at``, when it could go at first, or
        waits for another try; else a person gave it its time, as to what was ordered for any hour.
        """
        ...

    def miss(self, keys: Sequence[str], now: datetime) -> None:
        """Take down that aids of these keys are gone, and ask about what waits of them, in digests too.

        That is asked once for every time they disappear. What is asked about for another cause keeps that;
        once it is answered this is asked before it may go.
        """
        ...

    def meet(self, aid_id: int, now: datetime) -> None:
        """Take down that an aid is there again: what was asked about because it was gone is pending again."""
        ...

    def delivery(self, delivery_id: int) -> Delivery:
        """Return one delivery; UnknownName if there is none."""
        ...

    def deliveries_of(self, aid_id: int) -> tuple[Delivery, ...]:
        """List all deliveries of an aid, oldest first."""
        ...

    def successors_of(self, aid_id: int) -> tuple[Delivery, ...]:
        """List the deliveries that took the place of those of an aid that were taken down, oldest first."""
        ...

    def rewrite(self, seen: Delivery, plan: Plan, *, reason: str, now: datetime) -> bool:
        """Do as ``Orders.rewrite`` does, in this recording."""
        ...

    def share_themes(self, aid_id: int, themes: Sequence[str]) -> None:
        """Give a known aid these themes beside its own, so that a hold on them holds it."""
        ...

    def ask(self, seen: Delivery, cause: Cause, reason: str, now: datetime) -> None:
        """Have a person asked about a delivery that waits, its post and approval as they are.

        One that is asked about already keeps its cause, and gets this reason beside its own; but approval is
        asked for anew by itself, so this goes before it. What is on its way is asked about before it goes
        again.
        """
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

    def linked(self, links: Sequence[str]) -> tuple[KnownAid, ...]:
        """List the known aids of the source that have these very links, oldest first; reads all its aids."""
        ...

    def newest(self, count: int, since: datetime | None) -> tuple[KnownAid, ...]:
        """List the source's ``count`` newest aids, and those published since then; oldest first.

        The newest by their publishing date, or by when they were first seen where they have none.
        """
        ...

    def raise_alarm(self, reason: str, now: datetime) -> None:
        """Record why what this source shows is held for a person (as *proposed*, with the cause brake).

        The alarm keeps the time it was first raised until it is answered.
        """
        ...

    def absorb(self, aid_ids: Sequence[int], digest_id: int, now: datetime) -> int:
        """Skip what is pending or proposed of these aids where the delivery ``digest_id`` goes: how many?

        UnknownName if there is no such delivery.
        """
        ...

    def finish(
        self,
        *,
        cursor: str | None,
        next_poll_at: datetime,
        baseline_done: bool,
        now: datetime,
        notes: Sequence[str] = (),
    ) -> None:
        """Record a look that succeeded: cursor moved, failures forgotten; a baseline's wishes are done.

        ``notes`` take the place of those of the look before.
        """
        ...
