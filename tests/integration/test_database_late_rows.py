"""Rows that an order column does not show are found all the same, within a bounded number of looks."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text

from databases import INTEGERS, add, numbered, run
from fakes import FakeClock

STATUS = "CREATE TABLE aids (id INTEGER PRIMARY KEY, title TEXT, url TEXT, status VARCHAR(20))"


def test_database_5_a_draft_that_is_published_late_is_found(theirs: Engine, follow: Any) -> None:
    run(theirs, STATUS)
    add(theirs, [*numbered([1], status="published"), *numbered([2], status="draft")])
    follower = follow(order_by="id", overlap=0, filter="status = 'published'")
    assert follower.poll() == ["1"]
    add(theirs, numbered([3], status="published"))
    assert follower.poll() == ["3"]
    assert follower.poll() == []
    run(theirs, "UPDATE aids SET status = 'published' WHERE id = 2")
    assert follower.poll() == ["2"]
    assert follower.warnings == [
        "table aids, column id: 1 rows came behind its farthest value, and were found among all keys"
    ]


def test_database_5_in_a_large_table_it_is_found_within_as_many_looks_as_a_sweep_takes(
    theirs: Engine, follow: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spotlight_notify.sources.database.scan.SWEPT_PAGES", 1)
    run(theirs, STATUS)
    add(theirs, [*numbered(range(1, 900), status="published"), *numbered([900], status="draft")])
    add(theirs, numbered(range(901, 1001), status="published"))
    follower = follow(order_by="id", overlap=0, filter="status = 'published'")
    follower.poll()
    run(theirs, "UPDATE aids SET status = 'published' WHERE id = 900")
    found = [follower.poll() for _ in range(5)]
    assert sorted(found) == [[], [], [], [], ["900"]]


@pytest.fixture
def slowly_swept(theirs: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fill a table so that it takes nine looks to compare all its keys up to the last one."""
    monkeypatch.setattr("spotlight_notify.sources.database.scan.SWEPT_PAGES", 1)
    run(theirs, INTEGERS)
    add(theirs, numbered([*range(1, 2001), 5000]))


@pytest.mark.usefixtures("slowly_swept")
def test_database_6_a_number_committed_late_is_found_by_the_usual_overlap(
    theirs: Engine, follow: Any
) -> None:
    follower = follow(order_by="id")
    follower.poll()
    add(theirs, numbered([4000, 5001]))
    assert follower.poll() == ["4000", "5001"]


@pytest.mark.usefixtures("slowly_swept")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_database_6_a_transaction_that_commits_late_is_waited_for(theirs: Engine, follow: Any) -> None:
    follower = follow(order_by="id", overlap=0)
    follower.poll()
    with theirs.connect() as late:
        late.execute(text("INSERT INTO aids VALUES (10000, 'Late', 'https://aids.example/late')"))
        for number in (20_000, 30_000):
            add(theirs, numbered([number]))
            assert follower.poll() == [str(number)]
        late.commit()
    assert follower.poll() == ["10000"]
    follower.poll()
    # Now nobody can come behind the farthest row, so it alone is read, beside a page of all keys.
    follower.asked = 0
    assert (follower.poll(), follower.asked) == ([], 1 + 250)


@pytest.mark.usefixtures("slowly_swept")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_database_6_no_transaction_of_a_server_that_was_replaced_is_waited_for(
    theirs: Engine, follow: Any
) -> None:
    follower = follow(order_by="id", overlap=0)
    follower.poll()
    add(theirs, numbered(range(5001, 5101)))
    follower.poll()
    place = json.loads(follower.cursor)
    follower.cursor = json.dumps(place | {"until": place["until"] + 10**9})
    follower.poll()
    follower.asked = 0
    assert (follower.poll(), follower.asked) == ([], 1 + 250)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (["8", "9"], "10", "its text sorts '10' before '8'"),
        (
            ["2026-11-20T09:00:00", "2026-11-20T10:00:00"],
            "2026-11-20 11:00:00",
            "its text sorts '2026-11-20 11:00:00' before '2026-11-20T09:00:00'",
        ),
        (
            ["2026-11-20 09:00:00"],
            "1795176000",
            "it holds numbers beside times: '1795176000' and '2026-11-20 09:00:00'",
        ),
    ],
)
def test_database_13_text_that_is_not_in_order_is_found_and_told(
    theirs: Engine, follow: Any, before: list[str], after: str, why: str
) -> None:
    run(theirs, "CREATE TABLE aids (id INTEGER PRIMARY KEY, title TEXT, url TEXT, at VARCHAR(40))")
    add(theirs, [row | {"at": at} for row, at in zip(numbered(range(1, 9)), before, strict=False)])
    follower = follow(FakeClock(datetime(2026, 11, 23, 12, tzinfo=UTC)), order_by="at")
    follower.poll()
    add(theirs, numbered([100], at=after))
    assert follower.poll() == ["100"]
    anew = follow(order_by="at")
    anew.poll()
    assert f"table aids, column at: it is not in order ({why})" in anew.warnings
