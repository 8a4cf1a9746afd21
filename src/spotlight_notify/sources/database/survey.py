"""Look at a table once, and say what is right in its configuration but may not be meant."""

from collections.abc import Iterator
from datetime import timedelta
from math import ceil

from sqlalchemy import Connection

from spotlight_notify.sources.database.collector import PAGE
from spotlight_notify.sources.database.order_column import why_disordered
from spotlight_notify.sources.database.queries import TableQueries, queries_for
from spotlight_notify.sources.database.scan import SWEPT_PAGES
from spotlight_notify.sources.database.table import Table
from spotlight_notify.sources.database.timestamps import names_no_zone

TIMES = ("published", "updated", "event", "expires")
"""The fields that are read as times."""

SAMPLE = 250
"""Values of a column that are looked at, from its end."""


def survey(connection: Connection, table: Table, zone: str | None, every: timedelta) -> Iterator[str]:
    """Yield a sentence for each; ``zone`` is that of times which name none, if nobody said so."""
    queries = queries_for(connection, table)
    if zone is not None:
        yield from _naive(connection, queries, table, zone)
    yield from _disordered(connection, queries, table)
    if queries.order is not None:
        yield from _slowly_swept(connection, queries, table, every)


def _naive(connection: Connection, queries: TableQueries, table: Table, zone: str) -> Iterator[str]:
    for name in (each for each in TIMES if each in queries.fields):
        values = connection.scalars(queries.last(queries.fields[name], SAMPLE))
        bare = next((value for value in values if names_no_zone(value)), None)
        if bare is not None:
            column = table.read_columns()[name]
            yield f"{column} holds times without a zone ({bare}), read as {zone}: say by timezone which it is"


def _disordered(connection: Connection, queries: TableQueries, table: Table) -> Iterator[str]:
    """Look at the columns along which rows are read."""
    along = {"order_by": queries.order, "updated": queries.fields.get("updated")}
    for setting, column in along.items():
        values = [] if column is None else list(connection.scalars(queries.last(column, SAMPLE)))
        if why := why_disordered(values[::-1]):
            name = getattr(table, setting)
            yield f"{setting} = {name} is not in order ({why}): leave it out, or name another column"


def _slowly_swept(
    connection: Connection, queries: TableQueries, table: Table, every: timedelta
) -> Iterator[str]:
    looks = ceil((connection.scalar(queries.count()) or 0) / (PAGE * SWEPT_PAGES))
    if looks > 1:
        late = "is published late, or out of the order," if table.filter else "comes out of the order"
        yield f"order_by = {table.order_by}: what {late} is found within {looks} looks, {looks * every} hours"
