"""Hold the program loaded, and fork it for every command: a real process, without half a second of imports.

Run by tests/processes.py in an interpreter of its own, with the environment, the warnings and the standard
streams that a fresh ``python -m spotlight_notify`` has; nothing but these imports has happened when it forks.
"""

import gc
import json
import os
import pkgutil
import runpy
import signal
import socket
import sys
import threading
from importlib import import_module
from typing import Any

PROGRAM = "spotlight_notify"
LATE = ("alembic.command", "alembic.config", "sqlalchemy.dialects.sqlite")
"""What libraries import when they are first used."""
OWN_PROCESS = ("__main__", "migrations", "child_main")
"""Modules that run by themselves."""
LONGEST = 1 << 20
"""Bytes of an order."""


def load() -> None:
    """Import all that the program is made of; none of it may start a thread."""
    for found in pkgutil.walk_packages(import_module(PROGRAM).__path__, f"{PROGRAM}."):
        if not set(found.name.split(".")) & set(OWN_PROCESS):
            import_module(found.name)
    for name in LATE:
        import_module(name)
    assert threading.active_count() == 1
    gc.freeze()


def serve(orders: socket.socket) -> None:
    """Fork a process for each order, tell its exit code; returns in that process alone."""
    orders.send(b"loaded")
    while True:
        message, streams, _, _ = socket.recv_fds(orders, LONGEST, 2)
        if not message:
            orders.close()
            sys.exit()
        child = os.fork()
        if not child:
            orders.close()
            become(json.loads(message), streams)
            return
        for stream in streams:
            os.close(stream)
        orders.send(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())


def become(order: dict[str, Any], streams: list[int]) -> None:
    """Take on what a process is started with: folder, environment, words, streams, signals, an end."""
    for number, stream in enumerate(streams, start=1):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environ"])
    sys.argv[1:] = order["words"]
    sys.path[0] = order["folder"]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.alarm(order["seconds"])


def main() -> None:
    """Load the program, then be it, once for every order; ends when nobody can order any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the commands, and for who waits for them
    load()
    serve(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_module(PROGRAM, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
