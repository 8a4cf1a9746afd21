"""Promise 15: a signal in the first second ends run and once in good order."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from processes import SECONDS, environment, until

STOPS = (
    *((signal.SIGTERM, moment) for moment in (0, 40, 150, 400)),
    (signal.SIGINT, 0),
    (signal.SIGHUP, 80),
)
"""Signals, and milliseconds after the program's first line; on a busy machine they fall where they will."""


def is_heard(process: "subprocess.Popen[str]", number: int) -> bool:
    """Tell whether the program catches a signal, or lets it wait: before, it is Python's own affair."""
    if process.poll() is not None:
        return True
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    masks = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    return bool((int(masks["SigBlk"], 16) | int(masks["SigCgt"], 16)) >> (number - 1) & 1)


@contextmanager
def begun(config: Path, command: str) -> Iterator["subprocess.Popen[str]"]:
    """Start a command; gives it when its first line has run."""
    process = subprocess.Popen(
        [sys.executable, "-m", "spotlight_notify", "--config", str(config), command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    try:
        until(lambda: is_heard(process, signal.SIGTERM))
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("command", ["run", "once"])
@pytest.mark.parametrize(("number", "moment"), STOPS)
def test_promise_15_a_signal_at_any_moment_ends_it_in_good_order(
    config: Path, command: str, number: signal.Signals, moment: int
) -> None:
    with begun(config, command) as process:
        with_patience(process, moment)
        process.send_signal(number)
        _, said = process.communicate(timeout=SECONDS)
        assert (process.returncode, "Traceback" in said) == (0, False), said


def with_patience(process: "subprocess.Popen[str]", milliseconds: int) -> None:
    """Let so many milliseconds pass, or less if the process ends."""
    try:
        process.wait(milliseconds / 1000)
    except subprocess.TimeoutExpired:
        return


def test_promise_15_a_second_signal_still_leaves_at_once(config: Path) -> None:
    with begun(config, "run") as process:
        until(lambda: sent_again(process))
        assert process.returncode in (0, 128 + signal.SIGTERM)


def sent_again(process: "subprocess.Popen[str]") -> bool:
    process.send_signal(signal.SIGTERM)
    return process.poll() is not None


def test_promise_15_other_commands_end_as_they_always_did(config: Path) -> None:
    with begun(config, "status") as process:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=SECONDS)
        assert process.returncode == -signal.SIGTERM
