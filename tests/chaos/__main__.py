"""Run a campaign from the command line: ``sh run.sh chaos --rounds 100 --seed 7``."""

import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from chaos.campaign import Campaign
from chaos.daemons import Daemons
from chaos.judgement import Judgement, judge, leaks, mistakes, tokens_of
from chaos.postgres import own_database
from chaos.publishing import Press
from spotlight_notify.app import clock, open_ledger
from spotlight_notify.cli.rehearsal import write_configuration
from spotlight_notify.config import Config, load_config
from spotlight_notify.ports import Ledger
from spotlight_notify.sandbox.chance import seeded
from spotlight_notify.sandbox.serving import Sandbox

PATIENCE = """
[delivery]
lease = "2s"
looks_apart = "1s"
backoff_base = "1s"
backoff_cap = "2s"
"""
SQLITE = "sqlite:///spotlight.sqlite3"
TOLD_EVERY = 10


@click.command()
@click.option("--rounds", type=click.IntRange(1), default=100, show_default=True, help="Kills, at least.")
@click.option("--seed", type=int, default=7, show_default=True, help="What chance follows from.")
@click.option("--postgres", is_flag=True, help="Two daemons at once on PostgreSQL; else one on SQLite.")
@click.option("--keep", is_flag=True, help="Leave logs and ledger behind, and tell where.")
def chaos(rounds: int, seed: int, postgres: bool, keep: bool) -> None:
    """Let everything go wrong around real daemons, and count posts that came twice or never."""
    began_at = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="spotlight-chaos-"))
    with ExitStack() as stack:
        if not keep:
            stack.callback(shutil.rmtree, folder)
        url = stack.enter_context(own_database()) if postgres else None
        campaign, config, ledger = stack.enter_context(_prepared(folder, seed, url))
        judgement = _carried_out(campaign, rounds, folder, config, ledger)
        _tell(campaign, rounds, judgement, time.monotonic() - began_at)
    if keep:
        click.echo(f"kept: {folder}")
    if not judgement.passed:
        raise SystemExit(1)


@contextmanager
def _prepared(folder: Path, seed: int, url: str | None) -> Iterator[tuple[Campaign, Config, Ledger]]:
    dice = random.Random(seed)
    with ExitStack() as stack:
        sandbox = stack.enter_context(Sandbox(clock=clock, chance=seeded(seed)))
        path = write_configuration(sandbox, folder)
        words = path.read_text().replace('every = "2s"', 'every = "1s"').replace(SQLITE, url or SQLITE)
        path.write_text(words + PATIENCE)
        config = load_config(path, {})
        ledger = stack.enter_context(open_ledger(config))
        daemons = Daemons(path, folder)
        stack.callback(daemons.close)
        press = Press(sandbox.site, folder, dice)
        yield (
            Campaign(sandbox, config, ledger, daemons, press, dice, team=2 if url else 1),
            config,
            ledger,
        )


def _carried_out(campaign: Campaign, rounds: int, folder: Path, config: Config, ledger: Ledger) -> Judgement:
    campaign.begin()
    for number in range(1, rounds + 1):
        campaign.round()
        if number % TOLD_EVERY == 0:
            click.echo(
                f"round {number}: {campaign.daemons.kills} kills, {_faults(campaign)} faults", err=True
            )
    heard = campaign.settle()
    sandbox = campaign.sandbox
    heard += leaks(tokens_of(sandbox), folder, config.ledger_url) + mistakes(folder)
    timelines = {"sample-x": sandbox.x.history, "sample-page": sandbox.graph.history}
    return judge(campaign.press.links, timelines, ledger.deliveries(), heard)


def _faults(campaign: Campaign) -> int:
    return sum(campaign.sandbox.faults.state()["counts"].values())


def _tell(campaign: Campaign, rounds: int, judgement: Judgement, seconds: float) -> None:
    kinds = campaign.sandbox.faults.state()["counts"]
    click.echo("by kind: " + ", ".join(f"{name} {times}" for name, times in kinds.items()))
    for trouble in judgement.troubles:
        click.echo(f"trouble: {trouble}")
    counts = {
        "rounds": rounds,
        "kills": campaign.daemons.kills,
        "faults": _faults(campaign),
        "aids": judgement.aids,
        "sent": judgement.sent,
        "duplicates": judgement.duplicates,
        "lost": judgement.lost,
        "unsure": judgement.unsure,
        "failed": judgement.failed,
        "seconds": round(seconds),
    }
    click.echo(", ".join(f"{number} {name}" for name, number in counts.items()))


if __name__ == "__main__":
    chaos()
