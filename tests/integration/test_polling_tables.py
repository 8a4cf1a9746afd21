"""Rows and entries that share a title or a link, followed from source to ledger."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from builders import ALWAYS, CAMPAIGN, NOW, X, ledger_in, polling_with
from fakes import FakeClock
from ledgers import RECEIPT, SENT
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.poll.poll_source import poll_source
from spotlight_notify.operations.poll.polls import Poll
from spotlight_notify.sources.database.source import Columns, DatabaseSource, Table

EVERY, MINUTE = timedelta(minutes=15), timedelta(minutes=1)
ON_X = replace(CAMPAIGN, channels=(X,))
PAGE_OF_WEEK = "https://valor.test/week"
AIDS = "CREATE TABLE aids (id INTEGER PRIMARY KEY, title TEXT, url TEXT, at TEXT, shown INTEGER DEFAULT 1)"


class Desk:
    """Follow a table that an office edits, and send what waits."""

    def __init__(self, folder: Path, ledger: SqlLedger) -> None:
        self.ledger, self.clock = ledger, FakeClock(NOW)
        self._parts = replace(polling_with(ledger, self.clock), campaigns=(ON_X,))
        self._rows = sqlite3.connect(folder / "aids.db", isolation_level=None)
        self._rows.execute(AIDS)
        self._source = self._at(folder / "aids.db")
        for number, word in enumerate(("rest", "belts", "shade"), 1):
            self.add(number, f"All about {word}", f"https://valor.test/{word}")
        self.look()

    def _at(self, path: Path) -> DatabaseSource:
        return DatabaseSource(
            name="site",
            url=f"sqlite:///{path}",
            table=Table(
                name="aids",
                key="id",
                columns=Columns(title="title", link="url", published="at"),
                filter="shown = 1",
            ),
            clock=self.clock,
        )

    def move(self, path: Path) -> None:
        """Have the table copied, and its source's address changed."""
        self._rows.execute("VACUUM INTO ?", [str(path)])
        self._rows.close()
        self._rows = sqlite3.connect(path, isolation_level=None)
        self._source = self._at(path)
        for address in ("here", "there"):
            self.ledger.register({"site": address}, [], self.clock())

    def close(self) -> None:
        self._rows.close()

    def add(self, number: int, title: str, link: str = PAGE_OF_WEEK, at: str | None = None) -> None:
        self.write("INSERT INTO aids (id, title, url, at) VALUES (?, ?, ?, ?)", number, title, link, at)

    def write(self, statement: str, *values: Any) -> None:
        self._rows.execute(statement, values)

    def look(self) -> Poll:
        self.clock.advance(EVERY)
        told = poll_source(self._source, EVERY, self._parts)
        assert told.error is None
        return told

    def send(self) -> list[str]:
        """Send all that is due, and tell their titles."""
        sent = []
        while claim := self.ledger.claim_due(X.name, self.clock(), MINUTE, "test", ALWAYS):
            self.clock.advance(MINUTE)
            receipt = replace(RECEIPT, post_id=f"post {claim.delivery_id}")
            self.ledger.settle(claim, SENT, receipt, self.clock())
            sent.append(self.ledger.delivery(claim.delivery_id).aid_title)
        return sent

    def stands(self) -> list[tuple[str, State, Cause | None]]:
        """Tell the deliveries, oldest first."""
        return [(one.aid_title, one.state, one.cause) for one in reversed(self.ledger.deliveries())]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(ledger_in(tmp_path)) as ledger, closing(Desk(tmp_path, ledger)) as opened:
        yield opened


TAKEN_BACK = ["UPDATE aids SET shown = 0 WHERE id = 4", "DELETE FROM aids WHERE id = 4"]
DATES = [(None, None), ("2026-11-23 12:00", "2026-11-23 12:40")]


@pytest.mark.parametrize("taken_back", TAKEN_BACK)
@pytest.mark.parametrize(("first", "second"), DATES)
def test_of_two_rows_with_one_link_that_wait_the_one_that_goes_is_asked_about(
    desk: Desk, taken_back: str, first: str | None, second: str | None
) -> None:
    desk.add(4, "Water in the heat", at=first)
    desk.look()
    desk.add(5, "Boots that fit", at=second)
    desk.look()
    desk.write(taken_back)
    desk.look()
    assert desk.stands() == [
        ("Water in the heat", State.PROPOSED, Cause.GONE),
        ("Boots that fit", State.PENDING, None),
    ]
    desk.look()
    assert (desk.send(), desk.send()) == (["Boots that fit"], [])


@pytest.mark.parametrize("taken_back", TAKEN_BACK)
@pytest.mark.parametrize(("first", "second"), DATES)
def test_of_two_rows_with_one_link_the_other_stays_what_it_is_when_one_that_was_sent_goes(
    desk: Desk, taken_back: str, first: str | None, second: str | None
) -> None:
    desk.add(4, "Water in the heat", at=first)
    desk.look()
    desk.send()
    desk.add(5, "Boots that fit", at=second)
    desk.look()
    desk.write(taken_back)
    desk.look()
    desk.look()
    assert (desk.send(), desk.look().new) == (["Boots that fit"], 0)
    assert [known.aid.title for known in desk.ledger.aids()][:2] == ["Boots that fit", "Water in the heat"]


def test_a_row_with_a_shared_link_that_comes_back_goes_on_as_before(desk: Desk) -> None:
    desk.add(4, "Water in the heat")
    desk.add(5, "Boots that fit")
    desk.look()
    desk.write("UPDATE aids SET shown = 0 WHERE id = 4")
    desk.look()
    desk.write("UPDATE aids SET shown = 1 WHERE id = 4")
    desk.look()
    assert sorted(desk.send()) == ["Boots that fit", "Water in the heat"]


def test_rows_numbered_anew_are_known_by_their_links_though_another_had_the_number(desk: Desk) -> None:
    desk.add(4, "Water in the heat", "https://valor.test/water")
    desk.add(5, "Boots that fit", "https://valor.test/boots")
    desk.look()
    desk.write("UPDATE aids SET id = 6 WHERE id = 5")
    desk.write("UPDATE aids SET id = 5 WHERE id = 4")
    assert desk.look().new == 0
    assert sorted(desk.send()) == ["Boots that fit", "Water in the heat"]


@pytest.mark.parametrize("first", ["waits", "sent"])
@pytest.mark.parametrize(("at", "again"), [*DATES, ("2026-11-23 12:00", "2026-11-23 12:00")])
def test_a_copy_of_a_row_is_not_announced_again(
    desk: Desk, first: str, at: str | None, again: str | None
) -> None:
    desk.add(4, "Water in the heat", at=at)
    desk.look()
    sent = desk.send() if first == "sent" else []
    desk.add(5, "Water in the heat", at=again)
    desk.look()
    assert sent + desk.send() == ["Water in the heat"]
    copied = (State.SKIPPED, Cause.DUPLICATE) if at and at == again else (State.PROPOSED, Cause.FOUND)
    assert desk.stands()[1] == ("Water in the heat", *copied)


def test_a_copy_that_is_there_from_the_beginning_is_announced_once(desk: Desk) -> None:
    desk.add(4, "Water in the heat")
    desk.add(5, "Water in the heat")
    desk.look()
    assert desk.send() == ["Water in the heat"]
    assert desk.stands()[1] == ("Water in the heat", State.PROPOSED, Cause.FOUND)


@pytest.mark.parametrize("at", [None, "2026-11-23 12:00"])
def test_a_row_that_comes_again_under_another_number_is_the_same(desk: Desk, at: str | None) -> None:
    desk.add(4, "Water in the heat", at=at)
    desk.look()
    desk.send()
    desk.write("DELETE FROM aids WHERE id = 4")
    desk.add(5, "Water in the heat", at=at)
    assert desk.look().new == 0
    assert desk.send() == []


@pytest.mark.parametrize("at", [None, "2026-11-23 12:00"])
@pytest.mark.parametrize("first", ["waits", "sent"])
def test_a_row_put_in_anew_with_its_title_corrected_is_not_announced_again(
    desk: Desk, first: str, at: str | None
) -> None:
    desk.add(4, "Water in teh heat", at=at)
    desk.add(9, "Boots that fit")
    desk.look()
    sent = desk.send() if first == "sent" else []
    desk.write("DELETE FROM aids WHERE id = 4")
    desk.add(10, "Water in the heat", at=at)
    desk.look()
    sent += desk.send()
    assert sorted(title for title in sent if title.startswith("Water")) == ["Water in teh heat"] * (
        first == "sent"
    )
    assert desk.stands()[2] == ("Water in the heat", State.PROPOSED, Cause.FOUND)


def test_another_row_with_the_link_and_another_title_is_new(desk: Desk) -> None:
    desk.add(4, "Water in the heat")
    desk.look()
    desk.send()
    desk.add(5, "Boots that fit")
    desk.look()
    assert desk.send() == ["Boots that fit"]


def test_a_table_that_moves_to_another_server_is_the_same(desk: Desk, tmp_path: Path) -> None:
    desk.move(tmp_path / "moved.db")
    desk.add(4, "Water in the heat", "https://valor.test/water")
    told = desk.look()
    assert (told.new, told.baseline, told.warnings) == (1, 0, ())
    assert desk.send() == ["Water in the heat"]


def test_a_table_whose_rows_have_the_same_numbers_alone_is_another(desk: Desk, tmp_path: Path) -> None:
    desk.move(tmp_path / "moved.db")
    desk.write("UPDATE aids SET title = 'Minutes of week ' || id, url = url || '/minutes'")
    desk.add(4, "Minutes of week 4", "https://valor.test/minutes")
    told = desk.look()
    assert (told.new, [each[:23] for each in told.warnings]) == (0, ["its address was changed"])
    assert desk.stands() == []
