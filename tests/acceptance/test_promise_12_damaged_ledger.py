"""Promise 12: a ledger with flipped bytes ends every command with one line, and nothing is sent."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from processes import SECONDS, Notify, start_daemon
from spotlight_notify.sandbox.server import Sandbox

DAMAGED = "the file is damaged; restore it from a backup"
SEEDS = range(4)
READING = (["status"], ["deliveries"], ["deliveries", "1"], ["holds"])


@pytest.fixture
def whole(notify: Notify, config: Path) -> bytes:
    """Record a first look, plan two aids for later; gives the ledger's bytes."""
    notify("--config", config, "once")
    for number in range(2):
        words = ("--title", f"Aid number {number}", "--url", f"https://www.valorforblue.org/{number}")
        notify("--config", config, "announce", *words, "--at", "2027-12-01 09:00")
    with closing(sqlite3.connect(config.with_name("spotlight.sqlite3"))) as ledger:
        ledger.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return config.with_name("spotlight.sqlite3").read_bytes()


def put(config: Path, content: bytes) -> None:
    """Put a ledger in the other's place, without logs."""
    file = config.with_name("spotlight.sqlite3")
    for log in ("-wal", "-shm"):
        Path(f"{file}{log}").unlink(missing_ok=True)
    file.write_bytes(content)


def flipped(whole: bytes, flips: int, seed: int) -> bytes:
    """Flip bits of bytes that are in use; the header that says what the file is stays."""
    chance, content = random.Random(seed), bytearray(whole)
    used = [place for place in range(100, len(whole)) if whole[place]]
    for place in chance.sample(used, flips):
        content[place] ^= 1 << chance.randrange(8)
    return bytes(content)


@pytest.mark.parametrize("seed", SEEDS)
def test_promise_12_four_hundred_flipped_bytes_end_in_one_line(
    notify: Notify, config: Path, sandbox: Sandbox, whole: bytes, seed: int
) -> None:
    content = flipped(whole, 400, seed)
    for words in (["once"], *READING):
        put(config, content)
        done = notify("--config", config, *words)
        assert "Traceback" not in done.stderr
        assert done.returncode in ((74,) if words == ["once"] else (0, 74)), done.stderr
        if done.returncode == 74:
            (line,) = done.stderr.splitlines()
            assert line.startswith("ledger ")
    put(config, content)
    with start_daemon(config) as daemon:
        _, said = daemon.communicate(timeout=SECONDS)
        assert (daemon.returncode, "Traceback" in said) == (74, False)
    assert (*sandbox.x.posts, *sandbox.graph.posts) == ()


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("post = CAST(x'7b22ff' AS TEXT)", ["deliveries"]),
        ("post = '{\"text\": 1'", ["deliveries"]),
        ('post = \'{"tezt": "a", "images": []}\'', ["deliveries", "1"]),
        ("due_at = '2026-13-41T00:00:00.000000Z'", ["status"]),
        ('findings = \'[{"rule": "length"}]\'', ["deliveries"]),
    ],
)
def test_promise_12_a_row_that_cannot_be_read_is_told_as_damage(
    notify: Notify, config: Path, whole: bytes, column: str, words: list[str]
) -> None:
    with closing(sqlite3.connect(config.with_name("spotlight.sqlite3"))) as ledger, ledger:
        ledger.execute(f"UPDATE delivery SET {column}")
    done = notify("--config", config, *words)
    assert done.returncode == 74
    (line,) = done.stderr.splitlines()
    assert DAMAGED in line


def test_promise_12_once_finds_a_row_that_cannot_be_read_and_sends_nothing(
    notify: Notify, config: Path, sandbox: Sandbox, whole: bytes
) -> None:
    with closing(sqlite3.connect(config.with_name("spotlight.sqlite3"))) as ledger, ledger:
        due = "due_at = '2026-01-01T00:00:00.000000Z'"
        ledger.execute(f"UPDATE delivery SET {due}, post = CAST(x'7b22ff' AS TEXT)")
    done = notify("--config", config, "once")
    assert done.returncode == 74
    (line,) = done.stderr.splitlines()
    assert DAMAGED in line
    assert (*sandbox.x.posts, *sandbox.graph.posts) == ()
