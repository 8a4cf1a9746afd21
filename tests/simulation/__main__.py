"""Run years from the command line: ``python -m simulation --zone America/New_York --seed 7 --days 365``."""

import random
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click

from fakes import FakeClock
from simulation.judgement import Judge
from simulation.memory_desk import MemoryDesk
from simulation.programme import draw_programme
from simulation.weather import draw_weather
from simulation.year import Year

ZONES = ("America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu")
BEGAN = datetime(2027, 1, 1, tzinfo=UTC)
MOST_TOLD = 20


@click.command()
@click.option(
    "--zone", "zones", multiple=True, default=ZONES, show_default=True, help="Where; may be repeated."
)
@click.option("--seed", type=int, default=7, show_default=True, help="What chance follows from.")
@click.option(
    "--days", type=click.IntRange(1), default=365, show_default=True, help="From 1 January 2027 on."
)
def simulate(zones: tuple[str, ...], seed: int, days: int) -> None:
    """Let a year go by minute by minute, and count posts that broke a rule, came twice or never."""
    passed = [_live(zone, seed, days) for zone in zones]
    if not all(passed):
        raise SystemExit(1)


def _live(zone: str, seed: int, days: int) -> bool:
    began_at, dice = time.monotonic(), random.Random(f"{zone} {seed}")
    programme = draw_programme(ZoneInfo(zone), dice)
    weather = draw_weather(BEGAN, days, dice)
    judge = Judge(programme, weather)
    Year(MemoryDesk(programme), judge, weather, FakeClock(BEGAN), dice).live(days)
    _tell(zone, seed, days, judge, time.monotonic() - began_at)
    return not judge.troubles


def _tell(zone: str, seed: int, days: int, judge: Judge, seconds: float) -> None:
    for trouble in judge.troubles[:MOST_TOLD]:
        click.echo(f"trouble: {trouble}")
    counts = ", ".join(f"{name} {count:g}" for name, count in judge.counts().items() if count is not None)
    told = f"troubles {len(judge.troubles)}, seconds {seconds:.1f}"
    click.echo(f"{zone}, seed {seed}, {days} days: {counts}, {told}")


if __name__ == "__main__":
    simulate()
