"""Step the clock under the program's processes: a shim in C, compiled when a campaign begins."""

import mmap
import shutil
import struct
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("clock_shift.c")
COMPILE_SECONDS = 120


class Clockwork:
    """Shift the wall clock of the processes that run with ``environ``, while they run."""

    def __init__(self, library: Path, file: Path) -> None:
        self.environ = {"LD_PRELOAD": str(library), "CHAOS_CLOCK": str(file)}
        self._file, self.furthest = file, 0
        file.write_bytes(struct.pack("=q", 0))

    def set(self, seconds: int) -> None:
        """Set the clock so many seconds ahead of the true time (behind, if less than 0), at once."""
        self.furthest = max(self.furthest, seconds)
        with self._file.open("r+b") as opened, mmap.mmap(opened.fileno(), 8) as shared:
            shared[:] = struct.pack("=q", seconds)


def build_clockwork(folder: Path) -> Clockwork | None:
    """Compile the shim into a folder; None where there is no compiler for it."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        return None
    library = folder / "clock_shift.so"
    words = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"]
    made = subprocess.run(words, capture_output=True, timeout=COMPILE_SECONDS, check=False)
    return Clockwork(library, folder / "clock") if made.returncode == 0 else None
