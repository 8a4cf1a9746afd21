"""Describe somebody else's table: which column holds what. Plain values, for the configuration to build."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The column that holds each of our fields; None where the table has none for it."""

    title: str
    link: str | None = None
    summary: str | None = None
    short: str | None = None
    language: str | None = None
    kind: str | None = None
    theme: str | None = None
    access: str | None = None
    image: str | None = None
    alt: str | None = None
    published: str | None = None
    event: str | None = None
    expires: str | None = None

    def named(self) -> dict[str, str]:
        """Return the fields that have a column, in the order of this class."""
        pairs = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {ours: theirs for ours, theirs in pairs if theirs is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table or view, and how its rows are told apart and found.

    ``key``: the column, or the columns together, that tell rows apart; rows without a value in one of them
    are passed over.
    ``filter``: an SQL condition in the words of that database, written by the operator.
    ``order_by``: a column that grows with time (a number, a timestamp, a text that sorts); without one the
    keys of the whole table are compared at every look.
    ``overlap``: how far behind the farthest row seen late rows are still caught: in the units of a number,
    or a duration for timestamps (also when they are kept as ISO text). None: as far as usually does.
    ``updated``: the column of an aid's ``updated_at``.
    """

    name: str
    key: str | Sequence[str]
    columns: Columns
    schema: str | None = None
    filter: str | None = None
    order_by: str | None = None
    overlap: int | float | timedelta | None = None
    updated: str | None = None

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name

    @property
    def keys(self) -> tuple[str, ...]:
        """List the columns of the key."""
        return (self.key,) if isinstance(self.key, str) else tuple(self.key)

    def read_columns(self) -> dict[str, str]:
        """Return every column that is read for an aid, by our word for it."""
        updated = {"updated": self.updated} if self.updated else {}
        return self.columns.named() | updated

    def all_columns(self) -> tuple[str, ...]:
        """Return every column that must be there, each once: the key, the order, the aid's."""
        order = [self.order_by] if self.order_by else []
        return tuple(dict.fromkeys([*self.keys, *order, *self.read_columns().values()]))
