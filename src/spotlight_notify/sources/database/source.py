"""Find new rows in somebody else's table or view, which is only ever read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, timedelta, tzinfo
from math import ceil
from pathlib import Path
from time import monotonic

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from spotlight_notify.model.aids import Aid, Look, Reading
from spotlight_notify.model.errors import SourceError
from spotlight_notify.ports.parts import Clock, Known
from spotlight_notify.sources.database.collector import PAGE, RowCollector
from spotlight_notify.sources.database.engine import Patience, connect, open_engine, place_of, prepare
from spotlight_notify.sources.database.errors import explain
from spotlight_notify.sources.database.order_column import why_disordered
from spotlight_notify.sources.database.queries import TableQueries, queries_for
from spotlight_notify.sources.database.rows import RowReader, names_no_zone
from spotlight_notify.sources.database.scan import SWEPT_PAGES, Scan, begun_at
from spotlight_notify.sources.database.sqlite_copy import readable
from spotlight_notify.sources.database.table import Columns, Table

__all__ = ["Columns", "DatabaseSource", "Patience", "Table"]
TIMES = ("published", "updated", "event", "expires")
"""The fields that are read as times."""
SAMPLE = 250
"""Values of a column that are looked at, from its end."""


class DatabaseSource:
    """Show the rows of a table or view as aids; a ports.Source.

    With ``order_by`` rows from an overlap behind the farthest one seen are compared by each scan, and all
    that have no value there; beside them some of all keys of the table, so that what came late, or under
    another order, is found within a bounded time. Without it every key is compared by each scan. A scan goes
    on over several looks (``Look.more``). If not even the farthest row is there any more, everything is
    compared once again. Known rows are read again when their link, or their time of change, is another, and
    while something of theirs waits.
    """

    def __init__(
        self,
        *,
        name: str,
        url: str,
        table: Table,
        clock: Clock,
        reading: Reading | None = None,
        zone: tzinfo = UTC,
        patience: Patience | None = None,
    ) -> None:
        """Connect to nothing yet. ``zone`` is that of times which name none."""
        self._name, self._url, self._table, self._clock = name, url, table, clock
        self._reader = RowReader(source=name, reading=reading or Reading(), zone=zone)
        self._patience = patience or Patience()
        self._engine: Engine | None = None

    @property
    def name(self) -> str:
        return self._name

    def look(self, cursor: str | None, known: Known, waiting: Sequence[Aid] = ()) -> Look:
        """Compare rows with what is known, from where the cursor left the table; see ports.Source."""
        with self._reading() as connection:
            state = begun_at(cursor, place_of(self._open()), self._table)
            queries = queries_for(connection, self._table)
            collector = RowCollector(
                connection=connection,
                queries=queries,
                table=self._table,
                reader=self._reader,
                known=known,
                first=state.first,
            )
            scan = Scan(
                connection=connection,
                queries=queries,
                table=self._table,
                collector=collector,
                now=self._clock(),
                rest_at=monotonic() + self._patience.longest.total_seconds() / 2,
                state=state,
            )
            return scan.look(waiting)

    def survey(self, zone: str | None, every: timedelta) -> tuple[str, ...]:
        """Return what may not be meant in how the table is described; SourceError when it cannot be read."""
        with self._reading() as connection:
            return tuple(_survey(connection, self._table, zone, every))

    def close(self) -> None:
        """Return the connection to the database; a later look opens another."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def _open(self) -> Engine:
        if self._engine is None:
            self._engine = open_engine(self._name, self._url, self._patience)
        return self._engine

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._at_hand() as engine, connect(self._name, engine) as connection:
            try:
                prepare(connection, self._patience)
                yield connection
            except SQLAlchemyError as error:
                raise SourceError(self._name, explain(connection, self._table, error)) from error

    @contextmanager
    def _at_hand(self) -> Iterator[Engine]:
        """Provide the engine, or one of a copy, where a SQLite file cannot be read in its place."""
        engine = self._open()
        if engine.dialect.name != "sqlite":
            yield engine
            return
        with readable(self._name, Path(place_of(engine))) as path:
            if path == Path(place_of(engine)):
                yield engine
            else:
                yield open_engine(self._name, f"sqlite:///{path}", self._patience)


def _survey(connection: Connection, table: Table, zone: str | None, every: timedelta) -> Iterator[str]:
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
