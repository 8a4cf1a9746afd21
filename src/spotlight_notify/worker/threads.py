"""Do named work in threads: each name by one thread at a time, no more than so many at once."""

import threading
from collections.abc import Callable

Work = Callable[[], None]


class Crew:
    """Start a thread for a named piece of work unless that name is being worked on.

    Threads are daemon threads: work must be safe to cut off, which transactions are. A name that is
    called again while it is being worked on is worked on once more afterwards, so no call is lost.
    ``room`` is called, in a thread of the crew, when work that was turned away would find room.
    ``for_doubtful``: how many of the ``most`` places work may take that may last long; all if not said.
    """

    def __init__(self, most: int, room: Work, *, for_doubtful: int | None = None) -> None:
        self._most, self._room = most, room
        self._for_doubtful = most if for_doubtful is None else for_doubtful
        self._doubtful: set[str] = set()
        self._turned_away = False
        self._calling = 0
        self._busy: set[str] = set()
        self._again: set[str] = set()
        self._changed = threading.Condition()
        self._closed = False

    def start(self, name: str, work: Work, *, doubtful: bool = False) -> bool:
        """Start the work, or note that it is wanted again; False if it was turned away."""
        with self._changed:
            if name in self._busy:
                self._again.add(name)
                return True
            if self._closed or not self._has_room(doubtful):
                self._turned_away = True
                return False
            self._busy.add(name)
            if doubtful:
                self._doubtful.add(name)
        thread = threading.Thread(target=self._run, args=(name, work), name=name, daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the system has no thread to give
            self._forget(name)
            return False
        return True

    def busy(self) -> frozenset[str]:
        """Name what is being worked on."""
        with self._changed:
            return frozenset(self._busy)

    def close(self) -> None:
        """Take no new work; what is under way goes on."""
        with self._changed:
            self._closed = True

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until nothing is being worked on; False if that took longer than ``seconds``."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy and not self._calling, seconds)

    def _has_room(self, doubtful: bool) -> bool:
        if doubtful and len(self._doubtful) >= self._for_doubtful:
            return False
        return len(self._busy) < self._most

    def _forget(self, name: str) -> None:
        with self._changed:
            self._busy.discard(name)
            self._doubtful.discard(name)
            self._again.discard(name)
            self._changed.notify_all()

    def _run(self, name: str, work: Work) -> None:
        free = False
        try:
            while not free:
                work()
                free = self._free(name)
        finally:
            if not free:
                self._free(name, again=False)
            self._tell_of_room()

    def _free(self, name: str, *, again: bool = True) -> bool:
        """Give the name back; False if it is wanted once more and ``again`` lets it."""
        with self._changed:
            wanted = name in self._again and again and not self._closed
            self._again.discard(name)
            if not wanted:
                self._busy.discard(name)
                self._doubtful.discard(name)
                self._calling += 1
            return not wanted

    def _tell_of_room(self) -> None:
        with self._changed:
            call = self._turned_away and not self._closed
            self._turned_away = False
        try:
            if call:
                self._room()
        finally:
            with self._changed:
                self._calling -= 1
                self._changed.notify_all()
