"""The database source finds every new row once, on SQLite, PostgreSQL and MariaDB alike."""

import string
import tracemalloc
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, text

from databases import INTEGERS, PLAIN, TIMED, Follower, add, numbered, run
from fakes import FakeClock
from spotlight_notify.sources.database.source import Columns, DatabaseSource, Table


def test_first_look_gives_everything_in_steps_and_then_nothing(theirs: Engine, follow: Any) -> None:
    run(theirs, INTEGERS)
    add(theirs, numbered(range(1, 1201)))
    follower = follow()
    assert follower.poll() == [str(n) for n in range(1, 1201)]
    assert follower.looks == 3
    assert follower.poll() == []


def test_keys_that_are_filled_in_later_or_out_of_order_are_found(theirs: Engine, follow: Any) -> None:
    run(theirs, INTEGERS)
    add(theirs, numbered([500, 100, 900]))
    follower = follow()
    assert follower.poll() == ["100", "500", "900"]
    add(theirs, numbered([300, 1, -7, 901]))
    assert follower.poll() == ["-7", "1", "300", "901"]
    add(theirs, numbered(range(1_000, 1_700)))
    add(theirs, numbered([2]))
    assert set(follower.poll()) == {"2", *(str(n) for n in range(1_000, 1_700))}


def test_without_an_order_column_the_oldest_still_come_first(theirs: Engine, follow: Any) -> None:
    run(theirs, TIMED)
    for key, day in ((1, "2026-11-20"), (2, None), (3, "2026-11-18"), (4, "2026-11-19")):
        add(theirs, numbered([key], at=datetime.fromisoformat(day) if day else None))
    dated = Columns(title="title", link="url", published="at")
    assert follow(columns=dated).poll() == ["3", "4", "1", "2"]


def test_text_keys_are_compared_as_their_own_database_sorts_them(theirs: Engine, follow: Any) -> None:
    run(theirs, f"CREATE TABLE aids (id TEXT {a_collation(theirs)} PRIMARY KEY, title TEXT, url TEXT)")
    letters = [*string.ascii_lowercase, *"Äßœ", "-", "_", " ", "'", '"', "%", "\\", "😀"]
    keys = [first + second for first in letters for second in ("", "x", "é", *letters[::3])]
    keys = list(dict.fromkeys(key.upper() if n % 2 else key for n, key in enumerate(dict.fromkeys(keys))))
    add(theirs, numbered(keys))
    follower = follow()
    assert sorted(follower.poll()) == sorted(keys)
    assert follower.looks == 2
    add(theirs, numbered(["Zz late", "aa late", "é late", "10", "9"]))
    assert sorted(follower.poll()) == sorted(["Zz late", "aa late", "é late", "10", "9"])
    assert follower.poll() == []


def a_collation(theirs: Engine) -> str:
    """Choose one that does not sort by bytes, where the server has any."""
    if theirs.dialect.name == "sqlite":
        return "COLLATE NOCASE"
    if theirs.dialect.name == "mysql":
        return "COLLATE utf8mb4_uca1400_nopad_as_cs"
    with theirs.connect() as connection:
        icu = connection.execute(text("SELECT 1 FROM pg_collation WHERE collname = 'en-x-icu'")).first()
    return 'COLLATE "en-x-icu"' if icu else ""


def test_keys_of_mixed_types_are_compared_as_the_database_sorts_them(
    theirs: Engine, follow: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spotlight_notify.sources.database.scan.PAGE", 2)
    if theirs.dialect.name == "sqlite":
        run(theirs, "CREATE TABLE aids (id BLOB PRIMARY KEY, title TEXT, url TEXT)")
        add(theirs, numbered([b"ten", "ten", 5, "Zoë", 1.5, -1]))
        assert follow().poll() == ["-1", "1.5", "5", "Zoë", "ten", b"ten".hex()]
    elif theirs.dialect.name == "mysql":
        run(theirs, "CREATE TABLE aids (id VARBINARY(20) PRIMARY KEY, title TEXT, url TEXT)")
        add(theirs, numbered([b"\xfften", b"ten", b"\0"]))
        assert follow().poll() == ["00", b"ten".hex(), b"\xfften".hex()]
    else:
        run(theirs, "CREATE TYPE grade AS ENUM ('late', 'early', 'middle', 'a')")
        run(theirs, "CREATE TABLE aids (id grade PRIMARY KEY, title TEXT, url TEXT)")
        add(theirs, numbered(["a", "early", "late", "middle"]))
        assert follow().poll() == ["late", "early", "middle", "a"]


def test_uuid_keys_are_found_wherever_they_fall(theirs: Engine, follow: Any) -> None:
    kind = "UUID" if theirs.dialect.name == "postgresql" else "TEXT"
    run(theirs, f"CREATE TABLE aids (id {kind} PRIMARY KEY, title TEXT, url TEXT)")
    keys = [str(uuid.uuid5(uuid.NAMESPACE_URL, str(n))) for n in range(600)]
    add(theirs, numbered(keys[:400]))
    follower = follow()
    assert sorted(follower.poll()) == sorted(keys[:400])
    add(theirs, numbered(keys[400:]))
    assert sorted(follower.poll()) == sorted(keys[400:])


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("DATE", ["2026-11-21", "2025-01-01", "2026-02-28"]),
        ("NUMERIC(12, 2)", ["10.25", "-3.5", "10.75"]),
        ("DOUBLE PRECISION", ["0.1", "12345.678", "-2.5"]),
        ("TIMESTAMP", ["2026-11-21 10:00:00.000001", "2026-11-21 10:00:00.000002", "2025-01-01 00:00:00"]),
    ],
)
def test_keys_of_other_types_come_once(theirs: Engine, follow: Any, kind: str, keys: list[str]) -> None:
    run(theirs, f"CREATE TABLE aids (id {kind} PRIMARY KEY, title TEXT, url TEXT)")
    for key in keys:
        run(theirs, f"INSERT INTO aids (id, title) VALUES ('{key}', 'Aid')")
    follower = follow()
    assert len(follower.poll()) == 3
    assert follower.poll() == []


def test_an_order_column_spares_most_rows_behind_it(
    theirs: Engine, follow: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(theirs, INTEGERS)
    add(theirs, numbered(range(1, 1001)))
    follower = follow(order_by="id", overlap=10)
    follower.poll()
    monkeypatch.setattr("spotlight_notify.sources.database.scan.SWEPT_PAGES", 1)
    follower.asked = 0
    add(theirs, numbered([1001, 1002]))
    assert follower.poll() == ["1001", "1002"]
    assert follower.asked == 13 + 250


def test_late_rows_within_the_overlap_of_a_number_are_found(theirs: Engine, follow: Any) -> None:
    run(theirs, INTEGERS)
    add(theirs, numbered([100, 200]))
    follower = follow(order_by="id", overlap=50)
    follower.poll()
    add(theirs, numbered([150, 149, 199, 201]))
    assert follower.poll() == ["150", "199", "201", "149"]


def test_late_rows_within_the_overlap_of_a_time_are_found(theirs: Engine, follow: Any) -> None:
    run(theirs, TIMED)
    noon = datetime.fromisoformat("2026-11-20 12:00")
    add(theirs, [*numbered([1], at=noon), *numbered([2], at=noon + timedelta(hours=1))])
    follower = follow(order_by="at", overlap=timedelta(minutes=30))
    assert follower.poll() == ["1", "2"]
    add(theirs, numbered([3], at=noon + timedelta(minutes=30)))
    add(theirs, numbered([4], at=noon + timedelta(minutes=29)))
    add(theirs, numbered([5], at=noon + timedelta(minutes=59, microseconds=1)))
    add(theirs, numbered([6], at=noon + timedelta(days=1)))
    assert follower.poll() == ["3", "5", "6", "4"]


def test_ties_across_a_page_boundary_lose_nothing(theirs: Engine, follow: Any) -> None:
    run(theirs, TIMED)
    noon = datetime.fromisoformat("2026-11-20 12:00")
    add(theirs, numbered(range(2, 702), at=noon))
    follower = follow(order_by="at")
    assert follower.poll() == [str(n) for n in range(2, 702)]
    add(theirs, numbered([1, 800], at=noon))
    assert follower.poll() == ["1", "800"]


def test_rows_without_an_order_value_are_found(theirs: Engine, follow: Any) -> None:
    run(theirs, TIMED)
    noon = datetime.fromisoformat("2026-11-20 12:00")
    add(theirs, [*numbered(range(1, 301), at=None), *numbered(range(301, 601), at=noon)])
    follower = follow(order_by="at", overlap=timedelta(hours=1))
    assert sorted(follower.poll(), key=int) == [str(n) for n in range(1, 601)]
    add(theirs, [*numbered([-1, 700], at=None), *numbered([701], at=noon)])
    assert sorted(follower.poll()) == ["-1", "700", "701"]
    run(theirs, "UPDATE aids SET at = '2026-11-20 13:00:00' WHERE id = 700")
    assert follower.poll() == []


def test_a_row_dated_ahead_does_not_hide_those_dated_before_it(theirs: Engine, follow: Any) -> None:
    run(theirs, TIMED)
    clock = FakeClock(datetime(2026, 11, 23, 12, tzinfo=UTC))
    add(theirs, numbered([1], at=datetime.fromisoformat("2027-01-01 00:00")))
    follower = follow(clock, order_by="at")
    assert follower.poll() == ["1"]
    add(theirs, numbered([2], at=datetime.fromisoformat("2026-11-23 12:05")))
    clock.advance(timedelta(days=2))
    assert follower.poll() == ["2"]
    add(theirs, numbered([3], at=datetime.fromisoformat("2026-11-25 12:05")))
    assert follower.poll() == ["3"]


def test_what_is_dated_during_a_long_scan_is_not_hidden_by_what_is_dated_ahead(
    theirs: Engine, follow: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spotlight_notify.sources.database.scan.PAGE", 1)
    monkeypatch.setattr("spotlight_notify.sources.database.scan.MOST_AIDS", 1)
    run(theirs, TIMED)
    clock = FakeClock(datetime(2026, 11, 23, 12, tzinfo=UTC))
    add(theirs, numbered([1, 2], at=datetime.fromisoformat("2027-01-01 00:00")))
    follower = follow(clock, order_by="at")
    first = follower.source.look(None, follower.known)
    assert first.more
    add(theirs, numbered([3], at=datetime.fromisoformat("2026-11-23 12:30")))
    clock.advance(timedelta(hours=1))
    follower.saw(first)
    assert follower.poll() == ["2"]
    assert follower.poll() == ["3"]


def test_one_odd_value_spoils_nothing_else(theirs: Engine, follow: Any) -> None:
    run(theirs, TIMED)
    if theirs.dialect.name == "sqlite":
        run(
            theirs,
            "INSERT INTO aids VALUES (1, CAST(x'43616cff6d' AS TEXT), 'https://aids.example/1', 'soon')",
        )
    else:
        odd = "2026-11-00" if theirs.dialect.name == "mysql" else "0044-03-15 BC"
        run(theirs, f"INSERT INTO aids VALUES (1, 'Cal\ufffdm', 'https://aids.example/1', '{odd}')")
    run(theirs, f"INSERT INTO aids VALUES (2, 'Two', 'https://aids.example/2', {a_never(theirs)})")
    follower = follow(columns=Columns(title="title", link="url", published="at"))
    aids = follower.poll_aids()
    assert [(aid.title, aid.published_at) for aid in aids] == [("Cal\ufffdm", None), ("Two", None)]
    assert len(follower.warnings) == 1
    assert "is no date, left out" in follower.warnings[0]


def a_never(theirs: Engine) -> str:
    """Write the time that is none."""
    return "'0000-00-00 00:00:00'" if theirs.dialect.name == "mysql" else "'infinity'"


@pytest.mark.parametrize("odd", ["'garbage'", "1700000000", "x'00'"])
def test_one_odd_order_value_stops_and_hides_nothing(tmp_path: Path, odd: str) -> None:
    url = f"sqlite:///{tmp_path / 'theirs.sqlite3'}"
    theirs = create_engine(url)
    run(theirs, "CREATE TABLE aids (id INTEGER PRIMARY KEY, title TEXT, url TEXT, at)")
    table = Table(name="aids", key="id", columns=PLAIN, order_by="at", overlap=timedelta(hours=2))
    source = DatabaseSource(name="aids", url=url, table=table, clock=FakeClock())
    follower = Follower(source)
    add(theirs, numbered([1], at="2026-01-01 10:00:00"))
    assert follower.poll() == ["1"]
    run(theirs, f"INSERT INTO aids VALUES (2, 'Odd', 'https://aids.example/2', {odd})")
    for number in (3, 4):
        add(theirs, numbered([number], at=f"2026-01-0{number} 10:00:00"))
        assert str(number) in follower.poll()
    if odd != "1700000000":  # sorts before all words, so it stands behind the cursor
        assert "row:2" in follower.seen
        assert (
            "table aids, column at: nothing can be reckoned from some of its values ("
            in follower.warnings[-1]
        )
    source.close()
    theirs.dispose()


def test_rows_whose_key_is_no_text_are_counted_aloud(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'theirs.sqlite3'}"
    theirs = create_engine(url)
    run(theirs, "CREATE TABLE aids (id TEXT PRIMARY KEY, title TEXT, url TEXT)")
    for key in ("636166e8", "636166e9"):
        run(theirs, f"INSERT INTO aids VALUES (CAST(x'{key}' AS TEXT), 'Latin', 'https://aids.example/l')")
    add(theirs, numbered(["zebra"]))
    source = DatabaseSource(
        name="aids", url=url, table=Table(name="aids", key="id", columns=PLAIN), clock=FakeClock()
    )
    follower = Follower(source)
    assert follower.poll() == ["zebra"]
    assert follower.warnings == ["table aids: 2 rows cannot be read: their id is not valid UTF-8"]
    source.close()
    theirs.dispose()


def test_a_row_that_is_dated_never_hides_no_other(theirs: Engine, follow: Any) -> None:
    run(theirs, TIMED, f"INSERT INTO aids VALUES (1, 'Ever', NULL, {a_never(theirs)})")
    follower = follow(FakeClock(datetime(2026, 11, 23, 12, tzinfo=UTC)), order_by="at")
    assert follower.poll() == ["1"]
    add(theirs, numbered([2], at=datetime.fromisoformat("2026-11-23 12:30")))
    assert follower.poll() == ["2"]


def test_a_table_that_was_emptied_and_numbered_anew_is_compared_from_its_start(
    theirs: Engine, follow: Any
) -> None:
    run(theirs, "CREATE TABLE aids (id TEXT PRIMARY KEY, place INTEGER, title TEXT, url TEXT)")
    add(theirs, [{"id": f"old {n}", "place": n, "title": "Old"} for n in range(100)])
    follower = follow(order_by="place", overlap=5)
    assert len(follower.poll()) == 100
    run(theirs, "DELETE FROM aids")
    add(theirs, [{"id": f"new {n}", "place": n, "title": "New"} for n in range(3)])
    assert follower.poll() == ["new 0", "new 1", "new 2"]
    add(theirs, [{"id": "new 3", "place": 3, "title": "New"}])
    assert follower.poll() == ["new 3"]
    run(theirs, "DELETE FROM aids")
    assert follower.poll() == []
    add(theirs, [{"id": "newest", "place": 0, "title": "Newest"}])
    assert follower.poll() == ["newest"]


def test_text_that_sorts_orders_too(theirs: Engine, follow: Any) -> None:
    run(theirs, "CREATE TABLE aids (id INTEGER PRIMARY KEY, title TEXT, url TEXT, at TEXT)")
    add(theirs, numbered([1], at="2026-11-20T12:00:00Z"))
    follower = follow(order_by="at", overlap=timedelta(hours=1))
    assert follower.poll() == ["1"]
    add(theirs, numbered([2], at="2026-11-20T11:00:00.5Z"))
    add(theirs, numbered([3], at="2026-11-20T10:59:59Z"))
    add(theirs, numbered([4], at="2026-11-21T00:00:00Z"))
    assert follower.poll() == ["2", "4", "3"]


def test_a_scan_goes_on_where_it_was_left_with_rows_arriving_on_both_sides(
    theirs: Engine, follow: Any
) -> None:
    run(theirs, INTEGERS)
    add(theirs, numbered(range(100, 1300)))
    follower = follow()
    first = follower.source.look(None, follower.known)
    assert first.more
    add(theirs, numbered([1, 2000]))
    second = follower.source.look(first.cursor, follower.known)
    third = follower.source.look(second.cursor, follower.known)
    assert not third.more
    for look in (first, second, third):
        follower.saw(look)
    assert "row:2000" in follower.seen
    assert "row:1" not in follower.seen
    assert follower.poll() == ["1"]


def test_database_14_a_view_with_a_filter_and_columns_under_awkward_names(
    theirs: Engine, follow: Any
) -> None:
    run(
        theirs,
        'CREATE TABLE "Their Aids" ("Id" INTEGER PRIMARY KEY, "order" TEXT, "a%b" TEXT, status TEXT)',
        'CREATE VIEW shown AS SELECT "Id", "order", "a%b", status FROM "Their Aids"',
    )
    for n, status in enumerate(("published", "draft", "pub:lished")):
        run(
            theirs,
            f"INSERT INTO \"Their Aids\" VALUES ({n}, 'Aid {n}', 'https://aids.example/{n}', '{status}')",
        )
    awkward = Columns(title="order", link="a%b")
    condition = "status LIKE 'pub%' OR status = ':x' -- only what is out"
    follower = follow(name="shown", key="Id", columns=awkward, filter=condition)
    assert [(aid.key, aid.title, aid.link) for aid in follower.poll_aids()] == [
        ("row:0", "Aid 0", "https://aids.example/0"),
        ("row:2", "Aid 2", "https://aids.example/2"),
    ]
    run(theirs, "UPDATE \"Their Aids\" SET status = 'published'")
    assert follower.poll() == ["1"]


def test_another_filter_or_order_makes_the_cursor_begin_again(theirs: Engine, follow: Any) -> None:
    run(theirs, INTEGERS)
    add(theirs, numbered([1, 2, 3]))
    follower = follow(order_by="id", filter="id > 1")
    assert follower.poll() == ["2", "3"]
    wider = follow(order_by="id", filter="id > 0")
    wider.seen, wider.cursor = follower.seen, follower.cursor
    assert wider.poll() == ["1"]


def test_rows_without_a_key_and_rows_with_the_same_key_are_told(theirs: Engine, follow: Any) -> None:
    run(theirs, "CREATE TABLE aids (id TEXT, title TEXT, url TEXT)")
    add(theirs, [*numbered(["a", "a", "b"]), *numbered([None])])
    follower = follow()
    assert follower.poll() == ["a", "b"]
    assert follower.warnings == [
        "row:a: several rows have this id, one was taken",
        "table aids: rows without a value in id are passed over",
    ]


def test_a_link_is_an_alias_only_while_one_row_has_it(theirs: Engine, follow: Any) -> None:
    run(theirs, INTEGERS)
    add(theirs, [{"id": 1, "title": "A", "url": "https://aids.example/all"}])
    add(theirs, [{"id": n, "title": "B", "url": "https://aids.example/both"} for n in (2, 3)])
    follower = follow()
    aliases = [aid.aliases for aid in follower.poll_aids()]
    assert aliases == [("row:1", "link:https://aids.example/all"), ("row:2",), ("row:3",)]
    add(theirs, [{"id": 4, "title": "D", "url": "https://aids.example/all"}])
    assert [aid.aliases for aid in follower.poll_aids()] == [("row:4",)]


def test_links_that_differ_by_little_never_make_two_rows_one(theirs: Engine, follow: Any) -> None:
    run(theirs, INTEGERS)
    page = "https://aids.example/posters"
    follower = follow()
    add(theirs, [{"id": 1, "title": "A", "url": page}])
    assert [aid.aliases for aid in follower.poll_aids()] == [("row:1", f"link:{page}")]
    for number, end in ((2, "#two"), (3, "/"), (4, "?utm_source=x")):
        add(theirs, [{"id": number, "title": "B", "url": page + end}])
        assert [aid.aliases for aid in follower.poll_aids()] == [(f"row:{number}",)]
    add(theirs, [{"id": n, "title": "C", "url": f"https://aids.example/new#{n}"} for n in (5, 6)])
    assert [aid.aliases for aid in follower.poll_aids()] == [("row:5",), ("row:6",)]
    run(theirs, "DELETE FROM aids WHERE id = 1")
    add(theirs, [{"id": 7, "title": "A", "url": page}])
    assert [aid.aliases for aid in follower.poll_aids()] == [("row:7",)]


def test_memory_stays_flat_on_many_rows(theirs: Engine, follow: Any) -> None:
    run(theirs, INTEGERS)
    run(
        theirs,
        "INSERT INTO aids WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)"
        " SELECT i, 'Aid ' || i, 'https://aids.example/' || i FROM n",
    )
    source = follow().source
    cursor, more, asked, looks = None, True, 0, 0

    def known(keys: Sequence[str]) -> frozenset[str]:
        nonlocal asked
        asked += sum(key.startswith("row:") for key in keys)
        return frozenset(keys) - {"row:150000"}

    found: list[str] = []
    tracemalloc.start()
    while more:
        look = source.look(cursor, known)
        cursor, more, looks = look.cursor, look.more, looks + 1
        found += [aid.key for aid in look.aids]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (found, asked, looks) == (["row:150000"], 200_000, 5)
    # The keys alone, held at once, would take over 20 MB.
    assert peak < 6_000_000


EXTRA = st.lists(
    st.lists(st.tuples(st.integers(-400, 400), st.one_of(st.none(), st.integers(0, 50))), max_size=12),
    max_size=5,
)


@pytest.mark.parametrize("order_by", [None, "place"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=EXTRA)
def test_whatever_is_added_between_looks_is_new_exactly_once(
    theirs: Engine,
    follow: Any,
    monkeypatch: pytest.MonkeyPatch,
    order_by: str | None,
    batches: list[list[tuple[int, int | None]]],
) -> None:
    monkeypatch.setattr("spotlight_notify.sources.database.scan.PAGE", 3)
    monkeypatch.setattr("spotlight_notify.sources.database.scan.MOST_AIDS", 6)
    run(theirs, "DROP TABLE IF EXISTS aids")
    run(theirs, "CREATE TABLE aids (id INTEGER PRIMARY KEY, place INTEGER, title TEXT, url TEXT)")
    follower = follow(order_by=order_by, overlap=60 if order_by else None)
    there: set[int] = set()
    for batch in batches:
        fresh = {key: place for key, place in batch if key not in there}
        if fresh:
            add(theirs, [{"id": key, "place": place, "title": "Aid"} for key, place in fresh.items()])
        there |= set(fresh)
        assert sorted(map(int, follower.poll())) == sorted(fresh)
    assert follower.poll() == []


def test_promise_24_a_row_keeps_all_the_themes_it_lists(theirs: Engine, follow: Any) -> None:
    run(theirs, "CREATE TABLE aids (id INTEGER PRIMARY KEY, title TEXT, url TEXT, themes TEXT)")
    lists = ["Calm, Risk", "Calm; Risk", '["Calm", "Risk"]', "Calm"]
    add(theirs, [row | {"themes": listed} for row, listed in zip(numbered([1, 2, 3, 4]), lists, strict=True)])
    aids = follow(columns=replace(PLAIN, theme="themes")).poll_aids()
    assert [aid.themes for aid in aids] == [*[("Calm", "Risk")] * 3, ("Calm",)]


@pytest.mark.parametrize("kind", ["TEXT[]", "JSONB"])
def test_promise_24_a_list_of_the_database_is_a_list_of_themes(postgres_url: str, kind: str) -> None:
    engine = create_engine(postgres_url)
    value = {"TEXT[]": "ARRAY['Calm', 'Health, Safety']", "JSONB": """'["Calm", "Health, Safety"]'"""}[kind]
    run(
        engine,
        f"CREATE TABLE aids (id INTEGER PRIMARY KEY, title TEXT, url TEXT, themes {kind})",
        f"INSERT INTO aids VALUES (1, 'Aid', 'https://aids.example/1', {value})",
    )
    engine.dispose()
    table = Table(name="aids", key="id", columns=replace(PLAIN, theme="themes"))
    source = DatabaseSource(name="aids", url=postgres_url, table=table, clock=FakeClock())
    (aid,) = Follower(source).poll_aids()
    source.close()
    assert aid.themes == ("Calm", "Health, Safety")
