"""Keep a second daemon away from a ledger that serves only one: a SQLite file."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from spotlight_notify.errors import LedgerBusy, LedgerError

SQLITE_FILE = re.compile(r"sqlite(?:\+\w+)?:///([^?]+)")


@contextmanager
def alone(ledger_url: str) -> Iterator[None]:
    """Hold the lock file beside a SQLite ledger; LedgerBusy names the daemon that holds it already.

    The lock is the kernel's: it ends with the process, however that ends. Other databases need none.
    """
    file = SQLITE_FILE.match(ledger_url)
    if file is None:
        yield
        return
    path = Path(f"{file[1]}.lock")
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise LedgerError(f"{path}: cannot be written: {error.strerror}") from error
    try:
        _lock(handle, path)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, path: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
        ledger = path.name.removesuffix(".lock")
        raise LedgerBusy(
            f"another daemon (process {holder}) serves {ledger} already; stop it first, or use PostgreSQL "
            "to run several"
        ) from error
    with suppress(OSError):  # who holds the lock is only told for convenience; a disk may be full
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode("ascii"), 0)
