"""Promise 11: a ledger that is open notices, in its very next transaction, that its file is another one."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from builders import CAMPAIGN, delivering_with, ledger_in
from fakes import FakeClock, FakePublisher
from ledgers import NOW, SITE, claim, furnish, make_aid, make_plan, put, sqlite_url
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.errors import LedgerLost
from spotlight_notify.model.records.attempts import Claim
from spotlight_notify.operations.deliver import deliver_next
from spotlight_notify.rules.proof import Adoption


@pytest.fixture
def file(tmp_path: Path) -> Path:
    sqlite_url(tmp_path)
    return tmp_path / "ledger.sqlite3"


@pytest.fixture
def ledger(file: Path) -> Iterator[SqlLedger]:
    with closing(furnish(open_ledger(f"sqlite:///{file}"))) as opened:
        put(opened)
        yield opened


def swap(file: Path) -> None:
    shutil.copyfile(file, f"{file}.copy")
    Path(f"{file}.copy").rename(file)


def swap_the_log(file: Path) -> None:
    swap(Path(f"{file}-wal"))


def remove_the_index(file: Path) -> None:
    Path(f"{file}-shm").unlink()


@pytest.mark.parametrize("lose", [Path.unlink, swap, swap_the_log, remove_the_index])
def test_promise_11_every_transaction_notices_and_goes_on_noticing(
    ledger: SqlLedger, file: Path, lose: Callable[[Path], None]
) -> None:
    kept = file.with_name("kept")
    shutil.copyfile(file, kept)
    lose(file)
    for work in (lambda: claim(ledger), ledger.counts, lambda: put(ledger, 2), lambda: furnish(ledger)):
        with pytest.raises(LedgerLost):
            work()
    kept.rename(file)
    with pytest.raises(LedgerLost):
        claim(ledger)


def test_promise_11_a_ledger_lost_while_it_records_is_noticed_before_the_request(tmp_path: Path) -> None:
    clock, publisher = FakeClock(NOW), FakePublisher()
    with closing(ledger_in(tmp_path)) as ledger:
        with ledger.recording(SITE) as book:
            known = book.add(make_aid(1), baseline=False, now=NOW)
            channel = CAMPAIGN.channels[0].name
            book.plan(known.id, make_plan(campaign=CAMPAIGN.name, channel=channel), NOW)

        def adopts(claim: Claim) -> Adoption:
            (tmp_path / "ledger.sqlite3").unlink()
            return Adoption()

        lost = delivering_with(ledger, clock, adopts=adopts)
        with pytest.raises(LedgerLost, match="was unreachable"):
            deliver_next(channel, publisher, lost)
    assert publisher.posts == []


def test_promise_11_a_connection_never_makes_a_file(ledger: SqlLedger, file: Path) -> None:
    ledger.close()
    file.unlink()
    with pytest.raises(LedgerLost):
        ledger.counts()
    assert not file.exists()


def test_promise_11_a_ledger_from_before_the_mark_gets_one(file: Path) -> None:
    mark = file.with_name("ledger.sqlite3.made")
    assert not mark.exists()
    open_ledger(f"sqlite:///{file}").close()
    assert "delete this file to begin anew" in " ".join(mark.read_text().split())
