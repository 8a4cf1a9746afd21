"""A SQLite ledger's file: how it is made and marked, noticed when it is gone or another one, and read.

SQLite wants to write beside a file with a log even to read it, so an auditor's copy is read in another way.
"""

import os
import shutil
import sqlite3
import stat
import threading
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from spotlight_notify.model.errors import LedgerError, LedgerLost
from spotlight_notify.wire.private_files import open_private

MADE = """\
A ledger was made here, in the file of this name without ".made". While this file stands and the ledger does
not, spotlight-notify makes no new one: it would begin anew, and not know what was announced. Restore the
ledger, or delete this file to begin anew. See "The ledger's file" in docs/operations.md.
"""
"""What the mark beside a ledger says."""

LOGS = ("-wal", "-shm")
"""What SQLite keeps beside a file as long as somebody has it open."""

_MAKING = threading.Lock()
"""Nobody connects meanwhile: to close a file ends the locks of all SQLite connections of a process to it."""

Identity = tuple[int, int]
"""A file's device and inode."""


class LedgerFile:
    """A SQLite ledger's file, known by its device and inode, and the logs beside it from ``see_logs`` on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._real = Path(os.path.realpath(path))
        self._known: dict[Path, Identity] = {}
        self._lost: str | None = None
        self.mark = self._real.with_name(f"{self._real.name}.made")

    def is_there(self) -> bool:
        """Return whether the file holds something; LedgerLost if its mark says that one is gone."""
        there = self._real.exists() and self._real.stat().st_size > 0
        if not there and self.mark.exists():
            raise self.gone()
        return there

    def gone(self) -> LedgerLost:
        """Return the error that says what a person does where a ledger was and is no more."""
        return LedgerLost(
            f"ledger {self._path}: it is gone: restore it from a backup, or delete {self.mark} to begin anew"
        )

    def make(self) -> None:
        """Make an empty file with a private mode, if there is none; OSError if that cannot be done."""
        with _MAKING:
            if not self._real.exists():
                flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC
                os.close(open_private(self._real, flags))

    def leave_mark(self) -> None:
        """Leave the mark that a ledger was made here; OSError if that cannot be written."""
        if not self.mark.exists():
            with open(self.mark, "w", encoding="utf-8", opener=open_private) as file:
                file.write(MADE)

    def know(self) -> None:
        """Take what the path leads to for the ledger from now on; LedgerError if it has another name too."""
        found = self._path.stat()
        if stat.S_ISREG(found.st_mode) and found.st_nlink > 1:
            raise LedgerError(
                f"ledger {self._path}: the file has a second name (a hard link), and SQLite would keep a log"
                " for each: records would be lost; remove the other name"
            )
        self._known[self._path] = (found.st_dev, found.st_ino)

    def see_logs(self) -> None:
        """Take the logs for the ledger's too; to be called while a transaction holds them open."""
        for log in self._logs():
            if log not in self._known and (found := _identity(log)):
                self._known[log] = found

    def forget_logs(self) -> None:
        """Forget the logs, since SQLite removes them when the last connection is closed."""
        for log in self._logs():
            self._known.pop(log, None)

    def check(self) -> None:
        """Raise LedgerLost for ever once a file is gone or another one: what is written there is lost."""
        if self._lost is None:
            for path, was in tuple(self._known.items()):
                if _identity(path) != was:
                    self._lost = self._complaint(path)
        if self._lost is not None:
            raise LedgerLost(self._lost)

    def _complaint(self, changed: Path) -> str:
        what = "the file is gone" if _identity(changed) is None else "another file is in its place"
        which = "" if changed == self._path else f" ({changed.name}, without which records are missing)"
        return (
            f"ledger {self._path}: {what}{which}: nothing more is sent; stop all that uses it, restore it"
            " from a backup, and start again"
        )

    def _logs(self) -> list[Path]:
        return [self._real.with_name(f"{self._real.name}{end}") for end in LOGS]


def _identity(path: Path) -> Identity | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


UNWRITABLE = ("SQLITE_READONLY", "SQLITE_CANTOPEN")
"""Beginnings of sqlite3's names for what SQLite raises where it may not write."""


def address_of(path: Path, how: str = "mode=rw") -> str:
    """Write a file's address for SQLite; it must be there, as SQLite would make one that others may read."""
    return f"file:{quote(str(path))}?{how}"


def readable_address(path: Path, stack: ExitStack) -> str:
    """Return an address at which the file can be read, whether or not this user may write there.

    What stands in its log alone can only be read beside a copy, which ``stack`` removes.
    """
    try:
        with closing(sqlite3.connect(address_of(path), uri=True)) as connection:
            connection.execute("PRAGMA schema_version")
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "").startswith(UNWRITABLE):
            return _unwritable(path, stack)
    return address_of(path)


def _unwritable(path: Path, stack: ExitStack) -> str:
    real = path.resolve()
    log = real.with_name(f"{real.name}{LOGS[0]}")
    if not log.exists() or not log.stat().st_size:
        return address_of(path, "mode=ro&immutable=1")
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="spotlight-")))
    for each in (real, log):
        shutil.copyfile(each, folder / each.name)
    return address_of(folder / real.name)
