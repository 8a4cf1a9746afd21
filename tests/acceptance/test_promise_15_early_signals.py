"""Promise 15: a signal in the first second, while the program loads, ends run and once in good order."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from processes import SECONDS, environment

SIGNALLED = """
import atexit, os, runpy, sys

moment, number = sys.argv[1], int(sys.argv[2])
sys.argv[:] = ["spotlight-notify", *sys.argv[3:]]

class Moment:
    def find_spec(self, name, path=None, target=None):
        if name == moment:
            os.kill(os.getpid(), number)

sys.meta_path.insert(0, Moment())
if moment == "the end":
    atexit.register(os.kill, os.getpid(), number)
runpy.run_module("spotlight_notify", run_name="__main__", alter_sys=True)
"""
"""Runs the program, and sends it a signal at the moment when it imports a module, or when it has ended."""

MOMENTS = ("spotlight_notify.cli", "click", "spotlight_notify.cli.run", "pydantic", "sqlalchemy", "the end")


def signalled(config: Path, moment: str, number: int, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a command that gets a signal at a moment."""
    return subprocess.run(
        [sys.executable, "-c", SIGNALLED, moment, str(int(number)), "--config", str(config), *words],
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.mark.parametrize("moment", MOMENTS)
def test_promise_15_a_signal_at_any_moment_ends_once_in_good_order(config: Path, moment: str) -> None:
    done = signalled(config, moment, signal.SIGTERM, "once")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("moment", MOMENTS[:-1:2])
def test_promise_15_a_signal_at_any_moment_ends_run_in_good_order(
    config: Path, moment: str, number: signal.Signals
) -> None:
    done = signalled(config, moment, number, "run")
    assert done.returncode == (129 if number == signal.SIGHUP else 0), done.stderr
    assert '"event": "stopped"' in done.stderr.splitlines()[-1]


def test_promise_15_other_commands_end_as_they_always_did(config: Path) -> None:
    for moment in MOMENTS[:2]:
        assert signalled(config, moment, signal.SIGTERM, "status").returncode == -signal.SIGTERM
