"""Read an auditor's copy of a ledger: neither the file nor its folder may be written."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from processes import SECONDS, Notify, environment
from spotlight_notify.app.configuration import load_config
from spotlight_notify.app.ledgers import open_ledger

NEW = ("--title", "Keep Calm and De-Escalate", "--url", "https://www.valorforblue.org/keep-calm")
AS_A_READER = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE: root may not write then either
os.execv(sys.executable, [sys.executable, "-m", "spotlight_notify", *sys.argv[1:]])
"""
READING = (
    ("status",),
    ("aids",),
    ("deliveries",),
    ("deliveries", "1"),
    ("explain", "--delivery", "1"),
    ("source", "list"),
    ("channel", "list"),
    ("holds",),
    ("lint", "--aid", "1"),
    ("preview", "1"),
    ("config", "check"),
)


def read(config: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a command as somebody whom the modes of files bind."""
    return subprocess.run(
        [sys.executable, "-c", AS_A_READER, "--config", str(config), *words],
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def copied(config: Path, folder: Path, *logs: str) -> Path:
    """Copy configuration and ledger to where nobody may write, with these of SQLite's logs."""
    folder.mkdir()
    for name in (config.name, "spotlight.sqlite3", *(f"spotlight.sqlite3{log}" for log in logs)):
        shutil.copyfile(config.with_name(name), folder / name)
        (folder / name).chmod(0o444)
    folder.chmod(0o555)
    return folder / config.name


@pytest.fixture
def recorded(notify: Notify, config: Path) -> Path:
    assert notify("--config", config, "once").returncode == 0
    assert notify("--config", config, "announce", *NEW, "--to", "sample-x").returncode == 0
    return config


@pytest.fixture
def copy(recorded: Path, tmp_path: Path) -> Path:
    return copied(recorded, tmp_path / "copy")


@pytest.mark.parametrize("words", READING, ids=lambda words: " ".join(words[:2]))
def test_command_line_5_everything_that_reads_works_on_a_ledger_that_may_only_be_read(
    copy: Path, words: tuple[str, ...]
) -> None:
    done = read(copy, *words)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert done.stdout
    assert sorted(each.name for each in copy.parent.iterdir()) == ["spotlight.sqlite3", "spotlight.toml"]


def test_command_line_5_what_stands_in_the_log_alone_is_read_too(recorded: Path, tmp_path: Path) -> None:
    with open_ledger(load_config(recorded, {})) as ledger:
        ledger.pause_channel("sample-x", "an incident", ledger.delivery(1).created_at, "Desk 4")
        copy = copied(recorded, tmp_path / "copy", "-wal")
    done = read(copy, "channel", "list")
    assert (done.returncode, done.stderr) == (0, "")
    assert "an incident" in done.stdout


def test_command_line_5_what_writes_says_that_it_cannot(copy: Path) -> None:
    done = read(copy, "channel", "pause", "sample-x", "--reason", "an incident")
    assert done.returncode == 74
    assert "it cannot be written" in done.stderr
    assert len(done.stderr.splitlines()) == 1
