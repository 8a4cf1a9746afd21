"""Soak the program from the command line: ``sh run.sh soak --minutes 20 --seed 5``."""

import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from chaos.books import Books
from chaos.daemons import Daemons
from chaos.judgement import leaks, mistakes, tokens_of
from chaos.postgres import own_database
from chaos.progress import wait_while_it_moves
from soak.feeds import Feeds
from soak.judgement import Verdict, judge
from soak.owners import Owners
from soak.tables import Table
from soak.truth import Truth
from spotlight_notify.app.chance import clock
from spotlight_notify.app.configuration import load_config
from spotlight_notify.model.words import State
from spotlight_notify.sandbox.fault_scripts import parse_script
from spotlight_notify.sandbox.rehearsal import write_configuration
from spotlight_notify.sandbox.server import Sandbox

EVERY = 'every = "5s"\nsettle = "15s"'
"""An aid waits a little before it goes, so that it can change or be taken back first."""
FEED = '[sources.{name}]\nkind = "feed"\nurl = "{url}"\n{every}\n\n'
TABLE = """\
[sources.{name}]
kind = "database"
url = "{url}"
table = "aids"
key = "id"
filter = "status = 'published'"
updated = "updated_at"
{every}
{more}
[sources.{name}.columns]
title = "title"
link = "url"
summary = "summary"
published = "published_at"

"""
TOLD_EVERY_SECONDS = 60.0
ENDED = frozenset({State.SENT, State.FAILED, State.PROPOSED, State.SKIPPED, State.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Soak:
    """Hold what a soak works with."""

    sandbox: Sandbox
    feeds: Feeds
    owners: Owners
    truth: Truth
    books: Books
    daemons: Daemons
    folder: Path
    sources: int


@click.command()
@click.option("--minutes", type=click.FloatRange(0.1), default=20.0, show_default=True, help="How long.")
@click.option("--seed", type=int, default=5, show_default=True, help="What chance follows from.")
@click.option("--feeds", type=click.IntRange(1), default=60, show_default=True, help="How many feeds.")
@click.option("--keep", is_flag=True, help="Leave logs and ledger behind, and tell where.")
def soak(minutes: float, seed: int, feeds: int, *, keep: bool) -> None:
    """Let many sources change, take back, renumber and fail under one daemon, and account for every aid."""
    folder = Path(tempfile.mkdtemp(prefix="spotlight-soak-"))
    with ExitStack() as stack:
        if not keep:
            stack.callback(shutil.rmtree, folder)
        subject = stack.enter_context(_prepared(folder, random.Random(seed), feeds))
        heard = _live(subject, minutes * 60)
        verdict = _judged(subject)
        heard += [*verdict.troubles, *leaks(tokens_of(subject.sandbox), folder, subject.books.url)]
        heard += mistakes(folder)
        _tell(subject, verdict, heard, minutes)
    if keep:
        click.echo(f"kept: {folder}")
    if heard:
        raise SystemExit(1)


@contextmanager
def _prepared(folder: Path, dice: random.Random, count: int) -> Iterator[Soak]:
    truth, names = Truth(), tuple(f"feed-{number}" for number in range(1, count + 1))
    with ExitStack() as stack:
        sandbox = stack.enter_context(Sandbox(clock=clock))
        sandbox.faults.carry_out(parse_script("x limits: off\nfacebook limits: off"))
        feeds = stack.enter_context(Feeds(truth))
        urls = {
            "table-sqlite": f"sqlite:///{folder / 'theirs.sqlite3'}",
            "table-postgres": stack.enter_context(own_database()),
        }
        tables = {name: Table(url) for name, url in urls.items()}
        for table in tables.values():
            stack.callback(table.close)
        everywhere = (*names, *tables)
        owners = Owners(truth, feeds, tables, everywhere, sandbox.site.sample.home, clock, dice)
        for name in everywhere:
            owners.publish(name)
        path = _configured(sandbox, folder, {name: feeds.url(name) for name in names}, urls)
        books = stack.enter_context(Books(load_config(path, {})))
        daemons = Daemons(path, folder, {})
        stack.callback(daemons.close)
        yield Soak(
            sandbox=sandbox,
            feeds=feeds,
            owners=owners,
            truth=truth,
            books=books,
            daemons=daemons,
            folder=folder,
            sources=len(everywhere),
        )


def _configured(sandbox: Sandbox, folder: Path, feeds: Mapping[str, str], tables: Mapping[str, str]) -> Path:
    """Put the feeds and tables in the place of the sample's own sources."""
    path = write_configuration(sandbox, folder)
    head, rest = path.read_text().split("[sources.", 1)
    sources = [FEED.format(name=name, url=url, every=EVERY) for name, url in feeds.items()]
    more = {"table-sqlite": 'order_by = "id"\n'}
    sources += [
        TABLE.format(name=name, url=url, every=EVERY, more=more.get(name, "")) for name, url in tables.items()
    ]
    tail = "[channels." + rest.split("[channels.", 1)[1]
    named = ", ".join(f'"{name}"' for name in (*feeds, *tables))
    tail = tail.replace('"sample-site", "sample-database"', named)
    path.write_text(head + "".join(sources) + tail)
    return path


def _live(subject: Soak, seconds: float) -> list[str]:
    """Let the first looks pass, then everything happen, then nothing more."""
    books, daemons = subject.books, subject.daemons
    daemons.start()
    if not wait_while_it_moves(lambda: _has_looked(subject), lambda: _polled(subject)):
        return ["the first looks never end"]
    for aid in subject.truth.told.values():
        aid.baseline = True
    began_at = told_at = time.monotonic()
    while (now := time.monotonic()) < began_at + seconds:
        subject.owners.act(now)
        if now - told_at > TOLD_EVERY_SECONDS:
            told_at = now
            click.echo(f"{now - began_at:.0f} s: {_counted(books)}", err=True)
        time.sleep(0.7)
    subject.owners.mend_all()
    settled = wait_while_it_moves(lambda: _is_settled(subject), lambda: _seen(subject))
    heard = [] if settled else ["it has not settled, and nothing moves any more"]
    return heard + [f"a daemon ended with {code}" for code in daemons.stop() if code]


def _judged(subject: Soak) -> Verdict:
    sandbox = subject.sandbox
    timelines = {"sample-x": sandbox.x.history, "sample-page": sandbox.graph.history}
    return judge(list(subject.truth.told.values()), timelines, subject.books.ledger.deliveries())


def _has_looked(subject: Soak) -> bool:
    return sum(bool(each.baseline_at) for each in subject.books.ledger.sources()) >= subject.sources


def _polled(subject: Soak) -> object:
    return tuple((each.name, each.polled_at) for each in subject.books.ledger.sources())


def _counted(books: Books) -> str:
    return ", ".join(f"{number} {state}" for state, number in books.ledger.counts().items())


def _seen(subject: Soak) -> object:
    posts = len(subject.sandbox.x.history) + len(subject.sandbox.graph.history)
    return tuple((each.id, each.state) for each in subject.books.ledger.deliveries()), posts


def _is_settled(subject: Soak) -> bool:
    deliveries = subject.books.ledger.deliveries()
    known = {each.post.link for each in deliveries if each.post}
    shown = {link for link, aid in subject.truth.told.items() if aid.gone_at is None and not aid.baseline}
    return shown <= known and all(each.state in ENDED for each in deliveries)


def _tell(subject: Soak, verdict: Verdict, heard: Sequence[str], minutes: float) -> None:
    for trouble in heard:
        click.echo(f"trouble: {trouble}")
    steps = {str(each.step) for each in subject.sandbox.journal.exchanges if each.step}
    requests = len(subject.sandbox.journal.exchanges)
    lines = {
        "sources": f"{subject.sources}, two of them tables, on two channels for {minutes:g} minutes",
        "owners did": _listed(subject.owners.done),
        "feeds answered": _listed(subject.feeds.answers),
        "aids": f"{len(subject.truth.told) - subject.sources}; on each channel: {_listed(verdict.fates)}",
        "to public": verdict.pace,
        "networks heard": f"{requests} requests in {len(steps)} kinds of steps",
        "troubles": str(len(heard)),
    }
    for name, line in lines.items():
        click.echo(f"{name + ':':16}{line}")


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(counts.items(), key=lambda it: -it[1]))


if __name__ == "__main__":
    soak()
