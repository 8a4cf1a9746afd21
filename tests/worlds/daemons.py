"""Run the program as processes do that crash, pause, and have clocks of their own."""

from collections.abc import Callable
from datetime import datetime, timedelta

from spotlight_notify.worker.sources_first import SourcesFirst
from worlds.feed import Feed
from worlds.networks import BEGAN, Crossing, Face, Shore
from worlds.program.ledgers import Ledgers
from worlds.program.parts import TROUBLE, Program, not_sent
from worlds.program.values import cursor_of
from worlds.scheduling import Actor, Scheduler
from worlds.scripts import ANY, Blow, Mishap, Script

BEAT = 1.0
LONGEST_SLEEP = 21600.0
"""How long a daemon that found nothing it could do sleeps at most before it tries again."""
MOST_BEATS = 500
"""A bound on what one process may do in one world, and once more when all is calm."""


class Surroundings:
    """Hold what all processes of a world share."""

    def __init__(self, script: Script, ledgers: Ledgers, tell: Callable[[str], None]) -> None:
        self.script, self.ledgers, self.tell = script, ledgers, tell
        self.scheduler = Scheduler(script.seed)
        self.feed = Feed(script)
        self.shores: dict[str, Shore] = {}
        self.faces: dict[str, Face] = {}
        self.daemons: list[Daemon] = []
        self.calm = False
        self.surprises: list[str] = []

    def stir(self) -> None:
        """Let every daemon see, at its next beat, that something has changed."""
        for daemon in self.daemons:
            daemon.rouse()


class Machine:
    """Be a process: told of each step, it may crash or pause there. ``number``: whose mishaps are its own."""

    def __init__(self, name: str, around: Surroundings, number: int | None = None) -> None:
        self.name, self.around, self.skew = name, around, 0.0
        mishaps = around.script.mishaps if number is not None else ()
        self._mishaps = {(one.step, one.nth): one for one in mishaps if one.machine == number}
        self._counts: dict[str, int] = {}

    def now(self) -> datetime:
        """Tell the time by this machine's clock."""
        return BEGAN + timedelta(seconds=self.around.scheduler.now + self.skew)

    def step(self, name: str, told: str = "") -> None:
        """Take a step; others may come in between."""
        self.around.tell(f"{self.name} {name} {told}".rstrip())
        for each in (name, ANY):
            nth = self._counts[each] = self._counts.get(each, -1) + 1
            mishap = self._mishaps.get((each, nth))
            if mishap is not None and not self.around.calm:
                self._befall(mishap)
        self.around.scheduler.breathe()

    def monotonic(self) -> float:
        """Tell seconds by a clock that never steps."""
        return self.around.scheduler.now

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.around.scheduler.wait(seconds)

    def stir(self) -> None:
        """Tell all that the ledger has changed."""
        self.around.stir()

    def cross(self, channel: str) -> Crossing:
        """Give what carries this process's requests to a network."""
        return Crossing(self.around.shores[channel], self.around.faces[channel], self, not_sent)

    def _befall(self, mishap: Mishap) -> None:
        self.around.tell(f"{self.name}: {mishap.blow} {mishap.amount or ''}".rstrip())
        if mishap.blow is Blow.PAUSE:
            self.wait(mishap.amount)
        else:
            self.crash(mishap.amount)

    def crash(self, again_after: float) -> None:
        """End here and now."""
        self.around.scheduler.crash(self.name)


class Daemon(Machine):
    """Start what is due, as the daemon does: each source, channel and look-up in a thread of its own."""

    def __init__(self, number: int, around: Surroundings) -> None:
        super().__init__(f"daemon {number}", around, number)
        self.skew = float(around.script.machines[number].skew)
        self._handle = around.ledgers.handles[number]
        self._beats = 0
        self._actor: Actor | None = None
        self.start()

    @property
    def is_up(self) -> bool:
        """Tell whether it runs."""
        return self._actor is not None

    def start(self) -> None:
        """Begin with nothing in mind."""
        self._busy: set[tuple[str, str]] = set()
        self._sleep, self._wakes_at = BEAT, 0.0
        around = self.around
        self._sources_first: SourcesFirst | None = None
        self._program = Program(self._handle, self, around.script, around.feed, self.cross)
        self._actor = around.scheduler.spawn(self.name, self.name, self._beat)

    def crash(self, again_after: float) -> None:
        """End here and now; begin again after so many seconds, or (0) when somebody sees to it."""
        self._actor = None
        if again_after:
            scheduler = self.around.scheduler
            scheduler.call(scheduler.now + again_after, self.ensure_up)
        super().crash(again_after)

    def ease(self) -> None:
        """Have the right time, and leave to go on for as long again."""
        self.skew, self._beats = 0.0, 0
        self.ensure_up()
        self.rouse()

    def ensure_up(self) -> None:
        """Begin again if it is down."""
        if self._actor is None:
            self.around.tell(f"{self.name} begins again")
            self.start()

    def rouse(self) -> None:
        """See at the next beat that something has changed."""
        self._sleep = BEAT
        if self._actor is not None:
            self._wake_by(BEAT * self._actor.dice.random())

    def _wake_by(self, seconds: float) -> None:
        at = self.around.scheduler.now + seconds
        if self._actor is not None and at < self._wakes_at:
            self._wakes_at = at
            self.around.scheduler.wake(self._actor, at)

    def _beat(self) -> None:
        while self._beats < MOST_BEATS:
            self._beats += 1
            next_at = self._start_due()
            self._wakes_at = next_at
            self.wait(next_at - self.around.scheduler.now)
            self._wakes_at = 0.0

    def _start_due(self) -> float:
        """Start what is due; tells when the next thing is, in true seconds."""
        self._program.beat()
        here = self._program.clock()
        next_at = self.around.scheduler.now + LONGEST_SLEEP * 4
        due = self.around.ledgers.due(cursor_of(self.around.feed))
        if self._sources_first is None:
            self._sources_first = SourcesFirst(self.monotonic)
            self._sources_first.await_all(name for kind, name, at in due if kind == "poll" and at <= here)
        for kind, name, at in due:
            if kind == "drain" and not self._sources_first.are_over():
                next_at = min(next_at, self.around.scheduler.now + BEAT)
            elif at > here:
                wait = (at - here).total_seconds()
                next_at = min(next_at, self.around.scheduler.now + wait + 0.001)
            elif (kind, name) not in self._busy:
                self._begin(kind, name)
        return next_at

    def _begin(self, kind: str, name: str) -> None:
        self._busy.add((kind, name))
        title = f"{self.name} {kind} {name}".rstrip()
        self.around.scheduler.spawn(title, self.name, lambda: self._work(kind, name))

    def _work(self, kind: str, name: str) -> None:
        busy, done = self._busy, False
        try:
            done = self._program.work(kind, name)
        except TROUBLE as error:
            self.around.tell(f"{self.name}, {kind} {name}: {error}")
        except Exception as error:
            self.around.surprises.append(f"{self.name}, {kind} {name}: {error!r}")
            self.around.tell(f"{self.name}, {kind} {name} failed unexpectedly: {error!r}")
        if kind == "poll" and self._sources_first:
            self._sources_first.done(name)
        busy.discard((kind, name))
        if done:
            self.rouse()
        else:
            self._wake_by(self._sleep)
            self._sleep = min(self._sleep * 4, LONGEST_SLEEP)
