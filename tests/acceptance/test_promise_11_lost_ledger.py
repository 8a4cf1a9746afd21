"""Promise 11: a ledger that is gone or replaced stops who works on it, and no new one takes its place."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from processes import SECONDS, Notify, start_daemon
from spotlight_notify.sandbox.server import Sandbox

NEW = ("--title", "Keep Calm and De-Escalate", "--url", "https://www.valorforblue.org/keep-calm")
BEGIN = "nothing has been recorded yet"


@contextmanager
def running(config: Path) -> Iterator["subprocess.Popen[str]"]:
    with start_daemon(config) as daemon:
        assert daemon.stderr is not None
        assert "started" in daemon.stderr.readline()
        yield daemon


def ledger_of(config: Path) -> Path:
    return config.with_name("spotlight.sqlite3")


def delete(file: Path) -> None:
    file.unlink()


def replace(file: Path) -> None:
    """Put a copy in its place, as a restore from a backup does."""
    copy = file.with_name("copy")
    shutil.copyfile(file, copy)
    copy.rename(file)


def delete_the_log(file: Path) -> None:
    Path(f"{file}-wal").unlink()


@pytest.mark.parametrize("lose", [delete, replace, delete_the_log])
def test_promise_11_a_daemon_whose_ledger_is_lost_sends_nothing_and_stops_with_one_line(
    notify: Notify, config: Path, sandbox: Sandbox, lose: Callable[[Path], None]
) -> None:
    notify("--config", config, "once")
    with running(config) as daemon:
        lose(ledger_of(config))
        sandbox.site.publish_next(2)
        _, said = daemon.communicate(timeout=SECONDS)
        assert daemon.returncode == 74
    lines = said.splitlines()
    assert [line for line in lines if line.startswith("ledger ")] == [lines[-1]]
    assert "nothing more is sent" in lines[-1]
    assert sum('"level": "critical"' in line for line in lines) == 1
    assert (*sandbox.x.posts, *sandbox.graph.posts) == ()


@pytest.mark.parametrize(
    "words",
    [
        ["status"],
        ["deliveries"],
        ["holds"],
        ["once"],
        ["run"],
        ["announce", *NEW],
        ["hold", "--reason", "so"],
    ],
)
def test_promise_11_where_a_ledger_was_no_new_one_is_made(
    notify: Notify, config: Path, words: list[str]
) -> None:
    notify("--config", config, "hold", "--reason", "an incident")
    ledger_of(config).unlink()
    done = notify("--config", config, *words)
    assert done.returncode == 74
    (line,) = done.stderr.splitlines()
    assert "it is gone: restore it from a backup, or delete" in line
    assert "spotlight.sqlite3.made to begin anew" in line
    assert not ledger_of(config).exists()


def test_promise_11_an_empty_file_in_its_place_is_no_ledger(notify: Notify, config: Path) -> None:
    notify("--config", config, "hold", "--reason", "an incident")
    ledger_of(config).write_bytes(b"")
    done = notify("--config", config, "once")
    assert (done.returncode, "it is gone" in done.stderr) == (74, True)


def test_promise_11_its_mark_deleted_a_ledger_begins_anew(notify: Notify, config: Path) -> None:
    notify("--config", config, "hold", "--reason", "an incident")
    ledger_of(config).unlink()
    config.with_name("spotlight.sqlite3.made").unlink()
    assert notify("--config", config, "hold", "--reason", "another").returncode == 0
    assert "another" in notify("--config", config, "holds").stdout


@pytest.mark.parametrize(
    "words",
    [
        ["status"],
        ["aids"],
        ["deliveries"],
        ["holds"],
        ["source", "list"],
        ["channel", "list"],
    ],
)
def test_promise_11_before_the_first_run_reading_says_so_and_makes_no_file(
    notify: Notify, config: Path, words: list[str]
) -> None:
    before = sorted(config.parent.iterdir())
    done = notify("--config", config, *words)
    assert done.returncode == 0, done.stderr
    assert BEGIN in done.stderr
    assert "spotlight-notify once" in done.stderr
    assert sorted(config.parent.iterdir()) == before


def test_promise_11_before_the_first_run_a_preview_makes_no_ledger(notify: Notify, config: Path) -> None:
    before = sorted(config.parent.iterdir())
    done = notify("--config", config, "preview", *NEW)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(config.parent.iterdir()) == before


def test_promise_11_reading_a_postgresql_database_without_tables_makes_none(
    notify: Notify, config: Path, postgres_url: str
) -> None:
    config.write_text(config.read_text().replace("sqlite:///spotlight.sqlite3", postgres_url))
    for _ in range(2):
        assert BEGIN in notify("--config", config, "status").stderr
    assert notify("--config", config, "hold", "--reason", "an incident").returncode == 0
    assert BEGIN not in notify("--config", config, "status").stderr


def test_promise_11_a_hold_before_the_first_run_holds_it(
    notify: Notify, config: Path, sandbox: Sandbox
) -> None:
    assert notify("--config", config, "hold", "--reason", "an incident").returncode == 0
    notify("--config", config, "announce", *NEW, "--now")
    notify("--config", config, "once")
    assert (*sandbox.x.posts, *sandbox.graph.posts) == ()
