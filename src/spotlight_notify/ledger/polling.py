"""Keep the sources' due times, and tell what was seen of them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Table, bindparam, or_, select, update

from spotlight_notify.ledger.brakes import due_for_baseline
from spotlight_notify.ledger.columns import word
from spotlight_notify.ledger.engine import RECORDING_LOCK, lock
from spotlight_notify.ledger.history import record, was
from spotlight_notify.ledger.queries import BATCH, known_aids
from spotlight_notify.ledger.schema import aid, alias, channel, delivery, source
from spotlight_notify.model.aids import FORMER, SUCCESSOR, Aid
from spotlight_notify.model.campaigns import Channel
from spotlight_notify.model.records.orders import Signature
from spotlight_notify.model.records.standing import MOVED, SourceStatus
from spotlight_notify.model.states import OPEN
from spotlight_notify.model.words import Cause, State

CONFIGURATION = "configuration"
"""Who changed something when it was a configuration file, and no person by name."""

_KNOWN = select(alias.c.alias).where(
    alias.c.source == bindparam("source"), alias.c.alias.in_(bindparam("names", expanding=True))
)
_CLAIM = (
    update(source)
    .where(
        source.c.name == bindparam("source"),
        source.c.next_poll_at <= bindparam("now"),
        source.c.paused_reason.is_(None),
    )
    .values(next_poll_at=bindparam("then"))
)
_CLAIM_THERE = _CLAIM.where(or_(source.c.address.is_(None), source.c.address == bindparam("there")))

MOST_SKIPPED = 2000
"""The newest skipped deliveries, of all sources, among which what may be put right is sought."""
MOST_LEFT_OUT = 100
"""So many of them are read again in each look: few beside what waits (500 rows of a table)."""

_NEWEST_SKIPPED = (
    select(delivery.c.id, delivery.c.aid_id, delivery.c.cause)
    .where(delivery.c.state == word(State.SKIPPED))
    .order_by(delivery.c.id.desc())
    .limit(MOST_SKIPPED)
    .subquery()
)
_LEFT_OUT = (
    select(_NEWEST_SKIPPED.c.aid_id)
    .join(aid, aid.c.id == _NEWEST_SKIPPED.c.aid_id)
    .where(
        _NEWEST_SKIPPED.c.cause.in_((Cause.FILTERED, Cause.OVER, Cause.DUPLICATE)),
        aid.c.source == bindparam("source"),
        aid.c.baseline.is_(False),
    )
    .order_by(_NEWEST_SKIPPED.c.id.desc())
    .limit(MOST_LEFT_OUT)
)


def insert_missing(connection: Connection, table: Table, unique: Sequence[str]) -> Insert:
    """Start an INSERT that passes over a row whose unique columns are taken already."""
    return _insert_missing(connection.dialect.name, table, tuple(unique))


@cache
def _insert_missing(dialect: str, table: Table, unique: tuple[str, ...]) -> Insert:
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table).on_conflict_do_nothing(index_elements=unique)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table).on_conflict_do_nothing(index_elements=unique)


def register(
    connection: Connection, sources: Mapping[str, str], channels: Iterable[Channel], now: datetime
) -> None:
    """Make rows for sources (due at once) and channels that have none; see whether a source has moved."""
    known_until_at = (
        None if _has_aids(connection) else now
    )  # or else the ledger may have known it, and lost it
    new_channel = {"epoch": 0, "known_until_at": known_until_at}
    channel_rows = [{"name": each.name, "network": each.network.name, **new_channel} for each in channels]
    if channel_rows:
        connection.execute(insert_missing(connection, channel, ["name"]), channel_rows)
    known = {row.name: row.address for row in connection.execute(select(source.c.name, source.c.address))}
    for name, address in sources.items():
        if name not in known:
            new = {"name": name, "next_poll_at": now, "failures": 0, "address": address or None}
            connection.execute(insert_missing(connection, source, ["name"]).values(new))
        elif address and address != known[name]:
            _move_to(connection, name, address, now)


def _has_aids(connection: Connection) -> bool:
    return connection.scalar(select(aid.c.id).limit(1)) is not None


def _move_to(connection: Connection, name: str, address: str, now: datetime) -> None:
    """Take a source's address; unless it had none, its next look tells whether it is the same source there.

    An address is compared with what it is when no recording is under way and nobody else takes one.
    """
    lock(connection, RECORDING_LOCK)
    old = connection.execute(select(source).where(source.c.name == name)).one()
    if old.address == address:
        return
    values: dict[str, Any] = {"address": address}
    if old.address is not None:
        values |= due_for_baseline(now)
        if old.baseline_at is not None:
            values |= {"baseline_at": old.baseline_at, "cursor": MOVED}
        by = Signature(who=CONFIGURATION, reason="it is elsewhere than before", at=now)
        record(connection, by, "moved", was(address=old.address), source=name)
    connection.execute(update(source).where(source.c.name == name).values(values))


def begin_anew(connection: Connection, left: SourceStatus, now: datetime) -> bool:
    """Give a moved source a new baseline, due now, with a change on record; False if it was overtaken."""
    if not _move(connection, left, due_for_baseline(now)):
        return False
    by = Signature(who=CONFIGURATION, reason="where it is now it shows nothing that was known", at=now)
    record(connection, by, "baseline", was(baseline_at=left.baseline_at), source=left.name)
    return True


def due_sources(connection: Connection, now: datetime) -> tuple[str, ...]:
    """List the sources whose time has come, longest waiting first."""
    wanted = (
        select(source.c.name)
        .where(source.c.next_poll_at <= now, source.c.paused_reason.is_(None))
        .order_by(source.c.next_poll_at, source.c.name)
    )
    return tuple(connection.scalars(wanted))


def claim_poll(
    connection: Connection, source: str, now: datetime, next_poll_at: datetime, address: str | None = None
) -> bool:
    """Move a due source's time; True only for the one caller that found it due, and where it knows it."""
    values = {"source": source, "now": now, "then": next_poll_at}
    if address:
        return connection.execute(_CLAIM_THERE, {**values, "there": address}).rowcount == 1
    return connection.execute(_CLAIM, values).rowcount == 1


def known(connection: Connection, source: str, keys: Sequence[str]) -> frozenset[str]:
    """Return which of these keys have been seen, as keys or as aliases."""
    seen: set[str] = set()
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        seen.update(connection.scalars(_KNOWN, {"source": source, "names": batch}))
    return frozenset(seen)


def waiting_aids(connection: Connection, source: str) -> tuple[Aid, ...]:
    """List a source's aids of which something may still go out, a successor or digest too, oldest first."""
    waits = delivery.c.state.in_(OPEN)
    told = delivery.c.digest_id.in_(select(delivery.c.id).where(waits))
    # Two queries: joined by OR in one, databases would read every delivery.
    keyed = select(delivery.c.aid_id, aid.c.key).join_from(delivery, aid, aid.c.id == delivery.c.aid_id)
    rows = (row for fits in (waits, told) for row in connection.execute(keyed.where(fits)))
    ids = {_original(row.aid_id, row.key) for row in rows}
    ids |= set(connection.scalars(_LEFT_OUT, {"source": source}))
    found: list[Aid] = []
    ordered = sorted(ids)
    for start in range(0, len(ordered), BATCH):
        batch = ordered[start : start + BATCH]
        mine = (aid.c.source == source, aid.c.key.not_like(f"{FORMER}:%"), aid.c.id.in_(batch))
        wanted = select(aid).where(*mine).order_by(aid.c.id)
        found.extend(each.aid for each in known_aids(connection, wanted))
    return tuple(found)


def _original(aid_id: int, key: str) -> int:
    """Return the aid whose delivery was taken down, for the aid that was made to take its place."""
    found = re.fullmatch(rf"{SUCCESSOR}:(\d+):\d+", key)
    return int(found[1]) if found else aid_id


def poll_idle(connection: Connection, left: SourceStatus, next_poll_at: datetime, now: datetime) -> bool:
    """Record a look that found nothing changed: failures forgotten, cursor unmoved."""
    values = {"failures": 0, "error": None, "polled_at": now, "succeeded_at": now}
    return _move(connection, left, {**values, "next_poll_at": next_poll_at})


def poll_failed(
    connection: Connection, left: SourceStatus, error: str, next_poll_at: datetime, now: datetime
) -> bool:
    """Record a look that failed: one more failure, cursor unmoved."""
    values = {"failures": source.c.failures + 1, "error": error, "polled_at": now}
    return _move(connection, left, {**values, "next_poll_at": next_poll_at})


def _move(connection: Connection, left: SourceStatus, values: dict[str, Any]) -> bool:
    """Change a source unless it was overtaken; in SQL, so that nothing can come between (see ``follows``)."""
    followed = (
        source.c.name == left.name,
        source.c.address.is_not_distinct_from(left.address),
        source.c.baseline_at.is_not_distinct_from(left.baseline_at),
        source.c.cursor.is_not_distinct_from(left.cursor),
    )
    return connection.execute(update(source).where(*followed).values(values)).rowcount == 1
