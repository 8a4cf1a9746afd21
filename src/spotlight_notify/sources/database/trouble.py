"""Say in one line what is wrong with somebody else's database, and what is there instead."""

from collections.abc import Collection

from sqlalchemy import URL, ColumnElement, Connection, inspect, literal_column, select, table
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from spotlight_notify.sources.database.table import Table
from spotlight_notify.text.invisible import in_one_line

LONGEST_DETAIL = 300
"""Characters of a driver's own message that are shown."""

MOST_NAMES = 30
"""Names of tables or columns that are listed."""


MYSQL_LOCKED = (1205, 3572)
"""ER_LOCK_WAIT_TIMEOUT and ER_LOCK_NOWAIT, of MySQL and MariaDB."""

MYSQL_TOO_LONG = (1969, 3024)
"""ER_STATEMENT_TIMEOUT of MariaDB, and ER_QUERY_TIMEOUT of MySQL."""


def explain(connection: Connection, described: Table, error: SQLAlchemyError) -> str:
    """Say why the table could not be read: what is missing, or the driver's own words; never a password."""
    trouble = passing_trouble(error)
    if trouble is None:
        trouble = _diagnose(connection, described) or detail_of(error, connection.engine.url)
    return f"table {described}: {trouble}"


def passing_trouble(error: SQLAlchemyError) -> str | None:
    """Say what is wrong if it has nothing to do with what was asked; else None."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    words = str(getattr(error, "orig", error))
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return "the connection was lost while it was read"
    code = next(iter(getattr(getattr(error, "orig", None), "args", ())), None)
    if state == "55P03" or "is locked" in words or code in MYSQL_LOCKED:
        return "it stayed locked by another program"
    if state == "57014" or words == "interrupted" or code in MYSQL_TOO_LONG:
        return "the database took too long to answer, so the question was stopped"
    return None


def detail_of(error: Exception, url: URL) -> str:
    """Return the driver's own message as one line, any password in it starred out."""
    original = getattr(error, "orig", None) or error
    primary = getattr(getattr(original, "diag", None), "message_primary", None)
    words = in_one_line(str(primary or original))
    for secret in (url.password, url.query.get("password")):
        words = words.replace(str(secret), "***") if secret else words
    return words[:LONGEST_DETAIL]


def _diagnose(connection: Connection, described: Table) -> str | None:
    """Compare what is described with what is there; None if that is not what is wrong."""
    try:
        connection.rollback()
        if there := _other_tables(connection, described):
            return there
        return _missing_columns(connection, described) or _wrong_filter(connection, described)
    except SQLAlchemyError:
        return None


def _other_tables(connection: Connection, described: Table) -> str | None:
    inspector = inspect(connection)
    names = {*inspector.get_table_names(described.schema), *inspector.get_view_names(described.schema)}
    if inspector.has_table(described.name, described.schema):
        return None
    return f"there is no such table; there are {_listed(names)}"


def _missing_columns(connection: Connection, described: Table) -> str | None:
    bare = table(described.name, schema=described.schema)
    names = list(connection.execute(select(literal_column("*")).select_from(bare).limit(0)).keys())
    missing = [name for name in described.all_columns() if name not in names]
    if not missing:
        return None
    return f"there is no column {_listed(missing)}; there are {_listed(names)}"


def _wrong_filter(connection: Connection, described: Table) -> str | None:
    if described.filter is None:
        return None
    bare = table(described.name, schema=described.schema)
    condition: ColumnElement[bool] = literal_column(f"(\n{described.filter}\n)")
    try:
        connection.execute(select(literal_column("1")).select_from(bare).where(condition).limit(0))
    except DBAPIError as error:
        return f"the filter {described.filter!r} is not understood: {detail_of(error, connection.engine.url)}"
    return None


def _listed(names: Collection[str]) -> str:
    shown = sorted(names) if isinstance(names, set) else list(names)
    more = f" and {len(shown) - MOST_NAMES} more" if len(shown) > MOST_NAMES else ""
    return (", ".join(shown[:MOST_NAMES]) or "none") + more
