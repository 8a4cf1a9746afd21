"""What waits is read again by each look, and what is not there any more is named."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from databases import INTEGERS, Follower, add, numbered, run
from spotlight_notify.model.aids import Aid, Look
from spotlight_notify.model.errors import SourceError
from spotlight_notify.sources.database.source import Columns

STATUS = "CREATE TABLE aids (id INTEGER PRIMARY KEY, title TEXT, url TEXT, status VARCHAR(20), at TIMESTAMP)"
PUBLISHED = {"status": "published", "at": datetime.fromisoformat("2026-11-20 12:00")}
DATED = Columns(title="title", link="url", published="at")


def settled(follower: Follower) -> dict[str, Aid]:
    """Read the table to its end, and give its aids by the number of their rows."""
    return {aid.key.removeprefix("row:"): aid for aid in follower.poll_aids()}


def look(follower: Follower, *waiting: Aid) -> Look:
    seen = follower.source.look(follower.cursor, follower.known, waiting)
    follower.saw(seen)
    return seen


def rows_in(aids: Iterable[Aid]) -> list[str]:
    return sorted(name for aid in aids for name in aid.aliases if name.startswith("row:"))


@pytest.mark.parametrize("order_by", [None, "id"])
def test_database_1_a_row_that_is_taken_back_or_deleted_is_gone(
    theirs: Engine, follow: Any, order_by: str | None
) -> None:
    run(theirs, STATUS)
    add(theirs, numbered(range(1, 301), **PUBLISHED))
    follower = follow(order_by=order_by, filter="status = 'published'")
    aids = settled(follower)
    waiting = [aids[key] for key in ("5", "6", "7")]
    assert look(follower, *waiting).gone == frozenset()
    run(theirs, "UPDATE aids SET status = 'draft' WHERE id = 5", "DELETE FROM aids WHERE id = 6")
    seen = look(follower, *waiting)
    assert (seen.gone, rows_in(seen.aids)) == (frozenset({"row:5", "row:6"}), ["row:7"])
    run(theirs, "UPDATE aids SET status = 'published' WHERE id = 5")
    seen = look(follower, *waiting)
    assert (seen.gone, rows_in(seen.aids)) == (frozenset({"row:6"}), ["row:5", "row:7"])


def test_database_1_a_row_that_was_only_numbered_anew_is_not_gone(theirs: Engine, follow: Any) -> None:
    run(theirs, INTEGERS)
    add(theirs, [*numbered([1, 2]), {"id": 3, "title": "C", "url": " https://aids.example/C%20c "}])
    follower = follow()
    aids = settled(follower)
    run(theirs, "UPDATE aids SET id = id + 10")
    seen = look(follower, aids["1"], aids["3"])
    assert (seen.gone, rows_in(seen.aids)) == (frozenset(), ["row:11", "row:12", "row:13"])
    assert {aid.key for aid in seen.aids} == {aid.aliases[1] for aid in aids.values()}


def test_database_1_a_row_whose_key_is_another_aids_now_is_gone(theirs: Engine, follow: Any) -> None:
    run(theirs, INTEGERS)
    add(theirs, numbered([1, 2]))
    follower = follow()
    aids = settled(follower)
    run(theirs, "DELETE FROM aids WHERE id = 1", "UPDATE aids SET id = 1 WHERE id = 2")
    seen = look(follower, aids["1"], aids["2"])
    assert seen.gone == {"row:1"}
    assert [aid.title for aid in seen.aids] == ["Aid 2"]


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("VARCHAR(200)", ["a b", "ünï", "it's", "7", "x,y", "\u200b"]),
        ("DATE", ["2026-11-21", "2025-01-01"]),
        ("NUMERIC(12, 2)", ["10.25", "7.00"]),
        ("TIMESTAMP", ["2026-11-21 10:00:00.000001", "2025-01-01 00:00:00"]),
    ],
)
def test_database_1_keys_of_all_types_are_found_again(
    theirs: Engine, follow: Any, kind: str, keys: list[str]
) -> None:
    run(theirs, f"CREATE TABLE aids (id {kind}, title TEXT, url TEXT)")
    add(theirs, [{"id": key, "title": f"Aid {key}"} for key in keys])
    follower = follow()
    aids = list(settled(follower).values())
    assert len(aids) == len(keys)
    assert look(follower, *aids).gone == frozenset()
    run(theirs, "DELETE FROM aids")
    assert look(follower, *aids).gone == {aid.key for aid in aids}


def test_database_1_a_key_whose_column_has_another_type_now_does_not_stop_the_look(
    theirs: Engine, follow: Any
) -> None:
    run(theirs, INTEGERS)
    add(theirs, numbered([1]))
    follower = follow()
    (aid,) = settled(follower).values()
    odd = replace(aid, key="row:one", aliases=("row:one", "row:99999999999999999999"))
    assert look(follower, odd).gone == {"row:one"}


def test_database_2_and_3_what_waits_is_shown_as_it_is_now(theirs: Engine, follow: Any) -> None:
    run(theirs, STATUS)
    add(theirs, numbered([1, 2], **PUBLISHED))
    follower = follow(order_by="id", columns=DATED)
    aids = settled(follower)
    run(theirs, "UPDATE aids SET title = 'CANCELLED', at = '2026-12-20 12:00:00' WHERE id = 1")
    run(theirs, "UPDATE aids SET url = 'https://aids.example/corrected' WHERE id = 2")
    first, second = sorted(look(follower, aids["1"], aids["2"]).aids, key=lambda aid: aid.aliases[0])
    assert (first.title, first.published_at) == ("CANCELLED", datetime(2026, 12, 20, 12, tzinfo=UTC))
    assert (second.key, second.link) == ("row:2", "https://aids.example/corrected")


def test_database_2_with_a_time_of_change_known_rows_are_read_again(theirs: Engine, follow: Any) -> None:
    run(theirs, STATUS)
    add(theirs, numbered(range(1, 301), **PUBLISHED))
    follower = follow(order_by="id", updated="at")
    settled(follower)
    run(theirs, "UPDATE aids SET title = 'Corrected', at = '2026-11-21 12:00:00' WHERE id = 7")
    corrected = next(aid for aid in look(follower).aids if aid.title == "Corrected")
    assert set(corrected.aliases) == {"row:7", "link:https://aids.example/7"}
    assert [aid.title for aid in look(follower).aids] == ["Corrected"]


def test_database_2_of_very_many_that_wait_each_is_read_in_its_turn(
    theirs: Engine, follow: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("spotlight_notify.sources.database.scan.MOST_WAITING", 2)
    run(theirs, INTEGERS)
    add(theirs, numbered(range(1, 6)))
    follower = follow()
    waiting = list(settled(follower).values())
    turns = [rows_in(look(follower, *waiting).aids) for _ in range(3)]
    assert turns == [["row:1", "row:2"], ["row:3", "row:4"], ["row:1", "row:5"]]


def test_database_1_nothing_is_gone_while_the_table_cannot_be_read(theirs: Engine, follow: Any) -> None:
    run(theirs, INTEGERS)
    add(theirs, numbered([1]))
    follower = follow()
    (aid,) = settled(follower).values()
    run(theirs, "ALTER TABLE aids RENAME TO others")
    with pytest.raises(SourceError, match="there is no such table"):
        look(follower, aid)
