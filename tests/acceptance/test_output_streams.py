import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO

import pytest

from processes import SECONDS, Notify, environment

TITLE = "Officers\u2019 Wellness \U0001f600 安"
COMMANDS = (["--help"], ["--version"], ["aids", "--help"], ["aids"], ["aids", "--json"], ["nope"])


@pytest.fixture
def used(notify: Notify, config: Path) -> Path:
    """Give a configuration whose ledger knows an aid with letters beyond Latin-1 in its title."""
    new = ("--title", TITLE, "--url", "https://spotlight.example.org/aids/wellness")
    notify("-c", config, "announce", *new, "--to", "sample-x")
    return config


def run(config: Path, words: list[str], output: int | IO[bytes], **environ: str) -> tuple[int, bytes]:
    """Run a command whose output goes somewhere, and give its exit code and what stands on stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "spotlight_notify", "-c", str(config), *words],
        env=environment(**environ),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output if words == ["nope"] else subprocess.PIPE,
        timeout=SECONDS,
        check=False,
    )
    return done.returncode, done.stderr or b""


@pytest.mark.parametrize("buffered", ["", "1"])
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_command_line_6_a_full_disk_ends_in_one_line_and_74(
    used: Path, words: list[str], buffered: str
) -> None:
    with open("/dev/full", "wb") as full:
        code, told = run(used, words, full, PYTHONUNBUFFERED=buffered)
    assert code == 74
    assert told == (b"" if words == ["nope"] else b"cannot write: No space left on device\n")


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_command_line_6_a_closed_pipe_ends_in_silence_and_74(used: Path, words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        assert run(used, words, writing) == (74, b"")
    finally:
        os.close(writing)


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_command_line_6_letters_that_the_output_lacks_are_escaped(
    used: Path, tmp_path: Path, encoding: str
) -> None:
    with open(tmp_path / "table", "wb") as table:
        assert run(used, ["aids"], table, PYTHONIOENCODING=encoding) == (0, b"")
    told = (tmp_path / "table").read_bytes().decode(encoding)
    assert "\\U0001f600 \\u5b89" in told
    with open(tmp_path / "json", "wb") as file:
        assert run(used, ["aids", "--json"], file, PYTHONIOENCODING=encoding) == (0, b"")
    assert TITLE in {each["aid"]["title"] for each in json.loads((tmp_path / "json").read_bytes())["aids"]}
