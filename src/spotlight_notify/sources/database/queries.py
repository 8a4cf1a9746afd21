"""Write the queries that are asked of a table."""

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

from spotlight_notify.sources.database.cursor import Strand, Value
from spotlight_notify.sources.database.table import Table

POSTGRES_NUMBERS = frozenset({20, 21, 23, 700, 701, 1700})
"""int8, int2, int4, float4, float8 and numeric: fixed in PostgreSQL's pg_type.dat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableQueries:
    """The columns of a table, and the queries about them.

    ``numbers``: the order column is known to count. ``as_text``: values travel as the text the database
    itself writes and reads, so that none of its types is beyond us and no odd value fails a page.
    """

    rows: FromClause
    keys: tuple[ColumnElement[Any], ...]
    order: ColumnElement[Any] | None
    fields: dict[str, ColumnElement[Any]]
    condition: ColumnElement[Any] | None
    as_text: bool
    numbers: bool = False

    def positions(
        self, strand: Strand, low: Value, after: tuple[Value, ...] | None, limit: int
    ) -> Select[Any]:
        """Ask for the next positions of a strand, all with a key, then each row's link (or NULL)."""
        along = self.along(strand)
        asked = self._among(select(*(self._read(c, f"part{n}") for n, c in enumerate(along)), self._link()))
        asked = asked.where(*(c.is_not(None) for c in along))
        if self.order is not None and strand is Strand.KEYED:
            asked = asked.where(self.order.is_(None))
        if low is not None:
            asked = asked.where(along[0] >= _bound(low))
        if after is not None:
            asked = asked.where(_beyond(along, after))
        return asked.order_by(*along).limit(limit)

    def along(self, strand: Strand) -> list[ColumnElement[Any]]:
        """Return the columns a strand is sorted by."""
        by = {Strand.ORDERED: self.order, Strand.CHANGED: self.fields.get("updated")}.get(strand)
        return [*self.keys] if by is None else [by, *self.keys]

    def key_in(self, position: Sequence[Value]) -> Value:
        """Return the key that a position ends with: its value, or, of several columns, a tuple."""
        return position[-1] if len(self.keys) == 1 else tuple(position[-len(self.keys) :])

    def rows_of(self, keys: Sequence[Value]) -> Select[Any]:
        """Ask for the whole rows of these keys; ``row_in`` reads them."""
        return self._whole().where(self._one_of_keys(self.keys, keys))

    def rows_written(self, keys: Sequence[Value]) -> Select[Any]:
        """Ask for the whole rows whose keys are written so as text."""
        return self._whole().where(self._one_of_keys([cast(c, Text) for c in self.keys], keys))

    def rows_linked(self, links: Collection[str]) -> Select[Any]:
        """Ask for the whole rows that have one of these links."""
        return self._whole().where(_one_of(self.fields["link"], list(links)))

    def row_in(self, row: Sequence[Value]) -> dict[str, Value]:
        """Return the values of a whole row by our names for their columns, and ``key``."""
        whole = tuple(row)
        key = self.key_in(whole[: len(self.keys)])
        return {"key": key, **dict(zip(self.fields, whole[len(self.keys) :], strict=True))}

    def shared(self, links: Collection[Value]) -> Select[Any]:
        """Ask which of these links several rows have."""
        col = self.fields["link"]
        asked = self._among(select(self._read(col, "link"))).where(_one_of(col, list(links)))
        return asked.group_by(col).having(func.count() > 1)

    def last(self, col: ColumnElement[Any], limit: int) -> Select[Any]:
        """Ask for the greatest values of a column, the greatest first."""
        asked = self._among(select(self._read(col, "last"))).where(col.is_not(None))
        return asked.order_by(col.desc()).limit(limit)

    def count(self) -> Select[Any]:
        """Ask how many rows there are."""
        return self._among(select(func.count()).select_from(self.rows))

    def keyless(self) -> Select[Any]:
        """Ask for one row without a key."""
        one = self._among(select(literal_column("1")).select_from(self.rows))
        return one.where(or_(*(c.is_(None) for c in self.keys))).limit(1)

    def nothing(self) -> Select[Any]:
        """Ask for no row, so that the database reads the names and the condition and may complain."""
        named = [*([] if self.order is None else [self.order]), *self.keys, *self.fields.values()]
        return self._among(select(*(c.label(f"c{n}") for n, c in enumerate(named)))).limit(0)

    def _whole(self) -> Select[Any]:
        keys = (self._read(c, f"key{n}") for n, c in enumerate(self.keys))
        return self._among(select(*keys, *(self._read(c, name) for name, c in self.fields.items())))

    def _link(self) -> ColumnElement[Any]:
        link = self.fields.get("link")
        return literal_column("NULL").label("link") if link is None else self._read(link, "link")

    def _one_of_keys(
        self, columns: Sequence[ColumnElement[Any]], keys: Sequence[Value]
    ) -> ColumnElement[bool]:
        if len(columns) == 1:
            return _one_of(columns[0], keys)
        pairs = (zip(columns, key, strict=True) for key in keys)
        return or_(*(and_(*(col == _bound(value) for col, value in pair)) for pair in pairs))

    def _read(self, col: ColumnElement[Any], name: str) -> ColumnElement[Any]:
        # Columns have no type here, so they give what the driver gives, be it ever so odd.
        return (cast(col, Text) if self.as_text else col).label(name)

    def _among(self, asked: Select[Any]) -> Select[Any]:
        return asked if self.condition is None else asked.where(self.condition)


def queries_for(connection: Connection, described: Table) -> TableQueries:
    """Ask whether the table still has these columns and takes the filter; raises what SQLAlchemy raises."""
    postgres = connection.dialect.name == "postgresql"
    columns: list[ColumnClause[Any]] = [column(name) for name in described.all_columns()]
    there = table(described.name, *columns, schema=described.schema)
    queries = TableQueries(
        rows=there,
        keys=tuple(there.c[name] for name in described.keys),
        order=there.c[described.order_by] if described.order_by else None,
        fields={ours: there.c[theirs] for ours, theirs in described.read_columns().items()},
        condition=condition_of(described.filter) if described.filter else None,
        as_text=postgres,
    )
    answer = connection.execute(queries.nothing())
    codes = [entry[1] for entry in answer.cursor.description] if answer.cursor else []
    numbers = postgres and queries.order is not None and codes[0] in POSTGRES_NUMBERS
    return replace(queries, numbers=numbers)


def condition_of(words: str) -> ColumnElement[bool]:
    """Return a filter as a condition; on lines of its own it may end in a comment."""
    return literal_column(f"(\n{words}\n)")


def _bound(value: Value) -> ColumnElement[Any]:
    # Untyped: the driver takes back what it gave, and the database reads it as the column's own type.
    return literal(value, NullType())


def _one_of(col: ColumnElement[Any], values: Sequence[Value]) -> ColumnElement[bool]:
    return col.in_(bindparam("wanted", list(values), NullType(), expanding=True))


def _beyond(along: Sequence[ColumnElement[Any]], after: Sequence[Value]) -> ColumnElement[bool]:
    """Compare column by column: not every database compares rows, nor uses an index for it."""
    first, last = along[0], _bound(after[0])
    if len(along) == 1:
        return first > last
    # The first condition follows from the second; it is there for an index on the first column.
    return and_(first >= last, or_(first > last, and_(first == last, _beyond(along[1:], after[1:]))))
