"""Let documents wait for a worker so that costly ones never keep the others waiting long."""

import heapq
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

LARGE = 1024 * 1024
"""Bytes of a document that is large."""
MOST_LARGE = 8
"""Large documents that may wait: each is held in memory meanwhile."""


class TooMany(Exception):
    """Say that so many large documents wait that one more is sent away."""


class Places:
    """Give so many places to whoever waits: the small before the large, and the costly last of all.

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
        """Hold a place while the block runs; waits for one. TooMany if enough large ones wait already."""
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
                raise TooMany
            heapq.heappush(self._waiting, me)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._is_next(me, costly))
            heapq.heappop(self._waiting)
            self._free -= 1
            self._for_costly -= costly
            self._changed.notify_all()

    def _is_next(self, me: tuple[bool, int, int], costly: bool) -> bool:
        return self._waiting[0] == me and self._free > 0 and (not costly or self._for_costly > 0)
