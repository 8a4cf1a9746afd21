"""Try seed after seed, and make what fails small."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from worlds.drawing import draw
from worlds.judge import Fault, Kind
from worlds.program.ledgers import LedgerFile
from worlds.scripts import Script
from worlds.shrinking import shrunk
from worlds.telling import told
from worlds.world import World

HANDLES = 3
"""Two daemons, and people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Tell what is wrong with the world of a seed; ``surprises``: what the program raised unforeseen."""

    seed: int
    faults: tuple[Fault, ...]
    surprises: tuple[str, ...]

    def __str__(self) -> str:
        sentences = [f"{fault.kind}: {fault.sentence}" for fault in self.faults]
        return "\n  ".join((f"seed {self.seed}", *sentences, *self.surprises))


@contextmanager
def open_file() -> Iterator[LedgerFile]:
    """Open the ledger that world after world uses; meanwhile garbage is looked for seldom."""
    file, usual = LedgerFile(HANDLES), gc.get_threshold()
    gc.collect()
    gc.set_threshold(100_000, 20, 20)
    try:
        yield file
    finally:
        gc.set_threshold(*usual)
        file.close()


def try_seeds(seeds: Iterable[int]) -> list[Failure]:
    """Let the world of each seed happen, and return those that fail."""
    with open_file() as file:
        tried = (_tried(draw(seed), file) for seed in seeds)
        return [failure for failure in tried if failure.faults or failure.surprises]


def show_seed(seed: int, tell: Callable[[str], None]) -> bool:
    """Tell every step of a seed's world, and if it fails, how little is enough for that; True if it holds."""
    with open_file() as file:
        script = draw(seed)
        tell(told(script))
        failure = _tried(script, file, tell)
        if not failure.faults and not failure.surprises:
            tell(f"seed {seed} holds")
            return True
        kinds = {fault.kind for fault in failure.faults}
        small = shrunk(script, lambda smaller: _fails_as(smaller, kinds, file))
        tell(f"\n{failure}\n\nThis is enough:\n\n{told(small)}\n")
        tell(str(_tried(small, file, tell)))
        return False


def smallest(seed: int) -> tuple[Script, Failure]:
    """Make the failing world of a seed small; it fails in at least one of the ways it did."""
    with open_file() as file:
        script = draw(seed)
        kinds = {fault.kind for fault in _tried(script, file).faults}
        small = shrunk(script, lambda smaller: _fails_as(smaller, kinds, file))
        return small, _tried(small, file)


def _tried(script: Script, file: LedgerFile, tell: Callable[[str], None] | None = None) -> Failure:
    world = World(script, file, tell)
    faults = world.live()
    return Failure(seed=script.seed, faults=faults, surprises=tuple(world.surprises))


def _fails_as(script: Script, kinds: set[Kind], file: LedgerFile) -> bool:
    failure = _tried(script, file)
    found = {fault.kind for fault in failure.faults}
    return bool(found & kinds) if kinds else bool(failure.surprises)
