"""Fulfil the port ``Ledger``: every method is one transaction around queries of the modules beside."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Engine

from spotlight_notify.ledger import (
    claims,
    clock_steps,
    doubts,
    drafts,
    pictures,
    polling,
    queues,
    reading,
    settling,
    sifting,
)
from spotlight_notify.ledger.connecting import RECORDING_LOCK, lock
from spotlight_notify.ledger.connections import Connections
from spotlight_notify.ledger.ledger_file import LedgerFile
from spotlight_notify.ledger.recording import SqlBook
from spotlight_notify.ledger.sql_orders import SqlOrders
from spotlight_notify.model.aids import Aid
from spotlight_notify.model.campaigns import ApprovalPolicy, Channel
from spotlight_notify.model.posts import CleanPicture, Post, Receipt, Subject
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
from spotlight_notify.ports.ledger import NOTHING_ASKED


class SqlLedger(SqlOrders):
    """Keep the ledger in SQLite or PostgreSQL, as ``ports.Ledger`` promises; made by ``open_ledger``."""

    def __init__(self, engine: Engine, file: LedgerFile | None, locks: ExitStack) -> None:
        super().__init__(Connections(engine, file))
        self._locks = locks

    def close(self) -> None:
        """Close the connections and give up the locks; new connections are opened if it is used again."""
        self._connections.close()
        self._locks.close()

    # --- polling
    def register(self, sources: Mapping[str, str], channels: Iterable[Channel], now: datetime) -> None:
        """Make rows for configured sources (due at once) and channels that have none; see what moved."""
        with self._connections.writing() as connection:
            polling.register(connection, sources, channels, now)

    def due_sources(self, now: datetime) -> tuple[str, ...]:
        """Name the sources whose time has come, longest waiting first; paused ones are left out."""
        with self._connections.reading() as connection:
            return polling.due_sources(connection, now)

    def claim_poll(
        self, source: str, now: datetime, next_poll_at: datetime, address: str | None = None
    ) -> bool:
        """Take a due source by moving its due time, to later than ``now``; one caller gets True."""
        with self._connections.noting() as connection:
            return polling.claim_poll(connection, source, now, next_poll_at, address)

    def source_status(self, source: str) -> SourceStatus:
        """Tell where a source was left; UnknownName if it has no row."""
        with self._connections.reading() as connection:
            return reading.read_source(connection, source)

    def known(self, source: str, keys: Sequence[str]) -> frozenset[str]:
        """Tell which of these keys of a source have been seen, as keys or as aliases."""
        with self._connections.reading() as connection:
            return polling.known(connection, source, keys)

    def waiting_aids(self, source: str) -> tuple[Aid, ...]:
        """List a source's aids of which something waits, itself or in a digest, oldest first."""
        with self._connections.reading() as connection:
            return polling.waiting_aids(connection, source)

    @contextmanager
    def recording(self, source: str) -> Iterator[SqlBook]:
        """Open a recording; no other begins anywhere before it ends. UnknownName if the source has no row."""
        with self._connections.recording() as connection:
            lock(connection, RECORDING_LOCK)
            book = SqlBook(connection, source)
            book.status()
            yield book

    def poll_idle(self, left: SourceStatus, next_poll_at: datetime, now: datetime) -> bool:
        """Record a look that found nothing changed; False, and nothing written, if it was overtaken."""
        with self._connections.noting() as connection:
            return polling.poll_idle(connection, left, next_poll_at, now)

    def poll_failed(self, left: SourceStatus, error: str, next_poll_at: datetime, now: datetime) -> bool:
        """Record a look that failed; False, and nothing written, if it was overtaken."""
        with self._connections.writing() as connection:
            return polling.poll_failed(connection, left, error, next_poll_at, now)

    # --- delivering
    def due_channels(self, now: datetime, campaigns: Collection[str]) -> tuple[str, ...]:
        """Name, in order, the channels that are open and have something due."""
        with self._connections.reading() as connection:
            return claims.due_channels(connection, now, campaigns)

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
        """Commit *sending* and an attempt, or return None; either way what is over or late is settled."""
        with self._connections.writing() as connection:
            return claims.claim_due(connection, channel, now, lease, claimant, tempo, delivery_id, policies)

    def confirm(self, claim: Claim, now: datetime) -> Hold | None:
        """Find the newest hold in force on a claimed delivery; ClaimLost if the claim is over."""
        with self._connections.reading() as connection:
            return claims.confirm(connection, claim, now)

    def bring_back(self, now: datetime) -> int:
        """Make due what a clock that was ahead has put off; returns how many rows that were."""
        with self._connections.writing() as connection:
            return clock_steps.bring_back(connection, now)

    def tell_time(self) -> datetime | None:
        """Read the database server's clock; None on SQLite."""
        return self._connections.tell_time()

    def queue(self, channel: str, now: datetime, what_if: WhatIf = AS_IT_IS) -> Queue:
        """Return what waits on a channel (of all campaigns, due or not) and what went out lately."""
        with self._connections.reading() as connection:
            return queues.read_queue(connection, channel, now, what_if)

    def late(
        self, channel: str, tempo: Tempo, now: datetime, what_if: WhatIf = AS_IT_IS
    ) -> tuple[LateOne, ...]:
        """Return what the next claim would skip or propose as late."""
        with self._connections.reading() as connection:
            return sifting.read_late(connection, channel, tempo, now, what_if)

    def settle(self, claim: Claim, verdict: Verdict, receipt: Receipt | None, now: datetime) -> None:
        """Commit how the attempt ended; ClaimLost, and nothing written, if the claim was fenced off."""
        with self._connections.writing() as connection:
            settling.settle(connection, claim, verdict, receipt, now)

    def strand(self, now: datetime) -> tuple[int, ...]:
        """Turn *sending* deliveries past their lease into *unsure*; writes nothing when there are none."""
        with self._connections.reading() as connection:
            if not settling.is_stranded(connection, now):
                return ()
        with self._connections.writing() as connection:
            return settling.strand(connection, now)

    def next_due_at(self, channel: str) -> datetime | None:
        """Tell when the channel's next pending delivery may go; None when none waits or it is paused."""
        with self._connections.reading() as connection:
            return claims.next_due_at(connection, channel)

    # --- resolving
    def doubts(self, now: datetime, channel: str | None = None) -> tuple[Doubt, ...]:
        """List the unsure deliveries whose look-up is due, oldest first; of a channel: due or not."""
        with self._connections.reading() as connection:
            return doubts.read_doubts(connection, now, channel)

    def claim_look(self, delivery_id: int, now: datetime, look_at: datetime) -> bool:
        """Take a look-up that is due by moving its time, to later than ``now``; one caller gets True."""
        with self._connections.writing() as connection:
            return doubts.claim_look(connection, delivery_id, now, look_at)

    def settle_look(self, doubt: Doubt, conclusion: Conclusion, now: datetime) -> bool:
        """Commit what a look-up found; False, and nothing written, if the doubt no longer stands."""
        with self._connections.writing() as connection:
            return doubts.settle_look(connection, doubt, conclusion, now)

    def receipts(self, channel: str, post_ids: Collection[str]) -> frozenset[str]:
        """Tell which of these posts of a channel are the receipts of deliveries already."""
        with self._connections.reading() as connection:
            return doubts.taken_posts(connection, channel, post_ids)

    def waiting_posts(self, channel: str, but: int) -> tuple[Post, ...]:
        """Read the posts of a channel's deliveries without a receipt, but for one delivery's."""
        with self._connections.reading() as connection:
            return doubts.waiting_posts(connection, channel, but)

    def subject(self, delivery_id: int) -> Subject:
        """Tell what a delivery's post announces, to recognise it by."""
        with self._connections.reading() as connection:
            return doubts.subject_of(connection, delivery_id)

    def look_ups(self, delivery_id: int) -> tuple[LookUp, ...]:
        """List a delivery's look-ups, oldest first."""
        with self._connections.reading() as connection:
            return doubts.read_look_ups(connection, delivery_id)

    def reads(self) -> dict[str, int]:
        """Count the posts that look-ups have read, by channel; channels without any are absent."""
        with self._connections.reading() as connection:
            return doubts.count_reads(connection)

    # --- drafts
    def remember_draft(self, channel: str, digest: str, post_id: str) -> None:
        """Commit a draft's id; it takes the place of an earlier one that says the same."""
        with self._connections.writing() as connection:
            drafts.remember(connection, channel, digest, post_id)

    def recall_draft(self, channel: str, digest: str) -> str | None:
        """Return the id of the draft that says this; None when none is remembered."""
        with self._connections.reading() as connection:
            return drafts.recall(connection, channel, digest)

    def forget_draft(self, channel: str, digest: str) -> None:
        """Drop what is remembered, if anything."""
        with self._connections.writing() as connection:
            drafts.forget(connection, channel, digest)

    # --- pictures
    def keep_picture(self, picture: CleanPicture, now: datetime) -> str:
        """Commit a picture and return its digest; one that is kept already stays as it is."""
        digest = pictures.digest_of(picture)
        with self._connections.writing() as connection:
            pictures.keep(connection, digest, picture, now)
        return digest

    def kept_picture(self, digest: str) -> CleanPicture | None:
        """Return the picture of this digest; None when none is kept."""
        with self._connections.reading() as connection:
            return pictures.kept(connection, digest)

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
        with self._connections.reading() as connection:
            return reading.read_deliveries(
                connection, states=states, campaign=campaign, channel=channel, aid_id=aid_id, limit=limit
            )

    def delivery(self, delivery_id: int) -> Delivery:
        """Show one delivery; UnknownName if there is none."""
        with self._connections.reading() as connection:
            return reading.read_delivery(connection, delivery_id)

    def attempts(self, delivery_id: int) -> tuple[Attempt, ...]:
        """List a delivery's attempts, oldest first."""
        with self._connections.reading() as connection:
            return reading.read_attempts(connection, delivery_id)

    def aids(self, *, source: str | None = None, limit: int | None = None) -> tuple[KnownAid, ...]:
        """List aids, newest first seen first."""
        with self._connections.reading() as connection:
            return reading.read_aids(connection, source, limit)

    def find_aids(self, words: str) -> tuple[KnownAid, ...]:
        """Find aids by number, by key or alias (their prefixes may be left out), or by link."""
        with self._connections.reading() as connection:
            return reading.find_aids(connection, words)

    def sources(self) -> tuple[SourceStatus, ...]:
        """List all sources by name."""
        with self._connections.reading() as connection:
            return reading.read_sources(connection)

    def channels(self) -> tuple[ChannelStatus, ...]:
        """List all channels by name."""
        with self._connections.reading() as connection:
            return reading.read_channels(connection)

    def tallies(self) -> tuple[Tally, ...]:
        """Count deliveries by campaign, channel and state, in that order."""
        with self._connections.reading() as connection:
            return reading.read_tallies(connection)

    def counts(self) -> dict[State, int]:
        """Count deliveries by state; states without any are absent."""
        with self._connections.reading() as connection:
            return reading.count_states(connection)
