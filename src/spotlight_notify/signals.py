"""Hear a wish to stop: finish what is under way first."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@contextmanager
def stop_wished() -> Iterator[threading.Event]:
    """Give an event that SIGTERM, SIGINT and SIGHUP set; a second one leaves at once, with 128 + its number.

    Main thread only. The earlier handlers are put back at the end.
    """
    wished = threading.Event()

    def hear(number: int, frame: FrameType | None) -> None:
        if wished.is_set():
            os._exit(128 + number)
        wished.set()

    earlier = {number: signal.signal(number, hear) for number in STOPS}
    try:
        yield wished
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


def end_as_ctrl_c_does() -> None:
    """Let SIGTERM end this process in good order too, for commands that have nothing under way."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
