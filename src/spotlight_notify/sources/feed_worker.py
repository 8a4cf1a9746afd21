"""Read feed documents in a process of its own, where a hostile one can be killed.

Run as a module with the bytes of memory allowed: documents come in on stdin, answers go out on stdout, until
stdin ends.
"""

import json
import math
import os
import resource
import sys
from pathlib import Path
from typing import IO

from spotlight_notify.sources.feed_encoding import in_utf8
from spotlight_notify.sources.feed_entries import Document
from spotlight_notify.sources.feed_json import looks_like_json, read_json
from spotlight_notify.sources.feed_pipe import PipeBroken, packed, receive, send
from spotlight_notify.sources.feed_xml import prepare, read_xml
from spotlight_notify.text.unseen import in_one_line


def main() -> None:
    """Answer documents one after the other. A document that costs too much ends the process."""
    documents, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr  # whatever a library prints must not look like an answer
    prepare()
    limit_memory(int(sys.argv[1]))
    try:
        while True:
            answer_one(documents, answers)
    except PipeBroken:
        return


def answer_one(documents: IO[bytes], answers: IO[bytes]) -> None:
    """Read a task and a document, and answer with what the document says."""
    task = json.loads(receive(documents))
    body = receive(documents)
    limit_cpu(task["cpu_seconds"])
    send(answers, packed(read(body, task["content_type"], task["url"])))


def limit_memory(allowed: int) -> None:
    """Allow so many bytes beyond what is used now; where that is not known, leave it to the clock."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        used = int(statm.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + allowed, used + allowed))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_cpu(seconds: int) -> None:
    """Let the system end this process when it has used so many more seconds."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    allowed = math.ceil(spent.ru_utime + spent.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, hard))


def read(body: bytes, content_type: str, url: str) -> Document:
    """Read a document; whatever goes wrong short of the end of this process is told in its ``error``."""
    body, content_type = in_utf8(body, content_type)
    try:
        return read_json(body, url) if looks_like_json(body) else read_xml(body, content_type, url)
    except MemoryError:
        return Document(error="reading the feed needs too much memory")
    except RecursionError:
        return Document(error="the feed is nested too deeply to be read")
    except Exception as error:  # a parser's mistakes are without number; each is one feed's trouble
        said = in_one_line(f"{type(error).__name__} {error}")[:200]
        return Document(error=f"the feed cannot be read ({said})")


if __name__ == "__main__":
    main()
