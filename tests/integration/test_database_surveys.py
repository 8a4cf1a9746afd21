"""A table is looked at when its configuration is checked: for naive times, and columns that do not sort."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from databases import PLAIN, add, numbered, run
from fakes import FakeClock
from spotlight_notify.model.errors import SourceError
from spotlight_notify.sources.database.source import Columns, DatabaseSource, Table

NEW_YORK = "America/New_York"
EVERY = timedelta(minutes=5)
TIMES = Columns(title="title", link="url", published="published_at", event="starts_at")
AIDS = "CREATE TABLE aids (id INTEGER PRIMARY KEY, title TEXT, url TEXT, published_at {}, starts_at {})"

Open = Callable[..., DatabaseSource]


@pytest.fixture
def opened(database_url: str) -> Iterator[Open]:
    """Open a table; every source is closed in the end."""
    sources: list[DatabaseSource] = []

    def start(zone: str = NEW_YORK, **table: Any) -> DatabaseSource:
        fields: dict[str, Any] = {"name": "aids", "key": "id", "columns": PLAIN}
        sources.append(
            DatabaseSource(
                name="aids",
                url=database_url,
                table=Table(**fields | table),
                clock=FakeClock(),
                zone=ZoneInfo(zone),
            )
        )
        return sources[-1]

    yield start
    for source in sources:
        source.close()


def test_database_4_naive_times_are_noted_unless_somebody_said_their_zone(
    theirs: Engine, opened: Open
) -> None:
    run(theirs, AIDS.format("TIMESTAMP", "TIMESTAMP"))
    add(theirs, numbered([1], published_at="2026-11-20 17:00:00", starts_at=None))
    source = opened(columns=TIMES)
    (note,) = source.survey(NEW_YORK, EVERY)
    assert note.startswith("published_at holds times without a zone (2026-11-20 17:00:00")
    assert note.endswith(f"read as {NEW_YORK}: say by timezone which it is")
    assert source.survey(None, EVERY) == ()


def test_database_4_times_with_a_zone_days_and_seconds_are_not_noted(theirs: Engine, opened: Open) -> None:
    run(theirs, AIDS.format("VARCHAR(40)", "BIGINT"))
    for number, written in enumerate(
        ("2026-11-20T17:00:00Z", "2026-11-20", "2026-11-20 17:00:00+00:00", "soon")
    ):
        add(theirs, numbered([number], published_at=written, starts_at=1_795_000_000))
    assert opened(columns=TIMES).survey(NEW_YORK, EVERY) == ()
    add(theirs, numbered([9], published_at="2026-11-20T17:00", starts_at=None))
    assert len(opened(columns=TIMES).survey(NEW_YORK, EVERY)) == 1


@pytest.mark.parametrize(("zone", "hour"), [("UTC", 17), (NEW_YORK, 22), ("Asia/Tokyo", 8)])
def test_database_4_a_source_reads_naive_times_in_its_own_zone(
    theirs: Engine, opened: Open, zone: str, hour: int
) -> None:
    run(theirs, AIDS.format("TIMESTAMP", "VARCHAR(40)"))
    add(theirs, numbered([1], published_at="2026-11-20 17:00:00", starts_at="2026-11-20T17:00:00"))
    (aid,) = opened(zone, columns=TIMES).look(None, lambda names: frozenset()).aids
    assert aid.published_at == aid.event_at == datetime(2026, 11, 20, hour, tzinfo=UTC)


@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
def test_database_11_a_timestamp_of_mariadb_has_a_zone_and_a_datetime_has_none(
    theirs: Engine, opened: Open
) -> None:
    # Straight to the driver: ``run`` would make a DATETIME of it.
    with theirs.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE aids"
            " (id INT, title TEXT, url TEXT, published_at TIMESTAMP NULL, starts_at DATETIME)"
        )
        connection.exec_driver_sql("SET time_zone = '-05:00'")
        connection.exec_driver_sql(
            "INSERT INTO aids VALUES (1, 'A', '', '2026-11-20 12:00', '2026-11-20 12:00')"
        )
    source = opened("UTC", columns=TIMES)
    (aid,) = source.look(None, lambda names: frozenset()).aids
    assert aid.published_at == datetime(2026, 11, 20, 17, tzinfo=UTC)
    assert aid.event_at == datetime(2026, 11, 20, 12, tzinfo=UTC)
    (note,) = source.survey(NEW_YORK, EVERY)
    assert note.startswith("starts_at holds times without a zone")


def test_database_13_an_order_column_that_does_not_sort_is_noted(theirs: Engine, opened: Open) -> None:
    run(theirs, AIDS.format("VARCHAR(40)", "INTEGER"))
    for number, written in enumerate(("9", "10", "11")):
        add(theirs, numbered([number], published_at=written, starts_at=number))
    (note,) = opened(order_by="published_at").survey(None, EVERY)
    assert note == (
        "order_by = published_at is not in order (its text sorts '11' before '9'):"
        " leave it out, or name another column"
    )
    assert opened(order_by="starts_at").survey(None, EVERY) == ()
    (note,) = opened(updated="published_at").survey(None, EVERY)
    assert note.startswith("updated = published_at is not in order")


def test_database_5_how_long_a_late_row_may_take_in_a_large_table_is_noted(
    theirs: Engine, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(theirs, AIDS.format("VARCHAR(40)", "INTEGER"))
    add(theirs, numbered(range(1, 601), published_at=None, starts_at=None))
    assert opened(order_by="id", filter="id > 0").survey(None, EVERY) == ()
    monkeypatch.setattr("spotlight_notify.sources.database.source.SWEPT_PAGES", 1)
    (note,) = opened(order_by="id", filter="id > 0").survey(None, EVERY)
    assert note == (
        "order_by = id: what is published late, or out of the order, is found within 3 looks, 0:15:00 hours"
    )


def test_database_4_a_table_that_cannot_be_read_is_told(theirs: Engine, opened: Open) -> None:
    with pytest.raises(SourceError, match=r"there is no such table|does not exist"):
        opened().survey(None, EVERY)
