"""Fetch pictures, or read them from files, and return them clean."""

from http import HTTPStatus
from pathlib import Path

from spotlight_notify.model.errors import FetchError, PictureRefused
from spotlight_notify.model.posts import CleanPicture
from spotlight_notify.pictures.child_process import ChildProcess, Interrupted, unpacked
from spotlight_notify.pictures.formats import format_of
from spotlight_notify.text.links import shown
from spotlight_notify.wire.bodies import BodyRefused, BodyTooLarge
from spotlight_notify.wire.child_process import CPU_SECONDS, MEMORY
from spotlight_notify.wire.wire import Wire

WORKER = "spotlight_notify.pictures.child_main"
MIB = 1024 * 1024
MAX_FILE = 20 * MIB
"""The largest file that is read, picture or PDF, in bytes."""
TOO_LARGE = f"it is larger than {MAX_FILE // MIB} MiB, the most that is read: give a smaller one"
WALL_SECONDS = 60.0
GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


class PictureLoader:
    """Make clean pictures of URLs and files, one after the other; safe to use from many threads.

    The same bytes in give the same bytes out. What is read is told by its content alone. Make one per
    process; ``close`` ends what is under way.
    """

    def __init__(
        self,
        wire: Wire,
        *,
        cpu_seconds: int = CPU_SECONDS,
        wall_seconds: float = WALL_SECONDS,
        memory: int = MEMORY,
    ) -> None:
        self._wire = wire
        self._children = ChildProcess(WORKER, seconds=wall_seconds)
        self._limits = str(memory), str(cpu_seconds)

    def clean_url(self, url: str) -> CleanPicture:
        """Fetch a picture, or a PDF whose first page becomes one, and clean it: plays CleanUp.

        Raises FetchError when it may be there later, and PictureRefused, whose words say nothing of the
        address, when it would be refused again.
        """
        content = self._fetched(url)
        try:
            return self._cleaned(content)
        except Interrupted as error:
            raise FetchError(shown(url), str(error), sent=True) from error

    def clean_file(self, path: Path) -> CleanPicture:
        """Clean a picture, or a PDF's first page, from a file of this machine; raises as ``clean_url``."""
        try:
            if path.exists() and not path.is_file():
                raise PictureRefused("it is no file")
            with path.open("rb") as file:
                content = file.read(MAX_FILE + 1)
        except OSError as error:
            raise PictureRefused(f"it cannot be read: {error.strerror}") from error
        try:
            return self._cleaned(content)
        except Interrupted as error:
            raise FetchError(str(path), str(error)) from error

    def close(self) -> None:
        """End what is under way: it raises FetchError."""
        self._children.close()

    def _fetched(self, url: str) -> bytes:
        try:
            fetched = self._wire.fetch(url, max_bytes=MAX_FILE)
        except FetchError as error:
            if isinstance(error.__cause__, BodyTooLarge):
                raise PictureRefused(TOO_LARGE) from error
            if isinstance(error.__cause__, BodyRefused):
                raise PictureRefused(error.message) from error
            raise
        if fetched.status in GONE:
            raise PictureRefused(f"there is no such picture (status {fetched.status})")
        if fetched.status != HTTPStatus.OK:
            raise FetchError(shown(url), f"the picture cannot be had: status {fetched.status}", sent=True)
        if not fetched.body:
            raise FetchError(shown(url), "the answer is empty", sent=True)
        return fetched.body

    def _cleaned(self, content: bytes) -> CleanPicture:
        if len(content) > MAX_FILE:
            raise PictureRefused(TOO_LARGE)
        return unpacked(self._children.work((format_of(content), *self._limits), content))
