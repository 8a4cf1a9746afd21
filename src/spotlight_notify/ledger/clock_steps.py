"""Bring back to now what a clock that was ahead has put off: nobody meant it to wait that long."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, Update, select, update

from spotlight_notify.ledger.schema import PENDING, SENDING, UNSURE, channel, delivery, source

TOLERANCE = timedelta(minutes=2)
"""How far ahead of now a time of the past may lie: machines that share a ledger differ by seconds."""
LONGEST_REST = timedelta(days=2)
"""No network's limit lasts longer (see publishers/resets.py)."""
SOON = timedelta(hours=1)
"""The longest wait before a delivery is tried again, unless the configuration says otherwise."""
LONGEST_WAIT = timedelta(days=1)
"""No look-up is put off for longer."""


def bring_back(connection: Connection, now: datetime) -> int:
    """Make due what was written by a clock ahead of ``now``; returns how many rows that were.

    What waits for a time of its own, further off than a try again, goes on waiting for it. A claim from the
    future is given up: if whoever holds it is alive, it finds that out before it sends.
    """
    ahead = now + TOLERANCE
    put_off: tuple[Update, ...] = (
        update(source)
        .where(source.c.next_poll_at > ahead, source.c.polled_at > ahead)
        .values(next_poll_at=now, polled_at=now),
        update(channel).where(channel.c.due_at > now + LONGEST_REST).values(due_at=None),
        update(delivery).where(UNSURE, delivery.c.look_at > now + LONGEST_WAIT).values(look_at=now),
        update(delivery).where(SENDING, delivery.c.went_at > ahead).values(leased_until_at=now),
        update(delivery)
        .where(delivery.c.id.in_(_due_then(connection, now)))
        .values(due_at=now, changed_at=now),
    )
    return sum(connection.execute(each).rowcount for each in put_off)


def _due_then(connection: Connection, now: datetime) -> list[int]:
    """Find what was due when it was written, or soon after; the databases add times in ways of their own."""
    times = (delivery.c.id, delivery.c.due_at, delivery.c.changed_at)
    waiting = select(*times).where(PENDING, delivery.c.due_at > now, delivery.c.changed_at > now + TOLERANCE)
    return [row.id for row in connection.execute(waiting) if row.due_at <= row.changed_at + SOON]
