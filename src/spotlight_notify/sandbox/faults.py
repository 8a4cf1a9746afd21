"""Script what goes wrong between a client and a stand-in."""

import threading
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Name a trouble; LIVE lists those that come after the work is done."""

    LOST_ANSWER = "lost-answer"
    """The connection closes without an answer."""
    LATE_ANSWER = "late-answer"
    """No answer comes for as long as the client waits."""
    SLOW_ANSWER = "slow-answer"
    """The true answer comes two seconds after the work is done."""
    ERROR_500_LIVE = "500-live"
    CODE_1_LIVE = "code-1-live"
    CODE_2_LIVE = "code-2-live"
    GARBAGE_LIVE = "garbage-live"
    EMPTY_LIVE = "empty-live"
    RESET_BEFORE = "reset-before"
    """The connection is reset before anything is done."""
    THROTTLED = "429"
    THROTTLED_NO_RESET = "429-no-reset"
    NO_CREDITS = "402"
    DUPLICATE = "403-duplicate"
    SIGNED_OUT = "dead-token"
    MISSING_PERMISSION = "missing-permission"
    CHECKPOINT = "checkpoint"
    HTML_503 = "html-503"
    REDIRECT = "redirect"


LIVE = frozenset(
    {
        Fault.LOST_ANSWER,
        Fault.LATE_ANSWER,
        Fault.ERROR_500_LIVE,
        Fault.CODE_1_LIVE,
        Fault.CODE_2_LIVE,
        Fault.GARBAGE_LIVE,
        Fault.EMPTY_LIVE,
    }
)
"""The troubles that come after the work is done."""


class Step(StrEnum):
    """Name what a request is for; a fault waits for one of these."""

    PUBLISH = "publish"
    PREPARE = "prepare"
    """Uploads, alt texts and unpublished posts: nothing becomes public."""
    DELETE = "delete"
    READ = "read"


@dataclass(slots=True, kw_only=True)
class _Waiting:
    fault: Fault
    on: Step
    left: int


class Faults:
    """Hold the faults that wait for a stand-in's next requests. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []

    def add(self, fault: Fault | str, *, times: int = 1, on: Step = Step.PUBLISH) -> None:
        """Let the next ``times`` requests of this step go wrong; faults for one step are used up in order.

        Raises ValueError, naming what there is, for a fault that does not exist.
        """
        with self._lock:
            self._waiting.append(_Waiting(fault=Fault(fault), on=on, left=times))

    def take(self, step: Step) -> Fault | None:
        """Use up the fault that is due for a request of this step, if any."""
        with self._lock:
            found = next((waiting for waiting in self._waiting if waiting.on is step), None)
            if found is None:
                return None
            found.left -= 1
            self._waiting = [waiting for waiting in self._waiting if waiting.left > 0]
            return found.fault

    def clear(self) -> None:
        """Forget all faults that still wait."""
        with self._lock:
            self._waiting.clear()
