"""Where a ledger may be, by which names, and what a clock that was ahead leaves behind."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from chaos.clockwork import build_clockwork
from processes import SECONDS, Notify, run_fresh, start_daemon
from spotlight_notify.sandbox.server import Sandbox

YEAR = 366 * 86_400
LOCKLESS = Path(__file__).parents[1] / "no_locks.c"
NEW = ("--title", "Polis Solutions Today", "--url", "https://spotlight.example.org/aids/polis-today")


@pytest.fixture
def lockless(tmp_path: Path) -> str:
    """Compile what refuses every lock."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    assert compiler, "a C compiler is needed to refuse a process its locks"
    library = tmp_path / "no_locks.so"
    words = [compiler, "-shared", "-fPIC", "-o", str(library), str(LOCKLESS), "-ldl"]
    subprocess.run(words, check=True, timeout=SECONDS)
    return str(library)


@pytest.mark.parametrize("is_new", [False, True])
@pytest.mark.parametrize("words", [["run"], ["once"], ["hold", "--reason", "so"]], ids=" ".join)
def test_command_line_23_a_file_system_that_cannot_lock_is_told_with_the_way_out(
    notify: Notify, config: Path, lockless: str, words: list[str], is_new: bool
) -> None:
    if not is_new:
        notify("-c", config, "once")
    done = run_fresh(config.parent, "-c", config, *words, LD_PRELOAD=lockless)
    told = done.stderr.splitlines()
    assert done.returncode == 74
    assert len(told) == 1
    assert "cannot lock files (No locks available); keep the ledger on a local disk, or use" in told[0]
    assert "spotlight.sqlite3" in told[0]


def test_command_line_23_a_daemon_by_the_name_of_a_link_is_a_second_one(
    notify: Notify, config: Path, tmp_path: Path
) -> None:
    notify("-c", config, "once")
    (tmp_path / "link.sqlite3").symlink_to("spotlight.sqlite3")
    by_link = tmp_path / "by-link.toml"
    by_link.write_text(config.read_text().replace("spotlight.sqlite3", "link.sqlite3"))
    with start_daemon(config) as daemon:
        assert daemon.stderr is not None
        assert "started" in daemon.stderr.readline()
        second = notify("-c", by_link, "run")
    assert second.returncode == 75
    assert "another daemon" in second.stderr.splitlines()[-1]


def test_command_line_24_after_a_round_a_year_ahead_all_is_due_again(
    notify: Notify, config: Path, sandbox: Sandbox, tmp_path: Path
) -> None:
    clockwork = build_clockwork(tmp_path)
    assert clockwork, "a C compiler is needed to step the clock of a process"
    # X refuses requests whose timestamps go back, and is probed for 40 seconds then
    before, _, x_and_page = config.read_text().partition("[channels.sample-x]")
    page = x_and_page[x_and_page.index("[channels.sample-page]") :]
    config.write_text(before + page.replace('["sample-x", "sample-page"]', '["sample-page"]'))
    assert notify("-c", config, "once").returncode == 0
    sandbox.site.publish_next(1)
    clockwork.set(YEAR)
    ahead = run_fresh(tmp_path, "-c", config, "once", **clockwork.environ)
    assert "nothing was due" not in ahead.stderr
    clockwork.set(0)
    sandbox.site.publish_next(1)
    done = run_fresh(tmp_path, "-c", config, "once", **clockwork.environ)
    assert "nothing was due" not in done.stderr
    assert "sample-site: 1 new" in done.stdout
    sources = json.loads(notify("-c", config, "status", "--json").stdout)["sources"]
    assert {each["name"] for each in sources if each["next_poll_at"] > "2027-06"} == set()
