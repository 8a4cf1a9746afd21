"""Let actors take turns on one true time line; who comes first is decided by one seed."""

import heapq
from collections.abc import Callable
from random import Random
from typing import Any
from zlib import crc32

from greenlet import getcurrent, greenlet


class Crash(BaseException):
    """Say that the process ends here and now; nothing of the program may catch it."""


class Actor(greenlet):
    """Run one piece of work of one process; its dice decide how long each of its steps takes."""

    def __init__(self, name: str, process: str, work: Callable[[], None], seed: int, hub: greenlet) -> None:
        super().__init__(self._work, parent=hub)
        self.name, self.process = name, process
        self.dice = Random(seed ^ crc32(name.encode()))
        self.ticket = 0
        self.ended = False
        self._does = work

    def _work(self) -> None:
        try:
            self._does()
        except Crash:
            pass
        finally:
            self.ended = True


class Scheduler:
    """Hold the true time, in seconds, and who is to go on when."""

    def __init__(self, seed: int) -> None:
        self.now = 0.0
        self._seed, self._hub = seed, getcurrent()
        self._queue: list[tuple[float, bool, int, int, Any]] = []
        self._count = 0
        self._actors: list[Actor] = []
        self._spawned: dict[str, int] = {}

    def spawn(self, name: str, process: str, work: Callable[[], None], at: float | None = None) -> Actor:
        """Start work at a time, or now."""
        number = self._spawned[name] = self._spawned.get(name, 0) + 1
        actor = Actor(f"{name} {number}", process, work, self._seed, self._hub)
        self._actors.append(actor)
        self._push(self.now if at is None else at, actor)
        return actor

    def call(self, at: float, work: Callable[[], object]) -> None:
        """Have something done at a time, that takes no time and waits for nothing."""
        self._push(at, work)

    def wait(self, seconds: float) -> None:
        """Let the actor that asks wait."""
        actor = getcurrent()
        assert isinstance(actor, Actor), "only actors wait"
        if actor.ticket < 0:
            raise Crash
        self._push(self.now + seconds, actor)
        self._hub.switch()

    def breathe(self) -> None:
        """Let others come in between: mostly for a moment, now and then for seconds."""
        actor = getcurrent()
        assert isinstance(actor, Actor), "only actors wait"
        chance = actor.dice.random()
        self.wait(chance * 0.04 if chance < 0.9 else (chance - 0.9) * 20)

    def wake(self, actor: Actor, at: float) -> None:
        """Let a waiting actor go on at another time."""
        self._push(at, actor)

    def crash(self, process: str) -> None:
        """End all actors of a process; the one that asks ends by the Crash that is raised for it."""
        mine = [actor for actor in self._actors if actor.process == process and not actor.ended]
        for actor in mine:
            actor.ticket = -1
            if actor is not getcurrent():
                self._push(self.now, lambda actor=actor: self._end(actor), first=True)
        if getcurrent() in mine:
            raise Crash

    def run(self, until: float) -> None:
        """Let time pass until then."""
        while self._queue and self._queue[0][0] <= until:
            at, _, _, ticket, turn = heapq.heappop(self._queue)
            self.now = max(self.now, at)
            if not isinstance(turn, Actor):
                turn()
            elif turn.ticket == ticket and not turn.ended:
                turn.switch()
                self._tidy(turn)
        self.now = until

    def close(self) -> None:
        """End all that is left."""
        for actor in list(self._actors):
            self._end(actor)

    def _end(self, actor: Actor) -> None:
        if not actor.ended:
            actor.ticket = -1
            if actor:
                actor.throw(Crash)
            actor.ended = True
        self._tidy(actor)

    def _tidy(self, actor: Actor) -> None:
        if actor.ended and actor in self._actors:
            self._actors.remove(actor)

    def _push(self, at: float, turn: Any, *, first: bool = False) -> None:
        self._count += 1
        ticket = 0
        if isinstance(turn, Actor):
            turn.ticket = ticket = self._count
        heapq.heappush(self._queue, (at, not first, self._count, ticket, turn))
