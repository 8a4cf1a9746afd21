"""Run child processes that clean one picture each, killed when it takes too long; read their answers."""

import json
import signal
import subprocess
import threading

from spotlight_notify.model.errors import PictureRefused
from spotlight_notify.model.posts import CleanPicture
from spotlight_notify.wire.child_process import start_child

TOLD_TO_END = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""What a service manager sends to all processes of a program that it stops."""
TOO_LONG = "reading it takes too long"
DEATHS: dict[int, str] = {signal.SIGXCPU: TOO_LONG, signal.SIGABRT: "reading it needs too much memory"}
"""What a child may die of: the system ends it, or a library ends it that can get no more memory."""


class Interrupted(Exception):
    """A child gave no answer, for a reason that has nothing to do with its picture."""


class ChildProcess:
    """Run one of our modules in one child process after the other; safe to use from many threads.

    Each child works on one picture and ends, so a hostile picture cannot touch the next one, and no memory
    is held in between. ``close`` ends the one that is running.
    """

    def __init__(self, module: str, *, seconds: float) -> None:
        self._module, self._seconds = module, seconds
        self._turn, self._lock = threading.Lock(), threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._closed = False

    def work(self, words: tuple[str, ...], content: bytes) -> bytes:
        """Return what a child with these arguments makes of bytes; waits for its turn.

        Raises PictureRefused when the child took too long or died of its work, else Interrupted.
        """
        with self._turn, self._started(words) as process:
            try:
                answer = process.communicate(content, timeout=self._seconds)[0]
            except subprocess.TimeoutExpired as error:
                raise PictureRefused(TOO_LONG) from error
            finally:
                process.kill()
        self._judge(process.returncode)
        return answer

    def close(self) -> None:
        """End the child that is running, and start no other."""
        with self._lock:
            self._closed = True
            if self._running is not None:
                self._running.kill()

    def _started(self, words: tuple[str, ...]) -> "subprocess.Popen[bytes]":
        with self._lock:
            if self._closed:
                raise Interrupted("the program is ending")
            self._running = _start(self._module, words)
            return self._running

    def _judge(self, code: int) -> None:
        """Raise what a child's exit code means; a positive one comes from Python, not from the picture."""
        if code == 0:
            return
        if self._closed or -code in TOLD_TO_END:
            raise Interrupted("the program is ending")
        if code > 0:
            raise Interrupted(f"the process that cleans pictures does not work (code {code})")
        raise PictureRefused(DEATHS.get(-code, f"the process that reads it died of it (code {code})"))


def _start(module: str, words: tuple[str, ...]) -> "subprocess.Popen[bytes]":
    try:
        return start_child(module, *words)
    except OSError as error:
        raise Interrupted(f"the process that cleans pictures cannot be started: {error.strerror}") from error


def packed(picture: CleanPicture) -> bytes:
    """Write a picture: a line of JSON, then its bytes."""
    told = {"media_type": picture.media_type, "width": picture.width, "height": picture.height}
    return json.dumps(told).encode("ascii") + b"\n" + picture.content


def packed_refusal(reason: str) -> bytes:
    """Write why a picture is refused."""
    return json.dumps({"refused": reason}).encode("ascii") + b"\n"


def unpacked(answer: bytes) -> CleanPicture:
    """Read what was written; raises PictureRefused if that was a refusal."""
    line, _, content = answer.partition(b"\n")
    told = json.loads(line)
    if "refused" in told:
        raise PictureRefused(told["refused"])
    return CleanPicture(content=content, **told)
