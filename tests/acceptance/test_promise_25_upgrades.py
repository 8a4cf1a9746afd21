"""Promise 25: an upgrade never happens under a daemon, and a daemon notices a ledger of another version."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ledgers import BOTH, run_sql
from processes import SECONDS, Notify, start_daemon
from spotlight_notify.app.configuration import load_config
from spotlight_notify.ledger.schema import REVISION, VERSION_TABLE
from spotlight_notify.sandbox.server import Sandbox

OLD, NEWER = "0003", "9999"
NEW = ("--title", "Keep Calm and De-Escalate", "--url", "https://www.valorforblue.org/keep-calm")


@pytest.fixture(params=BOTH)
def kept(request: pytest.FixtureRequest, config: Path, notify: Notify) -> Path:
    """Keep the ledger in SQLite or PostgreSQL, after a first look; gives the configuration."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
        config.write_text(config.read_text().replace("sqlite:///spotlight.sqlite3", url))
    assert notify("--config", config, "once").returncode == 0
    return config


def stamp(config: Path, revision: str) -> None:
    run_sql(load_config(config, {}).ledger_url, f"UPDATE {VERSION_TABLE} SET version_num = '{revision}'")


def version(config: Path) -> str:
    ((found,),) = run_sql(load_config(config, {}).ledger_url, f"SELECT version_num FROM {VERSION_TABLE}")
    return str(found)


@contextmanager
def running(config: Path) -> Iterator["subprocess.Popen[str]"]:
    with start_daemon(config) as daemon:
        assert daemon.stderr is not None
        assert "started" in daemon.stderr.readline()
        yield daemon


def test_promise_25_a_daemon_under_its_successors_ledger_sends_nothing_and_stops(
    kept: Path, sandbox: Sandbox
) -> None:
    with running(kept) as daemon:
        stamp(kept, NEWER)
        sandbox.site.publish_next(2)
        _, said = daemon.communicate(timeout=SECONDS)
        assert daemon.returncode == 74
    lines = said.splitlines()
    assert [line for line in lines if line.startswith("ledger ")] == [lines[-1]]
    assert f"(revision {NEWER}, not {REVISION}): this one sends nothing more" in lines[-1]
    assert (*sandbox.x.posts, *sandbox.graph.posts) == ()


def test_promise_25_no_command_but_run_and_once_takes_an_older_ledger_along(
    notify: Notify, kept: Path
) -> None:
    stamp(kept, OLD)
    for words in (["status"], ["deliveries"], ["holds"], ["announce", *NEW], ["hold", "--reason", "so"]):
        done = notify("--config", kept, *words)
        assert done.returncode == 74
        (line,) = done.stderr.splitlines()
        assert f"of an earlier version (revision {OLD}, not {REVISION}): stop its daemons" in line
        assert ("nothing is held" in line and "stop every daemon" in line) == (words[0] == "hold")
    assert version(kept) == OLD


def test_promise_25_a_ledger_that_daemons_serve_is_not_taken_along(notify: Notify, kept: Path) -> None:
    """SIGSTOP keeps the daemon, as one of an earlier version would, from noticing what is stamped."""
    with running(kept) as daemon:
        daemon.send_signal(signal.SIGSTOP)
        stamp(kept, OLD)
        done = notify("--config", kept, "once")
        assert done.returncode == 75, done.stderr
        (line,) = done.stderr.splitlines()
        assert "stop" in line
        assert version(kept) == OLD
        stamp(kept, REVISION)
        daemon.send_signal(signal.SIGCONT)
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(SECONDS) == 0


def test_promise_25_a_hold_of_the_present_version_binds_daemons_of_no_other(
    notify: Notify, kept: Path, sandbox: Sandbox
) -> None:
    stamp(kept, NEWER)
    done = notify("--config", kept, "hold", "--reason", "an incident")
    assert done.returncode == 74
    (line,) = done.stderr.splitlines()
    assert line.startswith("nothing is held: ")
    assert f"newer version (revision {NEWER})" in line
