"""A row is known by its own link, else by its key, in a real ledger and on every kind of database."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from builders import NOW, polling_with
from databases import INTEGERS, PLAIN, add, numbered, run
from fakes import FakeClock
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.operations.poll.polls import Poll
from spotlight_notify.sources.database.keys import identity, values_of, written_in
from spotlight_notify.sources.database.source import DatabaseSource, Table

Watch = Callable[..., Callable[[], Poll]]
KEYED = "CREATE TABLE aids (site VARCHAR(20), id INTEGER, title TEXT, url TEXT, PRIMARY KEY (site, id))"


@pytest.fixture
def watch(ledger: SqlLedger, database_url: str) -> Iterator[Watch]:
    """Poll a table into the ledger; every source is closed in the end."""
    sources: list[DatabaseSource] = []

    def start(**table: Any) -> Callable[[], Poll]:
        fields: dict[str, Any] = {"name": "aids", "key": "id", "columns": PLAIN}
        described = Table(**fields | table)
        clock = FakeClock(NOW)
        source = DatabaseSource(name="site", url=database_url, table=described, clock=clock)
        sources.append(source)
        return lambda: poll_source(source, timedelta(minutes=5), polling_with(ledger, clock))

    yield start
    for source in sources:
        source.close()


def announced(ledger: SqlLedger) -> list[str]:
    """Name the aids that have a delivery on one channel, in the order in which they got it."""
    return [each.aid_title for each in reversed(ledger.deliveries(channel="valor-x"))]


def test_database_8_a_key_of_several_columns_tells_rows_apart(
    theirs: Engine, watch: Watch, ledger: SqlLedger
) -> None:
    run(theirs, KEYED)
    add(theirs, [{"site": site, **row} for site in ("north", "so,uth") for row in numbered(range(1, 301))])
    poll = watch(key=["site", "id"])
    assert poll().baseline == 600
    add(
        theirs,
        [{"site": "a", "id": 3, "title": "First of a"}, {"site": "so,uth", "id": 301, "title": "Last"}],
    )
    assert poll().new == 2
    assert announced(ledger) == ["First of a", "Last"]
    assert {each.aid.key for each in ledger.aids(limit=2)} == {"row:a,3", r"row:so\,uth,301"}
    assert poll().new == 0


def test_database_8_a_key_of_several_columns_goes_with_an_order(theirs: Engine, watch: Watch) -> None:
    run(theirs, KEYED)
    add(theirs, [{"site": f"s{n % 3}", **row} for n, row in enumerate(numbered([5] * 1 + [*range(6, 700)]))])
    poll = watch(key=("site", "id"), order_by="id")
    assert poll().baseline == 695
    add(theirs, [{"site": site, "id": 700, "title": "T"} for site in ("a", "b")])
    assert poll().new == 2
    assert poll().new == 0


@pytest.mark.parametrize("key", [("a", 1), ("a,b", "c"), ("a", "b,c"), ("\\", ","), ("", ""), ("a\\,b", "")])
def test_database_8_no_two_keys_have_one_name_and_each_is_read_again(key: tuple[Any, ...]) -> None:
    (text,) = written_in([identity(key)])
    assert tuple(map(str, key)) in values_of(text, len(key), typed=False)
    assert identity(key) != identity((*map(str, key[:-1]), f"{key[-1]}x"))


def test_database_12_a_replaced_row_is_known_by_its_link(
    theirs: Engine, watch: Watch, ledger: SqlLedger
) -> None:
    run(theirs, INTEGERS)
    add(theirs, numbered([1]))
    poll = watch()
    poll()
    add(theirs, numbered([2]))
    assert poll().new == 1
    for number in (7, 8):
        run(theirs, f"UPDATE aids SET id = {number} WHERE id >= 2")
        assert poll().new == 0
    assert announced(ledger) == ["Aid 2"]


@pytest.mark.parametrize("shift", [1, 1000])
def test_database_12_a_table_that_is_numbered_anew_announces_nothing(
    theirs: Engine, watch: Watch, ledger: SqlLedger, shift: int
) -> None:
    run(theirs, INTEGERS)
    add(theirs, numbered(range(1, 301)))
    poll = watch(order_by="id")
    poll()
    rows = [row | {"id": row["id"] + shift} for row in numbered(range(1, 301))]
    run(theirs, "DELETE FROM aids")
    add(theirs, [*rows, *numbered([5000])])
    assert (poll().new, poll().new) == (1, 0)
    assert announced(ledger) == ["Aid 5000"]


def test_database_12_a_key_of_another_type_is_known_by_its_link(
    theirs: Engine, watch: Watch, ledger: SqlLedger
) -> None:
    run(theirs, "CREATE TABLE aids (id VARCHAR(20), title TEXT, url TEXT)")
    add(theirs, numbered(["1", "2"]))
    poll = watch()
    poll()
    run(theirs, "UPDATE aids SET id = CASE id WHEN '1' THEN '1.00' ELSE '2.00' END")
    assert (poll().new, announced(ledger)) == (0, [])


def test_database_12_a_link_that_several_rows_have_makes_no_row_known(
    theirs: Engine, watch: Watch, ledger: SqlLedger
) -> None:
    run(theirs, INTEGERS)
    add(theirs, numbered([1]))
    poll = watch()
    poll()
    add(theirs, [{"id": 2, "title": "Second", "url": "https://aids.example/1/?utm_source=x"}])
    assert poll().new == 1
    assert announced(ledger) == ["Second"]


def test_database_7_a_key_that_is_used_again_is_read_again(
    theirs: Engine, watch: Watch, ledger: SqlLedger
) -> None:
    run(theirs, INTEGERS)
    add(theirs, numbered([1, 2]))
    poll = watch(order_by="id")
    poll()
    run(theirs, "DELETE FROM aids WHERE id = 2")
    add(theirs, [{"id": 2, "title": "Another Aid", "url": "https://aids.example/another"}])
    poll()
    assert ledger.find_aids("https://aids.example/another")[0].aid.title == "Another Aid"
