"""Run years from the command line: ``python -m simulation --zone America/New_York --seed 7 --days 365``."""

import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from chaos.postgres import own_database
from fakes import FakeClock
from simulation.desk import Desk
from simulation.judgement import Judge
from simulation.ledger_desk import LedgerDesk
from simulation.memory_desk import MemoryDesk
from simulation.programme import Programme, draw_programme
from simulation.telling import told
from simulation.weather import draw_weather
from simulation.year import Year

ZONES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu")
BEGAN = datetime(2027, 1, 1, tzinfo=UTC)
MEMORY = Path("/dev/shm")
"""A folder that is no disk, where there is one: only what a power cut takes is lost there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Say what is to be lived, and on what: sqlite, postgres or memory."""

    seed: int
    days: int
    on: str


@click.command()
@click.option(
    "--zone", "zones", multiple=True, default=ZONES, show_default=True, help="Where; may be repeated."
)
@click.option("--seed", type=int, default=7, show_default=True, help="What chance follows from.")
@click.option(
    "--days", type=click.IntRange(1), default=365, show_default=True, help="From 1 January 2027 on."
)
@click.option("--postgres", "on", flag_value="postgres", help="On a PostgreSQL ledger instead of SQLite.")
@click.option("--memory", "on", flag_value="memory", help="Quickly: by the pure rules, without a ledger.")
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="Zones at a time.")
def simulate(zones: tuple[str, ...], seed: int, days: int, on: str | None, jobs: int) -> None:
    """Let a year go by minute by minute on a real ledger; count what broke a rule, came twice or never."""
    wish, passed = Wish(seed=seed, days=days, on=on or "sqlite"), True
    with ProcessPoolExecutor(min(jobs, len(zones))) as pool:
        for words, well in pool.map(_live, zones, repeat(wish)):
            click.echo(words)
            passed = passed and well
    if not passed:
        raise SystemExit(1)


def _live(zone: str, wish: Wish) -> tuple[str, bool]:
    began_at, dice = time.monotonic(), random.Random(f"{zone} {wish.seed}")
    programme, clock = draw_programme(ZoneInfo(zone), dice), FakeClock(BEGAN)
    weather = draw_weather(BEGAN, wish.days, dice)
    judge = Judge(programme, weather)
    with _desk(programme, clock, wish.on) as desk:
        Year(desk, judge, weather, clock, dice).live(wish.days)
    head = f"{zone} on {wish.on}, seed {wish.seed}, {wish.days} days"
    return told(head, judge, time.monotonic() - began_at), not judge.troubles


@contextmanager
def _desk(programme: Programme, clock: FakeClock, on: str) -> Iterator[Desk]:
    if on == "memory":
        yield MemoryDesk(programme)
    elif on == "postgres":
        with own_database() as url:
            yield LedgerDesk(programme, clock, url)
    else:
        folder = tempfile.mkdtemp(prefix="spotlight-year-", dir=MEMORY if MEMORY.is_dir() else None)
        try:
            yield LedgerDesk(programme, clock, f"sqlite:///{folder}/ledger.sqlite3")
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    simulate()
