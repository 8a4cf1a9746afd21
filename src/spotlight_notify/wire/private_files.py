"""Make files that only their owner can read, and a group where it shares the folder."""

import os
import stat
from pathlib import Path

from spotlight_notify.model.errors import CannotCreate

BEGINNING = 4_096
"""How far into a file its mark is looked for, in bytes."""


def open_private(path: str | os.PathLike[str], flags: int) -> int:
    """Open a file for ``open(opener=...)``; one that is new is 0600, or 0640 in a folder with the setgid bit.

    A file that is there already keeps its mode.
    """
    return os.open(path, flags, mode_in(Path(path).parent))


def mode_in(folder: Path) -> int:
    """Return a new file's mode. OSError if there is no such folder."""
    return 0o640 if folder.stat().st_mode & stat.S_ISGID else 0o600


def write_new(path: Path, text: str) -> bool:
    """Write a new file, whole or not at all; False if there is one already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = open_private(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    except FileExistsError:
        return False
    try:
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        path.unlink()
        raise
    return True


def replace_own(path: Path, content: bytes, mark: bytes) -> bool:
    """Write to a new file, an empty one or one of ours; False, and nothing written, if it is another.

    One of ours has ``mark`` near its beginning. CannotCreate when the file cannot be written.
    """
    try:
        if not _may_be_written(path, mark):
            return False
        with open(path, "wb", opener=open_private) as file:
            file.write(content)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise CannotCreate(f"{path}: cannot be written: {why}") from error
    return True


def _may_be_written(path: Path, mark: bytes) -> bool:
    """Return whether nothing is lost: what is no regular file, such as a pipe, holds nothing."""
    if not path.is_file():
        return True
    with path.open("rb") as file:
        beginning = file.read(BEGINNING)
    return not beginning or mark in beginning
