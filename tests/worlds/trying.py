"""Try seed after seed, and make what fails small."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from worlds.drawing import draw
from worlds.judge import Fault
from worlds.program.ledgers import Ledgers, open_ledgers
from worlds.scripts import Script
from worlds.shrinking import shrunk
from worlds.telling import told
from worlds.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Tell what is wrong with the world of a seed; ``surprises``: what the program raised unforeseen."""

    seed: int
    faults: tuple[Fault, ...]
    surprises: tuple[str, ...]

    @property
    def fails(self) -> bool:
        """Tell whether anything is wrong."""
        return bool(self.faults or self.surprises)

    def __str__(self) -> str:
        sentences = [f"{fault.kind}: {fault.sentence}" for fault in self.faults]
        return "\n  ".join((f"seed {self.seed}", *sentences, *self.surprises))


def try_seeds(seeds: Iterable[int], *, postgres: bool = False) -> list[Failure]:
    """Let the world of each seed happen, and return those that fail."""
    with _seldom_tidied(), open_ledgers(postgres=postgres) as ledgers:
        tried = (try_script(draw(seed), ledgers) for seed in seeds)
        return [failure for failure in tried if failure.fails]


def show_seed(seed: int, tell: Callable[[str], None], *, postgres: bool = False) -> bool:
    """Tell every step of a seed's world, and if it fails, how little is enough for that; True if it holds."""
    with open_ledgers(postgres=postgres) as ledgers:
        script = draw(seed)
        tell(told(script))
        failure = try_script(script, ledgers, tell)
        if not failure.fails:
            tell(f"seed {seed} holds")
            return True
        small = _smallest(script, failure, ledgers)
        tell(f"\n{failure}\n\nThis is enough:\n\n{told(small)}\n")
        tell(str(try_script(small, ledgers, tell)))
        return False


def smallest(seed: int, *, postgres: bool = False) -> tuple[Script, Failure]:
    """Make the failing world of a seed small; it fails in at least one of the ways it did."""
    with _seldom_tidied(), open_ledgers(postgres=postgres) as ledgers:
        script = draw(seed)
        small = _smallest(script, try_script(script, ledgers), ledgers)
        return small, try_script(small, ledgers)


def try_script(script: Script, ledgers: Ledgers, tell: Callable[[str], None] | None = None) -> Failure:
    """Let one world happen; what is returned may be no failure at all."""
    world = World(script, ledgers, tell)
    faults = world.live()
    return Failure(seed=script.seed, faults=faults, surprises=tuple(world.surprises))


def _smallest(script: Script, failure: Failure, ledgers: Ledgers) -> Script:
    kinds = {fault.kind for fault in failure.faults}

    def fails(smaller: Script) -> bool:
        found = try_script(smaller, ledgers)
        return any(fault.kind in kinds for fault in found.faults) if kinds else found.fails

    return shrunk(script, fails)


@contextmanager
def _seldom_tidied() -> Iterator[None]:
    """Look for garbage seldom: a world leaves little that refers to itself."""
    usual = gc.get_threshold()
    gc.freeze()  # modules and tables, which are looked through again and again for nothing
    gc.collect()
    gc.set_threshold(100_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
