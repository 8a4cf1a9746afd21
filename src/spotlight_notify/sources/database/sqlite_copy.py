"""Read a SQLite file that another program writes, where nothing may be written beside it."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from spotlight_notify.model.errors import SourceError

LARGEST_COPY = 256 * 1024 * 1024
"""Bytes of a file and its log that are copied for each look."""

TRIES = 3
"""How often a copy is made that another program spoils by writing."""

WAL_VERSION = 2
"""What the 19th byte of a file holds whose changes go to a log first ("Database File Format", 1.3)."""


@contextmanager
def readable(source: str, path: Path) -> Iterator[Path]:
    """Provide the file, or a copy of it and its write-ahead log where SQLite cannot keep the log's index.

    SourceError when it is too large for that, or was written all the while.
    """
    if not _lacks_index(path):
        yield path
        return
    with TemporaryDirectory(prefix="spotlight-") as folder:
        yield _copied(source, path, Path(folder))


def _lacks_index(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            logged = file.read(19)[18:] == bytes([WAL_VERSION])
    except OSError:
        return False  # to open it will tell why
    if not logged:
        return False
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
            connection.execute("PRAGMA schema_version")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
    except sqlite3.DatabaseError:
        return False
    return False


def _copied(source: str, path: Path, folder: Path) -> Path:
    copy, log = folder / "copy.sqlite3", path.with_name(f"{path.name}-wal")
    place = f"the file {path}, whose folder may not be written,"
    for _ in range(TRIES):
        before = _state(path), _state(log)
        if sum(size for _, size, _ in before) > LARGEST_COPY:
            raise SourceError(
                source, f"{place} is too large to be copied: let its folder be written, or copy it"
            )
        try:
            shutil.copyfile(path, copy)
            if before[1][1]:
                shutil.copyfile(log, folder / f"{copy.name}-wal")
        except OSError as error:
            raise SourceError(source, f"{place} cannot be copied: {error.strerror}") from error
        if before == (_state(path), _state(log)):
            return copy
    raise SourceError(source, f"{place} was written each time it was copied")


def _state(path: Path) -> tuple[int, int, int]:
    """Return what changes when a file is written: its inode, size and time; zeros where there is none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0, 0
    return found.st_ino, found.st_size, found.st_mtime_ns
