"""Place, lift and find holds: people's orders that nothing of a scope is sent.

Placing one waits until no claim is under way, and no claim begins before it is committed; so a claim that
is committed later has seen it. The table is small and read whole.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, insert, or_, select, update

from spotlight_notify.ledger.engine import HOLD_LOCK, lock
from spotlight_notify.ledger.history import record
from spotlight_notify.ledger.queries import is_number, read_delivery
from spotlight_notify.ledger.rows import hold_of
from spotlight_notify.ledger.schema import hold
from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.errors import UnknownName
from spotlight_notify.model.records.orders import Hold, Signature

_IN_FORCE = and_(
    hold.c.lifted_at.is_(None), or_(hold.c.until_at.is_(None), hold.c.until_at > bindparam("now"))
)
_HOLDS = select(hold).order_by(hold.c.id.desc())
_HOLDS_NOW = _HOLDS.where(_IN_FORCE)


def place(
    connection: Connection, scope: Scope, *, who: str, reason: str, now: datetime, until_at: datetime | None
) -> Hold:
    """Write a hold once no claim is under way."""
    by = Signature(who=who, reason=reason, at=now)
    lock(connection, HOLD_LOCK)
    placed = {
        "scope_kind": scope.kind,
        "scope_name": scope.name,
        "reason": by.reason,
        "who": by.who,
        "placed_at": by.at,
        "until_at": until_at,
    }
    row = connection.execute(insert(hold).values(placed).returning(hold)).one()
    record(connection, by, "placed", hold_id=row.id)
    return hold_of(row)


def lift(connection: Connection, hold_id: int, *, who: str, reason: str, now: datetime) -> bool:
    """End a hold that is in force; False if it has ended. UnknownName if there is none."""
    by = Signature(who=who, reason=reason, at=now)
    known = is_number(hold_id)
    if not known or connection.scalar(select(hold.c.id).where(hold.c.id == hold_id)) is None:
        raise UnknownName(f"there is no hold {hold_id}")
    values = {"lifted_at": by.at, "lifted_by": by.who, "lift_reason": by.reason}
    lifted = connection.execute(
        update(hold).where(hold.c.id == hold_id, _IN_FORCE).values(values), {"now": by.at}
    )
    if lifted.rowcount == 1:
        record(connection, by, "lifted", hold_id=hold_id)
    return lifted.rowcount == 1


def read_holds(connection: Connection, now: datetime | None = None) -> tuple[Hold, ...]:
    """List all holds, or those in force at ``now``, newest first."""
    rows = connection.execute(_HOLDS) if now is None else connection.execute(_HOLDS_NOW, {"now": now})
    return tuple(map(hold_of, rows))


def hold_on(connection: Connection, delivery_id: int, now: datetime) -> Hold | None:
    """Find the newest hold in force on a delivery; UnknownName if there is no such delivery."""
    one = read_delivery(connection, delivery_id)
    return first_on(read_holds(connection, now), one.campaign, one.channel, one.themes)


def first_on(holds: Iterable[Hold], campaign: str, channel: str, themes: Collection[str]) -> Hold | None:
    """Return the first of these holds whose scope this place lies in."""
    return next((each for each in holds if each.scope.covers(campaign, channel, themes)), None)
