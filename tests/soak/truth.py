"""Keep what the sources have said of each aid, and since when."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True, kw_only=True)
class Told:
    """Hold one aid as its source shows it. ``titles``: all that it ever bore, the newest last.

    ``baseline``: it was there before the first look, and is never announced.

    ``gone_at`` is None while its source shows it.
    """

    link: str
    source: str
    titles: list[str]
    summary: str
    published_at: datetime
    gone_at: datetime | None = None
    baseline: bool = False

    @property
    def title(self) -> str:
        """Tell its present title."""
        return self.titles[-1]


@dataclass(slots=True)
class Truth:
    """Hold all aids by link, in the order of their publication. Change them under ``lock`` alone."""

    told: dict[str, Told] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def shown(self, source: str) -> Sequence[Told]:
        """List what a source shows, oldest first."""
        return [each for each in self.told.values() if each.source == source and each.gone_at is None]
