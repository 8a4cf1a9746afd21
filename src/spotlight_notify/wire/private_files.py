"""Make files that only their owner can read, and a group where it shares the folder."""

import os
import stat
from pathlib import Path


def open_private(path: str | os.PathLike[str], flags: int) -> int:
    """Open a file for ``open(opener=...)``; one that is new is 0600, or 0640 in a folder with the setgid bit.

    A file that is there already keeps its mode.
    """
    return os.open(path, flags, mode_in(Path(path).parent))


def mode_in(folder: Path) -> int:
    """Return a new file's mode. OSError if there is no such folder."""
    return 0o640 if folder.stat().st_mode & stat.S_ISGID else 0o600
