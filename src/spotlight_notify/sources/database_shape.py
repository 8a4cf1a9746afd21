"""Write the questions that are asked of a table."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.types import NullType

from spotlight_notify.sources.database_cursor import Strand, Value
from spotlight_notify.sources.database_table import Table

POSTGRES_NUMBERS = frozenset({20, 21, 23, 700, 701, 1700})
"""int8, int2, int4, float4, float8 and numeric: fixed in PostgreSQL's pg_type.dat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Hold a table's columns, and write questions about them.

    ``numbers``: the order column is known to count. ``as_text``: values travel as the text the database
    itself writes and reads, so that none of its types is beyond us and no odd value fails a page.
    """

    rows: FromClause
    key: ColumnElement[Any]
    order: ColumnElement[Any] | None
    fields: dict[str, ColumnElement[Any]]
    condition: ColumnElement[Any] | None
    as_text: bool
    numbers: bool = False

    def positions(
        self, strand: Strand, low: Value, after: tuple[Value, ...] | None, limit: int
    ) -> Select[Any]:
        """Ask for the next positions of a strand, all with a key: (order, key) or, on the keyed one, (key,).

        Where there is an order column, the keyed strand holds the rows without a value in it.
        """
        along = self.along(strand)
        asked = self._among(select(*(self._read(c, f"part{n}") for n, c in enumerate(along))))
        asked = asked.where(*(c.is_not(None) for c in along))
        if self.order is not None and strand is Strand.KEYED:
            asked = asked.where(self.order.is_(None))
        if low is not None and strand is Strand.ORDERED:
            asked = asked.where(along[0] >= _bound(low))
        if after is not None:
            asked = asked.where(_beyond(along, after))
        return asked.order_by(*along).limit(limit)

    def along(self, strand: Strand) -> list[ColumnElement[Any]]:
        """Return the columns a strand is sorted by."""
        return [self.key] if strand is Strand.KEYED or self.order is None else [self.order, self.key]

    def rows_of(self, keys: Sequence[Value]) -> Select[Any]:
        """Ask for the whole rows of these keys, by our words for their columns."""
        fields = (self._read(c, name) for name, c in self.fields.items())
        return self._among(select(self._read(self.key, "key"), *fields)).where(_one_of(self.key, keys))

    def shared(self, field: str, values: Collection[Value]) -> Select[Any]:
        """Ask which of these values of a field several rows have."""
        col = self.fields[field]
        asked = self._among(select(self._read(col, field))).where(_one_of(col, list(values)))
        return asked.group_by(col).having(func.count() > 1)

    def keyless(self) -> Select[Any]:
        """Ask for one row without a key."""
        return (
            self._among(select(literal_column("1")).select_from(self.rows)).where(self.key.is_(None)).limit(1)
        )

    def nothing(self) -> Select[Any]:
        """Ask for no row, so that the database reads the names and the condition and may complain."""
        named = [self.key, *([] if self.order is None else [self.order]), *self.fields.values()]
        return self._among(select(*(c.label(f"c{n}") for n, c in enumerate(named)))).limit(0)

    def _read(self, col: ColumnElement[Any], name: str) -> ColumnElement[Any]:
        # Columns have no type here, so they give what the driver gives, be it ever so odd.
        return (cast(col, Text) if self.as_text else col).label(name)

    def _among(self, asked: Select[Any]) -> Select[Any]:
        return asked if self.condition is None else asked.where(self.condition)


def shape_of(connection: Connection, described: Table) -> Shape:
    """Ask whether the table still has these columns and takes the filter; raises what SQLAlchemy raises."""
    postgres = connection.dialect.name == "postgresql"
    columns: list[ColumnClause[Any]] = [column(name) for name in described.all_columns()]
    there = table(described.name, *columns, schema=described.schema)
    shape = Shape(
        rows=there,
        key=there.c[described.key],
        order=there.c[described.order_by] if described.order_by else None,
        fields={ours: there.c[theirs] for ours, theirs in described.read_columns().items()},
        # On lines of its own the filter may end in a comment.
        condition=literal_column(f"(\n{described.filter}\n)") if described.filter else None,
        as_text=postgres,
    )
    answer = connection.execute(shape.nothing())
    codes = [entry[1] for entry in answer.cursor.description] if answer.cursor else []
    numbers = postgres and shape.order is not None and codes[1] in POSTGRES_NUMBERS
    return replace(shape, numbers=numbers)


def _bound(value: Value) -> ColumnElement[Any]:
    # Untyped: the driver takes back what it gave, and the database reads it as the column's own type.
    return literal(value, NullType())


def _one_of(col: ColumnElement[Any], values: Sequence[Value]) -> ColumnElement[bool]:
    return col.in_(bindparam("wanted", list(values), NullType(), expanding=True))


def _beyond(along: Sequence[ColumnElement[Any]], after: Sequence[Value]) -> ColumnElement[bool]:
    if len(along) == 1:
        return along[0] > _bound(after[0])
    order, key = along
    at, last = _bound(after[0]), _bound(after[1])
    # The first condition follows from the second; it is there for an index on the order column.
    return and_(order >= at, or_(order > at, and_(order == at, key > last)))
