"""Read feed documents in a process of its own, where a hostile one can be killed.

Run as a module with the bytes of memory allowed, and the CPU seconds for each document: documents come in on
stdin, answers go out on stdout, until stdin ends.
"""

import gc
import json
import os
import resource
import sys
from dataclasses import replace
from pathlib import Path
from typing import IO

from spotlight_notify.sources.feed.encoding import LOST, declares_entities, in_utf8
from spotlight_notify.sources.feed.entries import Document
from spotlight_notify.sources.feed.json import looks_like_json, read_json
from spotlight_notify.sources.feed.moments import Moments
from spotlight_notify.sources.feed.pipe import PipeBroken, packed, receive, send
from spotlight_notify.sources.feed.xml import prepare, read_xml
from spotlight_notify.text.invisible import in_one_line
from spotlight_notify.wire.child_process import allow_cpu, confine

TOO_MUCH = Document(error="reading the feed needs too much memory")
TOO_MUCH_PACKED = packed(TOO_MUCH, 0)
"""Ready when there is no memory left to make them."""


def main() -> None:
    """Answer documents one after the other. A document that costs too much ends the process."""
    memory, cpu_seconds = map(int, sys.argv[1:])
    confine(memory)
    documents, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr  # whatever a library prints must not look like an answer
    prepare()
    at_start = memory_held()
    try:
        while True:
            allow_cpu(cpu_seconds)
            answer_one(documents, answers, at_start)
    except PipeBroken:
        return


def answer_one(documents: IO[bytes], answers: IO[bytes], at_start: int) -> None:
    """Read a task and a document, and answer with what the document says."""
    task = json.loads(receive(documents))
    document = read(receive(documents), task["content_type"], task["url"], task["zone"])
    if document.error:
        gc.collect()  # a parser that gave up is a ring of objects, and holds what an answer needs
    try:
        answer = packed(document, memory_held() - at_start)
    except MemoryError:
        answer = TOO_MUCH_PACKED
    send(answers, answer)


def memory_held() -> int:
    """Tell how many bytes of memory this process holds; at most so far, where only that can be told."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return pages * resource.getpagesize()


def read(body: bytes, content_type: str, url: str, zone: str = "UTC") -> Document:
    """Read a document; whatever goes wrong short of the end of this process is told in its ``error``."""
    if declares_entities(body, content_type):
        return Document(error="the feed declares entities, which feeds have no use for: refused")
    body, content_type, replaced = in_utf8(body, content_type)
    moments = Moments(zone)
    try:
        document = (
            read_json(body, url, moments)
            if looks_like_json(body)
            else read_xml(body, content_type, url, moments)
        )
    except MemoryError:
        return TOO_MUCH
    except RecursionError:
        return Document(error="the feed is nested too deeply to be read")
    except Exception as error:  # a parser's mistakes are without number; each is one feed's trouble
        said = in_one_line(f"{type(error).__name__} {error}")[:200]
        return Document(error=f"the feed cannot be read ({said})")
    return replace(document, warnings=(*document.warnings, *_lost(replaced), *moments.warnings()))


def _lost(places: int) -> tuple[str, ...]:
    """Warn about what was replaced, since it is not in the feed's own encoding."""
    if not places:
        return ()
    where = "one place" if places == 1 else f"{places} places"
    return (f"the feed has broken characters in {where}; “{LOST}” stands for them",)


if __name__ == "__main__":
    main()
