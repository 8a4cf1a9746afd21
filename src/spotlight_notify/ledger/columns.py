"""What tables are made of: times, words of closed sets, row numbers."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    Integer,
    String,
    TypeDecorator,
    literal,
    literal_column,
)
from sqlalchemy.types import TypeEngine


class UtcTime(TypeDecorator[datetime]):
    """Keep aware datetimes as UTC; on SQLite as text of fixed width, which sorts as time does."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        text: TypeEngine[Any] = String(27)
        return dialect.type_descriptor(text if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"the time {value} has no time zone")
        utc = value.astimezone(UTC)
        return utc.isoformat(timespec="microseconds")[:26] + "Z" if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = datetime.fromisoformat(value) if dialect.name == "sqlite" else value
        return moment.astimezone(UTC)


def moment(value: datetime) -> ColumnElement[datetime]:
    """Write a time inside an SQL function, which would not know how times are kept here."""
    return literal(value, UtcTime)


def word(value: StrEnum) -> Any:
    """Write a state as a literal in SQL, so that the databases see that a partial index fits the query."""
    return literal_column(f"'{value}'")


def one_of(column: str, words: type[StrEnum]) -> str:
    """Write the check that a column holds a word of a closed set."""
    listed = ", ".join(f"'{each}'" for each in words)
    return f"{column} IN ({listed})"


def row_id() -> Column[int]:
    """Make a table's ``id``: a number that the database gives."""
    return Column("id", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
