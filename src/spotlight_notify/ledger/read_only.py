"""Find a way to read a SQLite ledger that may not be written, such as an auditor's copy.

SQLite itself wants to write beside a file with a log, even to read it.
"""

import shutil
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from spotlight_notify.ledger.ledger_file import LOGS

UNWRITABLE = ("SQLITE_READONLY", "SQLITE_CANTOPEN")
"""Beginnings of sqlite3's names for what SQLite raises where it may not write."""


def address_of(path: Path, how: str = "mode=rw") -> str:
    """Write a file's address for SQLite; it must be there, as SQLite would make one that others may read."""
    return f"file:{quote(str(path))}?{how}"


def readable_address(path: Path, stack: ExitStack) -> str:
    """Give an address at which the file can be read, whether or not this user may write there.

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
