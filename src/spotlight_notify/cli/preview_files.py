"""Write a preview to a file, and never over something that is no preview."""

import sys
from pathlib import Path

from spotlight_notify.model.errors import CannotCreate
from spotlight_notify.wire.private_files import open_private

BEGINNING = 4_096
"""How far into a file its mark is looked for, in bytes."""


def write_preview(path: str, content: bytes, mark: bytes) -> None:
    """Write to a new file, an empty one or an earlier preview, which has ``mark`` near its beginning.

    ``-`` is stdout. CannotCreate when the file is something else, or cannot be written.
    """
    if path == "-":
        sys.stdout.buffer.write(content)
        return
    try:
        if not _may_be_written(Path(path), mark):
            raise CannotCreate(
                f"{path}: is there already and is no preview; name another file, or remove it first"
            )
        with open(path, "wb", opener=open_private) as file:
            file.write(content)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise CannotCreate(f"{path}: cannot be written: {why}") from error


def _may_be_written(path: Path, mark: bytes) -> bool:
    """Tell whether nothing is lost: what is no regular file, such as a pipe, holds nothing."""
    if not path.is_file():
        return True
    with path.open("rb") as file:
        beginning = file.read(BEGINNING)
    return not beginning or mark in beginning
