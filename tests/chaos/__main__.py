"""Run a campaign from the command line: ``sh run.sh chaos --rounds 100 --seed 7``."""

import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from chaos.books import Books
from chaos.campaign import Campaign
from chaos.clockwork import Clockwork, build_clockwork
from chaos.daemons import Daemons
from chaos.hands import Hands
from chaos.ingredients import Ingredient, Ingredients
from chaos.judgement import Judgement, Public, judge, leaks, mistakes, tokens_of
from chaos.postgres import own_database
from chaos.publishing import Press
from spotlight_notify.app.chance import clock
from spotlight_notify.app.configuration import load_config
from spotlight_notify.sandbox.faults import seeded
from spotlight_notify.sandbox.rehearsal import write_configuration
from spotlight_notify.sandbox.server import Sandbox

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
@click.option("--without", type=Ingredients(), default="", help=f"Leave out: {', '.join(Ingredient)}.")
@click.option("--keep", is_flag=True, help="Leave logs and ledger behind, and tell where.")
def chaos(rounds: int, seed: int, postgres: bool, without: frozenset[Ingredient], keep: bool) -> None:
    """Let everything go wrong around real daemons, and count posts that came twice or never."""
    began_at = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="spotlight-chaos-"))
    with ExitStack() as stack:
        if not keep:
            stack.callback(shutil.rmtree, folder)
        url = stack.enter_context(own_database()) if postgres else None
        campaign = stack.enter_context(_prepared(folder, seed, url, frozenset(Ingredient) - without))
        judgement = _carried_out(campaign, rounds, folder)
        _tell(campaign, rounds, judgement, time.monotonic() - began_at)
    if keep:
        click.echo(f"kept: {folder}")
    if not judgement.passed:
        raise SystemExit(1)


@contextmanager
def _prepared(folder: Path, seed: int, url: str | None, wanted: frozenset[Ingredient]) -> Iterator[Campaign]:
    dice = random.Random(seed)
    clockwork = build_clockwork(folder) if Ingredient.CLOCKS in wanted else None
    left_out = _impossible(wanted, url, clockwork)
    with ExitStack() as stack:
        sandbox = stack.enter_context(Sandbox(clock=clock, chance=seeded(seed)))
        path = write_configuration(sandbox, folder)
        words = path.read_text().replace('every = "2s"', 'every = "1s"').replace(SQLITE, url or SQLITE)
        path.write_text(words + PATIENCE)
        config = load_config(path, {})
        books = stack.enter_context(Books(config))
        daemons = Daemons(path, folder, clockwork.environ if clockwork else {})
        stack.callback(daemons.close)
        yield Campaign(
            sandbox=sandbox,
            config=config,
            books=books,
            daemons=daemons,
            press=_press(sandbox, folder, dice, wanted),
            hands=Hands(sandbox, dice),
            clockwork=clockwork,
            ingredients=wanted - left_out,
            dice=dice,
            team=2 if url else 1,
            folder=folder,
        )


def _press(sandbox: Sandbox, folder: Path, dice: random.Random, wanted: frozenset[Ingredient]) -> Press:
    """Publish aids; where uploads are to be slow, most of them with a picture."""
    slow = Ingredient.UPLOADS in wanted
    return Press(sandbox.site, folder, dice, rows=0.7 if slow else 0.4, pictured=0.9 if slow else 0.5)


def _impossible(
    wanted: frozenset[Ingredient], url: str | None, clockwork: Clockwork | None
) -> frozenset[Ingredient]:
    """Say, and tell a person, what cannot be part of this campaign though it is wanted."""
    reasons = {}
    if url and Ingredient.RESTORED in wanted:
        reasons[Ingredient.RESTORED] = "copies are put back on SQLite alone"
    if clockwork is None and Ingredient.CLOCKS in wanted:
        reasons[Ingredient.CLOCKS] = "there is no C compiler that makes its shim"
    for ingredient, reason in reasons.items():
        click.echo(f"left out: {ingredient}: {reason}", err=True)
    return frozenset(reasons)


def _carried_out(campaign: Campaign, rounds: int, folder: Path) -> Judgement:
    campaign.begin()
    for number in range(1, rounds + 1):
        campaign.round()
        if number % TOLD_EVERY == 0:
            click.echo(
                f"round {number}: {campaign.daemons.kills} kills, {_faults(campaign)} faults", err=True
            )
    heard = campaign.settle()
    sandbox, books = campaign.sandbox, campaign.books
    heard += leaks(tokens_of(sandbox), folder, books.url) + mistakes(folder)
    public = Public(
        timelines={"sample-x": sandbox.x.history, "sample-page": sandbox.graph.history},
        by_hand=campaign.hands.made,
        strangers=campaign.hands.strangers,
    )
    return judge(campaign.press.links, public, books.ledger.deliveries(), heard)


def _faults(campaign: Campaign) -> int:
    return sum(campaign.sandbox.faults.state()["counts"].values())


def _tell(campaign: Campaign, rounds: int, judgement: Judgement, seconds: float) -> None:
    kinds = campaign.sandbox.faults.state()["counts"]
    click.echo("of: " + (", ".join(sorted(campaign.ingredients)) or "faults and kills alone"))
    click.echo("by kind: " + ", ".join(f"{name} {times}" for name, times in kinds.items()))
    why = ", ".join(f"{each} {times}" for each, times in judgement.waiting.items())
    click.echo(f"waiting: {why or 'none'}")
    for trouble in judgement.troubles:
        click.echo(f"trouble: {trouble}")
    counts = {
        "rounds": rounds,
        "kills": campaign.daemons.kills,
        "faults": _faults(campaign),
        "restored": campaign.restored,
        "by hand": len(campaign.hands.made) + len(campaign.hands.strangers),
        "aids": judgement.aids,
        "sent": judgement.sent,
        "duplicates": judgement.duplicates,
        "lost": judgement.lost,
        "waiting": sum(judgement.waiting.values()),
        "unsure": judgement.unsure,
        "failed": judgement.failed,
        "seconds": round(seconds),
    }
    click.echo(", ".join(f"{number} {name}" for name, number in counts.items()))


if __name__ == "__main__":
    chaos()
