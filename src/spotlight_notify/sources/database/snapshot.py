"""Know which transactions of PostgreSQL have ended: rows show when they do, not when they get a number."""

from sqlalchemy import Connection, text

_RUNNING = text(
    "SELECT CAST(pg_snapshot_xmin(s) AS text), CAST(pg_snapshot_xmax(s) AS text)"
    " FROM pg_current_snapshot() AS s"
)


def next_to_begin(connection: Connection) -> int | None:
    """Return the number the next transaction to write will get; None where the database numbers none."""
    return _running(connection)[1] if _tells(connection) else None


def has_ended(connection: Connection, number: int) -> bool:
    """Tell whether all transactions before this number have ended, or are of a server that was replaced."""
    if not _tells(connection):
        return True
    oldest, following = _running(connection)
    return oldest >= number or following < number


def _tells(connection: Connection) -> bool:
    # Older versions are out of support, and call these functions by other names.
    version = connection.dialect.server_version_info or (0,)
    return connection.dialect.name == "postgresql" and version >= (13,)


def _running(connection: Connection) -> tuple[int, int]:
    oldest, following = connection.execute(_RUNNING).one()
    return int(oldest), int(following)
