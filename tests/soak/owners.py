"""Be the owners of the sources: publish, correct, take back, renumber; and let sources fail."""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta

from soak.feeds import Feeds
from soak.tables import Table
from soak.truth import Told, Truth
from spotlight_notify.ports.parts import Clock

RECENT = 4
"""How many of a source's newest aids may change or go: what may still wait, and what went just now."""
FAILING = ("silent", "503", "404", "page", "cut short", "one bad byte", "bare ampersand")
LONGEST_TROUBLE = timedelta(seconds=20)
SUBJECTS = ("Calm voices", "Safe stops", "Night shifts", "Foot pursuits", "Seat belts", "Cold weather")
KINDS = ("poster", "checklist", "article", "guide", "fact sheet")
ODDS = {"publish": 56, "correct": 16, "take_back": 8, "fail": 14, "renumber": 6}
"""How often, of a hundred times, an owner does what."""


class Owners:
    """Change the sources by chance, and tell the truth of it. ``done`` counts what was done."""

    def __init__(
        self,
        truth: Truth,
        feeds: Feeds,
        tables: Mapping[str, Table],
        names: tuple[str, ...],
        home: str,
        clock: Clock,
        dice: random.Random,
    ) -> None:
        self._truth, self._feeds, self._tables, self._names = truth, feeds, tables, names
        self._home, self._clock, self._dice = home, clock, dice
        self._mending: dict[str, float] = {}
        self.done: Counter[str] = Counter()

    def act(self, at: float) -> None:
        """Do one thing; ``at`` is the time in seconds by a clock that never steps."""
        self._mend(at)
        act = self._dice.choices(list(ODDS), list(ODDS.values()))[0]
        if act == "fail":
            self._fail(at)
            return
        well = self._tables if act == "renumber" else self._names
        name = self._dice.choice([each for each in well if each not in self._mending] or [""])
        if not name:
            return
        acts: dict[str, Callable[[str], bool]] = {
            "publish": self.publish,
            "correct": self._correct,
            "take_back": self._take_back,
            "renumber": self._renumber,
        }
        self.done[act] += acts[act](name)

    def publish(self, name: str) -> bool:
        """Publish a new aid in a source."""
        number, now = len(self._truth.told) + 1, self._clock()
        title = f"{self._dice.choice(SUBJECTS)}: {self._dice.choice(KINDS)} {number}"
        aid = Told(
            link=f"{self._home}/?aid={number}",
            source=name,
            titles=[title],
            summary="Words of advice for officers on duty.",
            published_at=now,
        )
        with self._truth.lock:
            self._truth.told[aid.link] = aid
        if name in self._tables:
            self._tables[name].add(aid, now)
        return True

    def mend_all(self) -> None:
        """Let every source be well again."""
        self._mend(float("inf"))

    def _mend(self, at: float) -> None:
        for name in [name for name, until in self._mending.items() if until <= at]:
            del self._mending[name]
            self._feeds.troubles.pop(name, None)
            if name in self._tables:
                self._tables[name].show()

    def _fail(self, at: float) -> None:
        name = self._dice.choice(self._names)
        if name in self._mending:
            return
        self._mending[name] = at + self._dice.uniform(1, LONGEST_TROUBLE.total_seconds())
        if name in self._tables:
            self._tables[name].hide()
        else:
            self._feeds.troubles[name] = self._dice.choice(FAILING)
        self.done["fail"] += 1

    def _correct(self, name: str) -> bool:
        aid = self._recent(name)
        if aid is None:
            return False
        with self._truth.lock:
            aid.titles.append(f"{aid.titles[0]}, edition {len(aid.titles) + 1}")
        if name in self._tables:
            self._tables[name].correct(aid, self._clock())
        return True

    def _take_back(self, name: str) -> bool:
        aid = self._recent(name)
        if aid is None:
            return False
        with self._truth.lock:
            aid.gone_at = self._clock()
        if name in self._tables:
            table = self._tables[name]
            self._dice.choice((table.withdraw, table.delete))(aid, self._clock())
        return True

    def _renumber(self, name: str) -> bool:
        self._tables[name].renumber(self._truth.shown(name), self._clock())
        return True

    def _recent(self, name: str) -> Told | None:
        """Choose one of a source's newest aids, but not its only one: an empty source tells nothing."""
        shown = self._truth.shown(name)
        return self._dice.choice(shown[-RECENT:]) if len(shown) > 1 else None
