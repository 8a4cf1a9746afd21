"""Clean one picture in a process of its own, where a hostile one can be killed.

Run as a module with the picture's format, the bytes of memory and the CPU seconds allowed: the picture
comes in on stdin, the answer goes out on stdout.
"""

import os
import sys

from spotlight_notify.model.errors import PictureRefused
from spotlight_notify.pictures.answers import packed, packed_refusal
from spotlight_notify.pictures.cleaning import clean
from spotlight_notify.pictures.formats import Format
from spotlight_notify.text.invisible import in_one_line
from spotlight_notify.wire.child_process import allow_cpu, confine


def main() -> None:
    """Answer one picture. One that costs too much ends the process."""
    found, memory, cpu_seconds = sys.argv[1:]
    confine(int(memory))
    allow_cpu(int(cpu_seconds))
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # whatever a library prints must not look like an answer
        content = sys.stdin.buffer.read()
        answers.write(answer(content, Format(found)))


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
