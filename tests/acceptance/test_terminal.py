"""What stands on a terminal of 80 columns, and what in a pipe."""

import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from wcwidth import wcswidth

from processes import SECONDS, Notify, environment

LONG = ("--title", "安全 第一 " * 12 + "Officers\u2019 Wellness and Safety in a Title That Is Long Enough")
NEW = (*LONG, "--url", "https://spotlight.example.org/aids/long-one", "--theme", "Officer Wellness")
TABLES = (["status"], ["aids"], ["deliveries"], ["holds"], ["source", "list"], ["channel", "list"])
COLUMNS = 80


def on_terminal(config: Path, *words: str, **environ: str) -> list[str]:
    """Run a command on a terminal of 80 columns, and give the lines that stand there."""
    ours, its = pty.openpty()
    termios.tcsetwinsize(its, (24, COLUMNS))
    program = [sys.executable, "-m", "spotlight_notify", "-c", str(config), *words]
    environ = environment(**{"TERM": "xterm", **environ})
    with subprocess.Popen(program, stdin=its, stdout=its, stderr=its, env=environ) as running:
        os.close(its)
        said = b""
        while some := _read(ours):
            said += some
        running.wait(SECONDS)
    os.close(ours)
    return said.decode().splitlines()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # how Linux tells that the other end is closed
        return b""


@pytest.fixture
def used(notify: Notify, config: Path) -> Path:
    """Give a configuration with an aid of a long title, failed on a channel, and a hold."""
    notify("-c", config, "once")
    notify("-c", config, "announce", *NEW, "--to", "sample-x")
    notify("-c", config, "hold", "--reason", "a reason " * 20)
    notify("-c", config, "channel", "pause", "sample-x", "--reason", "it is long " * 12)
    return config


@pytest.mark.parametrize("words", TABLES, ids=" ".join)
def test_command_line_11_tables_fit_a_terminal_of_80_columns(used: Path, words: list[str]) -> None:
    lines = on_terminal(used, *words, NO_COLOR="1")
    table = [line for line in lines if "  " in line]
    assert table
    assert [line for line in table if wcswidth(line) > COLUMNS] == []
    assert not [line for line in lines if "\x1b" in line]


@pytest.mark.parametrize("words", TABLES[1:4], ids=" ".join)
def test_command_line_11_nothing_is_cut_where_there_is_no_terminal(
    notify: Notify, used: Path, words: list[str]
) -> None:
    told = notify("-c", used, *words).stdout
    assert "…" not in told
    assert "\x1b" not in told
    assert LONG[1].strip() in told or "a reason a reason" in told


@pytest.mark.parametrize(
    ("environ", "is_red"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_command_line_11_trouble_is_red_on_a_terminal(
    used: Path, environ: dict[str, str], is_red: bool
) -> None:
    told = "\n".join(on_terminal(used, "deliveries", "999", **environ))
    assert "there is no delivery 999" in told
    assert ("\x1b[31m" in told) == is_red
    assert ("\x1b[31mpaused" in "\n".join(on_terminal(used, "channel", "list", **environ))) == is_red


@pytest.mark.parametrize(
    "words",
    [("demo",), ("once",), ("preview", "1"), ("announce", "1"), ("announce", "1", "--dry-run"), ("resolve",)],
    ids=" ".join,
)
def test_command_line_16_what_takes_a_while_says_first_what_it_does(
    notify: Notify, config: Path, words: tuple[str, ...]
) -> None:
    notify("-c", config, "once")
    assert on_terminal(config, *words)[0].endswith(" ...")
    assert not on_terminal(config, *words[:1], "--help")[0].endswith(" ...")
    assert " ..." not in notify("-c", config, *words).stderr


def test_command_line_16_the_line_stands_there_before_anything_heavy_is_loaded(config: Path) -> None:
    code = "import sys; sys.stderr.isatty = lambda: True; from spotlight_notify.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code, "-c", str(config), "once"],
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    before, told, _ = done.stderr.partition("looking at what is due ...")
    assert told
    assert "sqlalchemy" not in before
    assert "pydantic" not in before
