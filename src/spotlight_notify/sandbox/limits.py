"""Count requests in windows of time, as both networks do."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Hold how often something was asked for since the window opened, this time included."""

    used: int
    ends_at: datetime


class Windows:
    """Count by name; a window opens with the first request after the last one ended. One thread at a time."""

    def __init__(self, length: timedelta) -> None:
        self._length = length
        self._open: dict[str, Window] = {}

    def count(self, name: str, now: datetime) -> Window:
        """Count one request and return its window."""
        window = self._open.get(name)
        if window is None or now >= window.ends_at:
            window = Window(used=0, ends_at=now + self._length)
        self._open[name] = replace(window, used=window.used + 1)
        return self._open[name]
