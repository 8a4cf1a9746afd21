"""Announce by plan: a file of dated announcements."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click

from spotlight_notify.app.chance import clock
from spotlight_notify.app.ledgers import open_ledger, read_ledger
from spotlight_notify.app.writing import clean_file, open_illustrate, open_render_digest, open_writing
from spotlight_notify.cli.clocks import by_local_clocks, short_time
from spotlight_notify.cli.commands_to_type import in_columns
from spotlight_notify.cli.errors import SOME_FAILED, tell_failure
from spotlight_notify.cli.options import by_option
from spotlight_notify.cli.output import Settings, echo, json_option, print_json, print_table
from spotlight_notify.config.configuration import Config
from spotlight_notify.model.errors import Problem
from spotlight_notify.operations.announce.request import Album
from spotlight_notify.operations.plan_file.checks import check_rows
from spotlight_notify.operations.plan_file.entries import Parts
from spotlight_notify.operations.plan_file.lines import Line, foreseen_lines
from spotlight_notify.operations.plan_file.reading import read_plan
from spotlight_notify.operations.plan_file.recording import is_undone, record_rows
from spotlight_notify.ports.ledger import Ledger


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would go when; record nothing.")
@by_option
@json_option
@click.pass_obj
def plan(settings: Settings, file: Path, dry_run: bool, who: str, as_json: bool) -> None:
    """Record every announcement in FILE: CSV with a header, or TOML with [[announcements]].

    Each has "at" (by the clocks of its campaign) and either "aid" (key, number or link), or "title" and "url"
    (with "summary", "short", "kind", "theme", "sign_in", "image", "alt", "language", "starts", "expires"), or
    "theme" alone for a digest; "to" names channels. The whole file is checked first, and with a mistake in it
    nothing is recorded. It may be given again at any time: what is planned stays, and what has another time
    now is moved; what a person cancelled does not come back, and is told as a mistake.

    \b
    Examples:  at,aid,title,url,theme,to
               2026-12-01 09:00,12,,,,
               2026-12-02 09:00,,Keep Calm,https://agency.example/keep-calm,,valor-page
               2026-12-09 09:00,,,,Officer Wellness,
    """
    config, found = settings.load(secrets=False), read_plan(file)
    opened = read_ledger(config, settings.say) if dry_run else open_ledger(config)
    with opened as ledger, _parts(config, ledger, file, who) as parts:
        entries, problems = check_rows(found.rows, parts)
        _refuse([*found.problems, *problems])
        if dry_run:
            lines, problems = foreseen_lines(entries, ledger, config.tempos, parts.now), ()
        else:
            lines, problems = record_rows(entries, parts)
    for problem in problems:
        echo(str(problem), err=True)
    if as_json:
        print_json({"planned": lines})
    else:
        _print(lines)
    if not dry_run and (len({each.line for each in lines}) < len(entries) or any(map(is_undone, lines))):
        raise SystemExit(SOME_FAILED)


@contextmanager
def _parts(config: Config, ledger: Ledger, file: Path, who: str) -> Iterator[Parts]:
    album = Album(ledger)
    with open_illustrate(config, album) as illustrate:
        yield Parts(
            file=file,
            campaigns=config.campaigns,
            tempos=config.tempos,
            themes=config.themes,
            ledger=ledger,
            writing=open_writing(config),
            render=open_render_digest(config),
            illustrate=illustrate,
            album=album,
            clean=partial(clean_file, config),
            now=clock(),
            who=who,
            why=f"planned by {who} in {file.name}",
            word=in_columns,
        )


def _refuse(problems: Sequence[Problem]) -> None:
    """End with every mistake, in the order of their lines."""
    told = [str(problem) for problem in sorted(problems, key=lambda each: each.line)]
    if told:
        tell_failure("plan", "\n".join((*told, "nothing was recorded")), 1)
        raise SystemExit(1)


def _print(lines: Sequence[Line]) -> None:
    """Print a table: for when it was ordered, and when it will go, by the clocks of its campaign."""
    print_table(
        ("LINE", "ORDERED FOR", "GOES", "CHANNEL", "STATE", "TITLE"),
        [
            (
                str(each.line),
                short_time(each.due_at, each.campaign),
                short_time(each.goes_at, each.campaign),
                each.channel,
                each.state,
                by_local_clocks(f"{each.title} ({each.note})" if each.note else each.title, each.campaign),
            )
            for each in lines
        ],
    )
