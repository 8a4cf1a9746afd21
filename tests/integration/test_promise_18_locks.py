"""Promise 18: one daemon serves a ledger, however its path is written, and no link leads its lock astray."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from spotlight_notify.ledger.opening import Purpose, open_ledger
from spotlight_notify.model.errors import LedgerBusy, LedgerError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "ledger.sqlite3"
    open_ledger(f"sqlite:///{path}").close()
    return path


def symlink(file: Path) -> str:
    other = file.parent.parent / "other.sqlite3"
    other.symlink_to(file)
    return str(other)


def linked_folder(file: Path) -> str:
    other = file.parent.parent / "linked"
    other.symlink_to(file.parent)
    return str(other / file.name)


def roundabout(file: Path) -> str:
    return f"{file.parent}/../{file.parent.name}/./{file.name}"


def relative(file: Path) -> str:
    return os.path.relpath(file)


def hard_link(file: Path) -> str:
    other = file.parent.parent / "other.sqlite3"
    other.hardlink_to(file)
    return str(other)


@pytest.mark.parametrize("name", [symlink, linked_folder, roundabout, relative, hard_link])
def test_promise_18_a_second_daemon_is_refused_by_whatever_name(
    file: Path, name: Callable[[Path], str]
) -> None:
    with closing(open_ledger(f"sqlite:///{file}", purpose=Purpose.SERVE)) as first:
        other = name(file)
        with pytest.raises(LedgerBusy, match=r"serves .* already"):
            open_ledger(f"sqlite:///{other}", purpose=Purpose.SERVE)
        assert first.counts() == {}
    if name is not hard_link:
        open_ledger(f"sqlite:///{other}", purpose=Purpose.SERVE).close()


@pytest.mark.parametrize("purpose", Purpose)
def test_promise_18_a_ledger_with_a_second_name_is_refused(file: Path, purpose: Purpose) -> None:
    other = hard_link(file)
    with pytest.raises(LedgerError, match="a second name"):
        open_ledger(f"sqlite:///{other}", purpose=purpose)


@pytest.mark.parametrize("link", [Path.symlink_to, Path.hardlink_to])
def test_promise_18_what_a_lock_file_leads_to_is_not_touched(
    file: Path, link: Callable[[Path, Path], None]
) -> None:
    victim = file.with_name("victim")
    victim.write_text("somebody's")
    lock = file.with_name("ledger.sqlite3.lock")
    link(lock, victim)
    with pytest.raises(LedgerError, match=r"ledger\.sqlite3\.lock: is a link"):
        open_ledger(f"sqlite:///{file}", purpose=Purpose.SERVE)
    assert victim.read_text() == "somebody's"
    lock.unlink()
    open_ledger(f"sqlite:///{file}", purpose=Purpose.SERVE).close()


def test_promise_18_a_pipe_in_the_lock_files_place_is_refused(file: Path) -> None:
    os.mkfifo(file.with_name("ledger.sqlite3.lock"))
    with pytest.raises(LedgerError, match="no ordinary file"):
        open_ledger(f"sqlite:///{file}", purpose=Purpose.SERVE)


def test_promise_18_a_link_to_no_file_is_no_way_to_make_one_elsewhere(file: Path) -> None:
    elsewhere = file.with_name("elsewhere")
    file.with_name("ledger.sqlite3.lock").symlink_to(elsewhere)
    with pytest.raises(LedgerError, match="is a link"):
        open_ledger(f"sqlite:///{file}", purpose=Purpose.SERVE)
    assert not elsewhere.exists()


def test_promise_18_a_file_address_is_refused_since_it_names_a_file_in_many_ways(file: Path) -> None:
    with pytest.raises(LedgerError, match="as it is"):
        open_ledger(f"sqlite:///file:{file}?uri=true")


def test_promise_18_the_lock_leaves_sqlites_own_locks_alone(file: Path) -> None:
    with closing(open_ledger(f"sqlite:///{file}", purpose=Purpose.SERVE)) as served:
        served.counts()
        with pytest.raises(LedgerBusy):
            open_ledger(f"sqlite:///{file}", purpose=Purpose.SERVE)
        with closing(sqlite3.connect(file, timeout=0)) as other:
            other.execute("SELECT count(*) FROM delivery").fetchone()
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("PRAGMA journal_mode = DELETE")
