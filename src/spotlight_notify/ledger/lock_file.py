"""Keep a second daemon away from a ledger that serves only one: a SQLite file."""

import fcntl
import os
import stat
import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile

from spotlight_notify.model.errors import LedgerBusy, LedgerError
from spotlight_notify.wire.private_files import open_private

OUR_BYTE = 1 << 62
"""The byte of the ledger that a daemon locks: beyond all that SQLite writes, or locks itself (at 1 GiB)."""

MINE = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, OUR_BYTE, 1, 0)
NOBODYS = struct.pack("hhqqi4x", fcntl.F_UNLCK, os.SEEK_SET, OUR_BYTE, 1, 0)
"""What fcntl(2) calls ``struct flock``, on Linux with 64-bit file offsets."""


@contextmanager
def alone(ledger: Path) -> Iterator[None]:
    """Lock a ledger's lock file and the ledger itself, which must be there, however its path is written.

    LedgerBusy names the daemon that holds them already. The locks are the kernel's: they end with the
    process, however that ends.
    """
    with ExitStack() as held:
        held.enter_context(lock_file(ledger))
        held.enter_context(_itself(ledger))
        yield


@contextmanager
def lock_file(ledger: Path) -> Iterator[None]:
    """Lock the lock file that stands beside the ledger itself, not beside a link to it."""
    real = Path(os.path.realpath(ledger))
    path = real.with_name(f"{real.name}.lock")
    try:
        handle = open_private(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if path.is_symlink():
            raise _no_lock_file(path) from error
        raise LedgerError(f"{path}: cannot be written: {error.strerror}") from error
    try:
        _refuse_foreign(handle, path)
        _lock(handle, path)
        yield
    finally:
        os.close(handle)


def _refuse_foreign(handle: int, path: Path) -> None:
    """Refuse what somebody else has put there, since the lock file is written to."""
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        raise _no_lock_file(path)


def _no_lock_file(path: Path) -> LedgerError:
    return LedgerError(f"{path}: is a link, or no ordinary file; remove it, a daemon makes its own lock file")


def _lock(handle: int, path: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
        raise _served(path.name.removesuffix(".lock"), f" (process {holder})") from error
    except OSError as error:
        raise _cannot_lock(path, error) from error
    with suppress(OSError):  # who holds the lock is only told for convenience; a disk may be full
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode("ascii"), 0)


@contextmanager
def _itself(ledger: Path) -> Iterator[None]:
    """Lock the file itself, so that it is one ledger by whatever link or mount it is reached.

    The file stays open until the process ends: to close it would end SQLite's own locks on it.
    """
    try:
        handle = os.open(ledger, os.O_RDWR | os.O_CLOEXEC)
    except OSError as error:
        raise LedgerError(f"ledger {ledger}: it cannot be opened: {error.strerror}") from error
    try:
        fcntl.fcntl(handle, fcntl.F_OFD_SETLK, MINE)
    except BlockingIOError as error:
        raise _served(ledger.name, " by another name") from error
    except OSError as error:
        raise _cannot_lock(ledger, error) from error
    yield
    fcntl.fcntl(handle, fcntl.F_OFD_SETLK, NOBODYS)


def refuse_without_locks(ledger: Path, beside: Path) -> None:
    """Raise LedgerError where the file system cannot lock: SQLite would wait as for a lock of others.

    ``beside``: a file of ours on it, or none, but no ledger: to close one would end SQLite's locks on it.
    """
    try:
        with beside.open("rb") if beside.exists() else TemporaryFile(dir=beside.parent) as file:
            _try_lock(file.fileno(), ledger)
    except OSError:
        return  # what cannot be opened is told of by who needs it


def _try_lock(handle: int, ledger: Path) -> None:
    try:
        fcntl.lockf(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    except OSError as error:
        raise _cannot_lock(ledger, error) from error


def _served(name: str, by: str) -> LedgerBusy:
    return LedgerBusy(
        f"another daemon{by} serves {name} already; stop it first, or use PostgreSQL to run several"
    )


def _cannot_lock(path: Path, error: OSError) -> LedgerError:
    return LedgerError(
        f"{path}: this file system cannot lock files ({error.strerror}); keep the ledger on a local disk,"
        " or use PostgreSQL"
    )
