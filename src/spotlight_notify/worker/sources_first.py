"""Look at the sources that are due at a start before the first post: one may have taken back what waits."""

import threading
from collections.abc import Callable, Iterable

MOST_SECONDS = 30.0
"""How long posts wait for these looks: a source that does not answer must not keep everything silent."""


class SourcesFirst:
    """Know which looks are still to come before posts may leave.

    ``monotonic`` gives seconds of a clock that never steps. Safe to use from several threads.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._awaited: set[str] = set()
        self._until = 0.0
        self._guard = threading.Lock()

    def await_all(self, sources: Iterable[str]) -> None:
        """Keep posts back until each of these was looked at, or the time for it is over."""
        with self._guard:
            self._awaited = set(sources)
            self._until = self._monotonic() + MOST_SECONDS

    def done(self, source: str) -> None:
        """Wait no longer for a source that was looked at, whatever came of it."""
        with self._guard:
            self._awaited.discard(source)

    def are_over(self) -> bool:
        """Whether posts may leave."""
        with self._guard:
            return not self._awaited or self._monotonic() >= self._until
