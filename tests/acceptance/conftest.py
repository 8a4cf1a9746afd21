"""Run the program as a person does: a process, a configuration, stand-in networks on loopback."""

import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from processes import Notify, preloaded, run_notify
from spotlight_notify.app.chance import clock
from spotlight_notify.sandbox.rehearsal import write_configuration
from spotlight_notify.sandbox.server import Sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(clock=clock) as served:
        yield served


@pytest.fixture
def config(sandbox: Sandbox, tmp_path: Path) -> Path:
    """Write a configuration that points at the sandbox, and give its path; links are not asked."""
    path = write_configuration(sandbox, tmp_path)
    path.write_text(f"{path.read_text()}\n[links]\ncheck = false\n")
    return path


@pytest.fixture(scope="session")
def orders() -> Iterator[socket.socket]:
    """Hold the program loaded, so that a command costs no half second of imports."""
    with preloaded() as opened:
        yield opened


@pytest.fixture
def notify(orders: socket.socket, tmp_path: Path) -> Notify:
    """Run ``spotlight-notify`` in an empty folder."""
    return partial(run_notify, orders, tmp_path)
