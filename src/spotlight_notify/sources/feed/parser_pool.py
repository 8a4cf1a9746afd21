"""A pool of child processes that read documents, each killed when it takes too long."""

import heapq
import json
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from spotlight_notify.sources.feed.document import Document, PipeBroken, receive, send, unpacked
from spotlight_notify.wire.child_process import CPU_SECONDS, MEMORY, start_child

LARGE = 1024 * 1024
"""Bytes of a document that is large."""
MOST_LARGE = 8
"""Large documents that may wait: each is held in memory meanwhile."""
WORKER = "spotlight_notify.sources.feed.child_main"
WALL_SECONDS = 30.0
"""Seconds for one document on a busy machine."""
DOCUMENTS = 500
"""Documents after which a worker is replaced, since memory of many documents adds up."""
GRACE_SECONDS = 2.0
"""Seconds a worker that hung up is given to be gone."""
WORN_OUT = LARGE
"""Bytes of a document after which a worker is replaced: what it held is not all given back."""
MOST_GROWN = 60 * 1024 * 1024
"""Bytes of memory that a worker may hold more than at its start: with more it is replaced."""
COSTLY_SECONDS = 2.0
"""Seconds of reading after which a source's documents let those of others go first."""


class QueueFull(Exception):
    """So many large documents wait that one more is sent away."""


class ParsingFailed(Exception):
    """Why a document could not be read, in a few words."""


class FeedParser:
    """Read feed documents in at most ``workers`` child processes; safe to use from many threads.

    A worker is started when it is first needed and kept. ``close`` ends them all.
    """

    def __init__(
        self,
        *,
        workers: int = 2,
        cpu_seconds: int = CPU_SECONDS,
        wall_seconds: float = WALL_SECONDS,
        memory: int = MEMORY,
        most_grown: int = MOST_GROWN,
    ) -> None:
        self._semaphore = PrioritySemaphore(workers)
        self._costly: set[str] = set()
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._limits, self._wall_seconds = (str(memory), str(cpu_seconds)), wall_seconds
        self._most_grown = most_grown
        self._closed = False

    def parse(
        self, body: bytes, *, content_type: str, url: str, source: str = "", zone: str = "UTC"
    ) -> Document:
        """Read a document that came from ``url``; waits for a free worker, longer if ``source`` was costly.

        ``zone``: of dates that name none. Raises ParsingFailed when it is no feed, is damaged beyond reading,
        or costs too much.
        """
        task = json.dumps({"content_type": content_type, "url": url, "zone": zone})
        try:
            with self._semaphore.taken(len(body), costly=source in self._costly):
                document = self._read(task.encode("ascii"), body, source)
        except QueueFull as error:
            raise ParsingFailed("other large feeds wait to be read; it is looked at again later") from error
        if document.error:
            raise ParsingFailed(document.error)
        return document

    def _read(self, task: bytes, body: bytes, source: str) -> Document:
        worker, started = self._take(), time.monotonic()
        try:
            return worker.read(task, body, self._wall_seconds)
        finally:
            self._remember(source, time.monotonic() - started)
            self._give_back(worker)

    def _remember(self, source: str, seconds: float) -> None:
        (self._costly.add if seconds > COSTLY_SECONDS else self._costly.discard)(source)

    def close(self) -> None:
        """End all workers; one that is reading ends when it is done."""
        with self._lock:
            self._closed, idle, self._idle = True, self._idle, []
        for worker in idle:
            worker.end()

    def _take(self) -> "_Worker":
        with self._lock:
            if self._closed:
                raise ParsingFailed("the program is ending")
            while self._idle:
                worker = self._idle.pop()
                if worker.fit:
                    return worker
                worker.end()
        return _Worker(self._limits, self._most_grown)

    def _give_back(self, worker: "_Worker") -> None:
        with self._lock:
            if worker.fit and not self._closed:
                self._idle.append(worker)
                return
        worker.end()


class _Worker:
    """One child process, which reads one document at a time."""

    def __init__(self, limits: tuple[str, str], most_grown: int) -> None:
        self._most_grown = most_grown
        self._process = _started(limits)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._documents, self._answers = self._process.stdin, self._process.stdout
        self._left, self._at_rest, self._late = DOCUMENTS, True, False

    @property
    def fit(self) -> bool:
        """Whether it can read another document."""
        return self._at_rest and self._left > 0 and self._process.poll() is None

    def read(self, task: bytes, body: bytes, seconds: float) -> Document:
        """Return what a document says; a worker that failed, or has grown by it, is not fit any more."""
        self._left, self._at_rest = self._left - 1, False
        killer = threading.Timer(seconds, self._kill_late)
        killer.daemon = True
        killer.start()
        try:
            send(self._documents, task)
            send(self._documents, body)
            document, grown = unpacked(receive(self._answers))
        except PipeBroken as error:
            raise ParsingFailed(self._epitaph()) from error
        finally:
            killer.cancel()
        self._at_rest = not document.error and len(body) <= WORN_OUT and grown <= self._most_grown
        return document

    def end(self) -> None:
        """Kill it and let go of its pipes."""
        self._process.kill()
        self._process.communicate()

    def _kill_late(self) -> None:
        self._late = True
        self._process.kill()

    def _epitaph(self) -> str:
        try:
            code = self._process.wait(timeout=GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            return "the process that reads feeds stopped answering"
        if self._late or code == -signal.SIGXCPU:
            return "reading the feed took too long"
        if code == -signal.SIGABRT:
            return "reading the feed needs too much memory"
        return f"the process that reads feeds was ended (code {code})"


def _started(limits: tuple[str, str]) -> "subprocess.Popen[bytes]":
    try:
        return start_child(WORKER, *limits)
    except OSError as error:
        raise ParsingFailed(f"the process that reads feeds cannot be started: {error.strerror}") from error


class PrioritySemaphore:
    """A semaphore that lets small documents go before large ones, and costly ones last of all.

    Costly ones never have all places, unless there is but one.
    """

    def __init__(self, places: int, *, most_large: int = MOST_LARGE) -> None:
        self._most_large = most_large
        self._free, self._for_costly = places, max(1, places - 1)
        self._changed = threading.Condition()
        self._waiting: list[tuple[bool, int, int]] = []
        self._numbers = count()

    @contextmanager
    def taken(self, size: int, *, costly: bool) -> Iterator[None]:
        """Keep a place while the block runs; waits for one. QueueFull if enough large ones wait already."""
        self._take((costly, size, next(self._numbers)), costly)
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._for_costly += costly
                self._changed.notify_all()

    def waiting(self) -> int:
        """Count those that wait for a place."""
        with self._changed:
            return len(self._waiting)

    def _take(self, me: tuple[bool, int, int], costly: bool) -> None:
        with self._changed:
            if me[1] > LARGE and sum(size > LARGE for _, size, _ in self._waiting) >= self._most_large:
                raise QueueFull
            heapq.heappush(self._waiting, me)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._is_next(me, costly))
            heapq.heappop(self._waiting)
            self._free -= 1
            self._for_costly -= costly
            self._changed.notify_all()

    def _is_next(self, me: tuple[bool, int, int], costly: bool) -> bool:
        return self._waiting[0] == me and self._free > 0 and (not costly or self._for_costly > 0)
