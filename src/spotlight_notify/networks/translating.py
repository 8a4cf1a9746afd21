"""Turn whatever a call to a network raises into one of our errors."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from spotlight_notify.model.errors import PublishError
from spotlight_notify.networks.rulings import Evidence, error_for
from spotlight_notify.networks.secrecy import Secrecy
from spotlight_notify.ports.parts import Clock

T = TypeVar("T")
Reading = Callable[[Exception, datetime], Evidence]
"""Read what a failed call to one network proves about a publishing request."""


class Translating:
    """Translate the failures of one channel."""

    def __init__(self, reading: Reading, secrecy: Secrecy, clock: Clock) -> None:
        self._reading, self._secrecy, self._clock = reading, secrecy, clock

    def call(self, call: Callable[[], T], meaning: Callable[[Evidence], Evidence]) -> T:
        """Make a call; ``meaning`` says what evidence of its failure is worth. Raises PublishError alone."""
        try:
            return call()
        except Exception as error:  # SDKs slip on odd answers in ways of their own; none means "not sent"
            failed = self.error(meaning(self.evidence(error)), error)
        raise failed

    def evidence(self, error: Exception) -> Evidence:
        """Read a failure as one of a publishing request."""
        return self._reading(error, self._clock())

    def error(self, evidence: Evidence, cause: Exception) -> PublishError:
        """Make the error that evidence amounts to."""
        return error_for(evidence, cause, secrecy=self._secrecy, now=self._clock())
