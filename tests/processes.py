"""Run the program as a process, and wait for what it does."""

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

Notify = Callable[..., "subprocess.CompletedProcess[str]"]
SECONDS = 60
"""How long anything may take, on a busy machine too, before it is taken to hang."""


def environment(**more: str) -> dict[str, str]:
    """Give the almost empty environment of a command, in which every warning is an error."""
    return {"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error", **more}


def run_fresh(folder: Path, *words: str | Path, **environ: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in an interpreter of its own, as a person does; returns when it has ended."""
    return subprocess.run(
        [sys.executable, "-m", "spotlight_notify", *map(str, words)],
        cwd=folder,
        env=environment(**environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@contextmanager
def preloaded() -> Iterator[socket.socket]:
    """Start the process that holds the program loaded (tests/preloaded.py); gives the way to its orders."""
    orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with orders, theirs:
        holder = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("preloaded.py")), str(theirs.fileno())],
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        try:
            if orders.recv(100):  # it has loaded
                yield orders
        finally:
            orders.close()
            output, errors = holder.communicate(timeout=SECONDS)
            assert not output + errors, (output + errors).decode()


def run_notify(
    orders: socket.socket, folder: Path, *words: str | Path, **environ: str
) -> "subprocess.CompletedProcess[str]":
    """Run a command as ``run_fresh`` does, in a process forked from one that has the program loaded."""
    order = {
        "folder": str(folder),
        "words": [*map(str, words)],
        "environ": environment(**environ),
        "seconds": SECONDS,  # after which the process ends itself
    }
    (output, its_output), (errors, its_errors) = os.pipe(), os.pipe()
    with open(output, "rb") as told, open(errors, "rb") as warned:
        try:
            socket.send_fds(orders, [json.dumps(order).encode()], [its_output, its_errors])
        finally:
            os.close(its_output)
            os.close(its_errors)
        said = read_to_the_end(told, warned)
    code = int(orders.recv(100))
    assert code != -signal.SIGALRM, f"{words} did not end in {SECONDS} seconds"
    return subprocess.CompletedProcess(words, code, *said)


def read_to_the_end(*streams: BinaryIO) -> list[str]:
    """Read until nobody can write to any of the streams any more; TimeoutError if that takes too long."""
    said = {stream.fileno(): b"" for stream in streams}
    end = time.monotonic() + SECONDS + 10
    with selectors.DefaultSelector() as still_open:
        for number in said:
            still_open.register(number, selectors.EVENT_READ)
        while still_open.get_map():
            if time.monotonic() > end:
                raise TimeoutError("a process that the command left behind holds its streams")
            for key, _ in still_open.select(timeout=1):
                some = os.read(key.fd, 1 << 16)
                said[key.fd] += some
                if not some:
                    still_open.unregister(key.fd)
    return [some.decode().replace("\r\n", "\n") for some in said.values()]


@contextmanager
def start_daemon(config: Path) -> Iterator["subprocess.Popen[str]"]:
    """Start ``run`` in an interpreter of its own; it is killed at the end if it still runs."""
    daemon = subprocess.Popen(
        [sys.executable, "-m", "spotlight_notify", "--config", str(config), "run"],
        stderr=subprocess.PIPE,
        text=True,
        env={"PATH": os.environ["PATH"]},
    )
    try:
        yield daemon
    finally:
        daemon.kill()
        daemon.communicate()


@contextmanager
def hearing_ctrl_c() -> Iterator[None]:
    """Let what is started here hear Ctrl-C, though a shell that runs tests in its background ignores it."""
    earlier = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, earlier)


def until(done: Callable[[], bool], seconds: float = SECONDS) -> None:
    """Wait until something is so; fail if it takes too long."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "took too long"
        time.sleep(0.02)
