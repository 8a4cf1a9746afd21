"""The ledger's table of contents: which function keeps which promise of the port ``Ledger``."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine

from spotlight_notify.ledger import (
    approvals,
    brakes,
    channels,
    claims,
    clock_steps,
    decisions,
    expiry,
    history,
    holds,
    lookups,
    outbox,
    polling,
    queries,
    renames,
    settlements,
    takedowns,
    uploads,
)
from spotlight_notify.ledger.engine import RECORDING_LOCK, lock
from spotlight_notify.ledger.ledger_file import LedgerFile
from spotlight_notify.ledger.sql_book import SqlBook
from spotlight_notify.ledger.transactions import Connections
from spotlight_notify.model.campaigns import ApprovalPolicy

P = ParamSpec("P")
R = TypeVar("R")
Work = Callable[Concatenate[Connection, P], R]
"""What is done with a connection, which the ledger opens and closes."""
Method = Callable[Concatenate["SqlLedger", P], R]


def _reads(work: Work[P, R]) -> Method[P, R]:
    """Return the method that does this in a transaction in which nothing is written."""

    def method(self: "SqlLedger", /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self._connections.reading() as connection:
            return work(connection, *args, **kwargs)

    return method


def _writes(work: Work[P, R]) -> Method[P, R]:
    """Return the method that does this in a transaction that is committed when it ends well."""

    def method(self: "SqlLedger", /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self._connections.writing() as connection:
            return work(connection, *args, **kwargs)

    return method


def _notes(work: Work[P, R]) -> Method[P, R]:
    """Return the method that writes what may be lost in a power cut: the next look would find it again."""

    def method(self: "SqlLedger", /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self._connections.noting() as connection:
            return work(connection, *args, **kwargs)

    return method


class SqlLedger:
    """Keep the ledger in SQLite or PostgreSQL, as ``ports.Ledger`` promises; made by ``open_ledger``."""

    def __init__(self, engine: Engine, file: LedgerFile | None, locks: ExitStack) -> None:
        self._connections = Connections(engine, file)
        self._locks = locks

    def close(self) -> None:
        """Close the connections and give up the locks; new connections are opened if it is used again."""
        self._connections.close()
        self._locks.close()

    # --- polling
    register = _writes(polling.register)
    due_sources = _reads(polling.due_sources)
    claim_poll = _notes(polling.claim_poll)
    source_status = _reads(queries.read_source)
    known = _reads(polling.known)
    waiting_aids = _reads(polling.waiting_aids)
    poll_idle = _notes(polling.poll_idle)
    poll_failed = _writes(polling.poll_failed)
    begin_anew = _writes(polling.begin_anew)

    @contextmanager
    def recording(self, source: str) -> Iterator[SqlBook]:
        with self._connections.recording() as connection:
            lock(connection, RECORDING_LOCK)
            book = SqlBook(connection, source)
            book.status()
            yield book

    # --- channels
    due_channels = _reads(channels.due_channels)
    next_due_at = _reads(channels.next_due_at)
    pause_channel = _writes(channels.pause_channel)
    resume_channel = _writes(channels.resume_channel)
    note_asked = _writes(channels.note_asked)
    tokens_proven_at = _reads(channels.read_proven_at)

    # --- delivering
    queue = _reads(outbox.read_queue)
    late = _reads(expiry.read_late)
    claim_due = _writes(claims.claim_due)
    confirm = _reads(claims.confirm)
    settle = _writes(settlements.settle)
    bring_back = _writes(clock_steps.bring_back)

    def strand(self, now: datetime) -> tuple[int, ...]:
        with self._connections.reading() as connection:
            if not settlements.is_stranded(connection, now):
                return ()
        with self._connections.writing() as connection:
            return settlements.strand(connection, now)

    def tell_time(self) -> datetime | None:
        return self._connections.tell_time()

    # --- resolving
    doubts = _reads(lookups.read_doubts)
    claim_look = _writes(lookups.claim_look)
    settle_look = _writes(lookups.settle_look)
    look_now = _writes(lookups.look_now)
    look_ups = _reads(lookups.read_look_ups)
    receipts = _reads(lookups.taken_posts)
    waiting_posts = _reads(lookups.waiting_posts)
    subject = _reads(lookups.subject_of)
    reads = _reads(lookups.count_reads)

    # --- drafts and pictures
    remember_draft = _writes(uploads.remember_draft)
    recall_draft = _reads(uploads.recall_draft)
    forget_draft = _writes(uploads.forget_draft)
    keep_picture = _writes(uploads.keep_picture)
    kept_picture = _reads(uploads.kept_picture)
    is_shown_elsewhere = _reads(uploads.is_shown_elsewhere)

    # --- reading
    deliveries = _reads(queries.read_deliveries)
    delivery = _reads(queries.read_delivery)
    attempts = _reads(queries.read_attempts)
    aids = _reads(queries.read_aids)
    aid = _reads(queries.read_aid)
    find_aids = _reads(queries.find_aids)
    sources = _reads(queries.read_sources)
    channels = _reads(queries.read_channels)
    tallies = _reads(queries.read_tallies)
    counts = _reads(queries.count_states)
    changes = _reads(history.read_changes)

    # --- what people decide about one delivery
    change_delivery = _writes(decisions.change_delivery)
    approve = _writes(decisions.approve)
    edit = _writes(decisions.edit)
    rewrite = _writes(decisions.rewrite)
    unmark = _writes(decisions.unmark)

    def ask_unapproved(self, policies: Mapping[str, ApprovalPolicy], now: datetime) -> None:
        with self._connections.reading() as connection:
            asked = bool(approvals.unapproved(connection, None, policies))
        if asked:
            with self._connections.writing() as connection:
                approvals.propose_unapproved(connection, None, policies, now)

    # --- what people order of everything else
    place_hold = _writes(holds.place)
    lift_hold = _writes(holds.lift)
    holds = _reads(holds.read_holds)
    place_baseline = _writes(brakes.place_baseline)
    accept = _writes(brakes.accept)
    rename = _writes(renames.rename)
    order_takedown = _writes(takedowns.order)
    settle_takedown = _writes(takedowns.settle)
    note_takedown = _writes(takedowns.note)
    takedown = _reads(takedowns.read)
    takedowns_left = _reads(takedowns.left)
