"""Read the holds of a SQLite ledger in one query, without the time that it takes to load SQLAlchemy."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.records.orders import Hold
from spotlight_notify.model.words import ScopeKind

VERSIONS = Path(__file__).with_name("migrations") / "versions"
AT = ("placed_at", "until_at", "lifted_at")


def glance_at_holds(file: Path, now: datetime | None) -> tuple[Hold, ...] | None:
    """List all holds, or those in force at ``now``, newest first; None where anything is unusual.

    What is unusual is for ``open_ledger`` to tell: no such file, another revision, damage, a lock.
    """
    try:
        with closing(sqlite3.connect(f"file:{quote(str(file))}?mode=rw", uri=True)) as connection:
            if file.stat().st_nlink > 1 or _revision(connection) != _newest():
                return None
            connection.row_factory = sqlite3.Row
            found = tuple(map(_hold_of, connection.execute("SELECT * FROM hold ORDER BY id DESC")))
    except (sqlite3.Error, OSError, ValueError, TypeError):
        return None
    return tuple(each for each in found if now is None or each.holds_at(now))


def _revision(connection: sqlite3.Connection) -> str:
    return "".join(*connection.execute("SELECT version_num FROM ledger_version"))


def _newest() -> str:
    """Return the newest migration's number without loading the tables."""
    return max(file.name[:4] for file in VERSIONS.glob("[0-9]*.py"))


def _hold_of(row: sqlite3.Row) -> Hold:
    held: dict[str, Any] = {**row}
    scope = Scope(kind=ScopeKind(held.pop("scope_kind")), name=held.pop("scope_name"))
    return Hold(scope=scope, **held | {name: datetime.fromisoformat(held[name]) for name in AT if held[name]})
