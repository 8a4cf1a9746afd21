"""Clean one picture in a process of its own, where a hostile one can be killed.

Run as a module with the picture's format, the bytes of memory and the CPU seconds allowed: the picture
comes in on stdin, the answer goes out on stdout.
"""

import os
import resource
import sys
from contextlib import suppress
from pathlib import Path

from spotlight_notify.errors import PictureRefused
from spotlight_notify.pictures.answers import packed, packed_refusal
from spotlight_notify.pictures.cleaning import clean
from spotlight_notify.pictures.formats import Format
from spotlight_notify.text.unseen import in_one_line


def main() -> None:
    """Answer one picture. One that costs too much ends the process."""
    found, memory, cpu_seconds = sys.argv[1:]
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # whatever a library prints must not look like an answer
        content = sys.stdin.buffer.read()
        limit(int(memory), int(cpu_seconds))
        answers.write(answer(content, Format(found)))


def limit(memory: int, cpu_seconds: int) -> None:
    """Allow so many bytes beyond what is used now, where that is known, and so many seconds in all.

    Where a whole machine runs out of memory, it is this process that the system shall end.
    """
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    statm = Path("/proc/self/statm")
    if statm.exists():
        allowed = int(statm.read_text().split()[0]) * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(content: bytes, found: Format) -> bytes:
    """Clean a picture; whatever goes wrong short of the end of this process is told as a refusal."""
    try:
        return packed(clean(content, found))
    except PictureRefused as refused:
        return packed_refusal(str(refused))
    except MemoryError:
        return packed_refusal("reading it needs too much memory")
    except Exception as error:  # what readers raise is without number; each is one picture's trouble
        said = in_one_line(str(error))[:200] or type(error).__name__
        return packed_refusal(f"it is damaged or cut short and cannot be read ({said})")


if __name__ == "__main__":
    main()
