"""Run the program as a process, and wait for what it does."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

Notify = Callable[..., "subprocess.CompletedProcess[str]"]


def run_notify(folder: Path, *words: str | Path, **environ: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in a folder with an almost empty environment; returns when it has ended."""
    return subprocess.run(
        [sys.executable, "-m", "spotlight_notify", *map(str, words)],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error", **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def start_daemon(config: Path) -> "subprocess.Popen[str]":
    """Start ``run``; the caller ends it."""
    return subprocess.Popen(
        [sys.executable, "-m", "spotlight_notify", "--config", str(config), "run"],
        stderr=subprocess.PIPE,
        text=True,
        env={"PATH": os.environ["PATH"]},
    )


def until(done: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something is so; fail if it takes too long."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "took too long"
        time.sleep(0.02)
