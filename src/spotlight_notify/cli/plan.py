"""Announce by plan: a file of dated announcements."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spotlight_notify.cli.exits import SOME_FAILED
from spotlight_notify.cli.failing import tell_failure
from spotlight_notify.cli.output import Settings, echo, json_option, print_json
from spotlight_notify.cli.persons import by_option

if TYPE_CHECKING:
    from spotlight_notify.cli.plan_entries import Entry, Parts
    from spotlight_notify.cli.plan_lines import Line
    from spotlight_notify.config.configuration import Config
    from spotlight_notify.model.errors import Problem
    from spotlight_notify.operations.announce.orders import Order
    from spotlight_notify.ports.ledger import Ledger


@click.command(short_help="Announce by a file of dated announcements.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would go when; record nothing.")
@by_option
@json_option
@click.pass_obj
def plan(settings: Settings, file: Path, dry_run: bool, who: str, as_json: bool) -> None:
    """Record every announcement in FILE: CSV with a header, or TOML with [[announcements]].

    Each has "at" (by the clocks of its campaign) and either "aid" (key, number or link), or "title" and "url"
    (with "summary", "kind", "theme", "sign_in", "image", "alt"), or "theme" alone for a digest; "to" names
    channels. The whole file is checked first, and with a mistake in it nothing is recorded. It may be given
    again at any time: what is planned stays, and what has another time now is moved; what a person cancelled
    does not come back, and is told as a mistake.

    \b
    Examples:  at,aid,title,url,theme,to
               2026-12-01 09:00,12,,,,
               2026-12-02 09:00,,Keep Calm,https://agency.example/keep-calm,,valor-page
               2026-12-09 09:00,,,,Officer Wellness,
    """
    from spotlight_notify.app.ledgers import open_ledger, read_ledger
    from spotlight_notify.cli.plan_checks import check_rows
    from spotlight_notify.cli.plan_files import read_plan
    from spotlight_notify.cli.plan_lines import foreseen_lines, print_lines

    config, found = settings.load(secrets=False), read_plan(file)
    opened = read_ledger(config, settings.say) if dry_run else open_ledger(config)
    with opened as ledger, _parts(config, ledger, file, who) as parts:
        entries, problems = check_rows(found.rows, parts)
        _refuse([*found.problems, *problems])
        lines = (
            foreseen_lines(entries, ledger, config.tempos, parts.now) if dry_run else _record(entries, parts)
        )
    if as_json:
        print_json({"planned": lines})
    else:
        print_lines(lines, config.tempos)
    if not dry_run and (len({each.line for each in lines}) < len(entries) or any(map(_is_undone, lines))):
        raise SystemExit(SOME_FAILED)


@contextmanager
def _parts(config: "Config", ledger: "Ledger", file: Path, who: str) -> "Iterator[Parts]":
    from spotlight_notify.app.chance import clock
    from spotlight_notify.app.writing import open_illustrate, open_render_digest, open_writing
    from spotlight_notify.cli.plan_entries import Parts
    from spotlight_notify.cli.preview_album import Album

    album = Album(ledger)
    with open_illustrate(config, album) as illustrate:
        yield Parts(
            file=file,
            config=config,
            ledger=ledger,
            writing=open_writing(config),
            render=open_render_digest(config),
            illustrate=illustrate,
            album=album,
            now=clock(),
            who=who,
            why=f"planned by {who} in {file.name}",
        )


def _refuse(problems: "Sequence[Problem]") -> None:
    """End with every mistake, in the order of their lines."""
    told = [str(problem) for problem in sorted(problems, key=lambda each: each.line)]
    if told:
        tell_failure("plan", "\n".join((*told, "nothing was recorded")), 1)
        raise SystemExit(1)


def _record(entries: "Sequence[Entry]", parts: "Parts") -> "tuple[Line, ...]":
    """Record the rows, each in a transaction of its own, and their pictures before them.

    One that cannot be recorded after all, since somebody else was faster, stops none of the others.
    """
    from spotlight_notify.cli.plan_lines import recorded_lines
    from spotlight_notify.model.errors import Refused

    for picture in parts.album.new.values():
        parts.ledger.keep_picture(picture, parts.now)
    carried_out = []
    for entry in entries:
        try:
            carried_out.append((entry, _carry_out(entry, parts)))
        except Refused as refusal:
            echo(f"{parts.file}:{entry.row.line}: not recorded: {refusal}", err=True)
    return recorded_lines(carried_out, parts.ledger, parts.config.tempos, parts.now)


def _carry_out(entry: "Entry", parts: "Parts") -> "tuple[Order, ...]":
    from spotlight_notify.operations.announce.aids import announce_aid
    from spotlight_notify.operations.announce.digests import announce_digests
    from spotlight_notify.operations.announce.orders import Order, Signature

    ledger, when, now = parts.ledger, entry.when, parts.now
    wrote = entry.row.wanted.has_own_words
    by = Signature(who=parts.who, reason=f"planned in {parts.file.name}", wrote=wrote)
    if entry.is_done:
        note = "it was carried out before"
        return tuple(
            Order(campaign=each.campaign, channel=each.channel, delivery_id=each.id, note=note)
            for each in entry.standing
        )
    if entry.aid:
        return announce_aid(
            entry.aid, entry.places, ledger=ledger, writing=parts.writing, when=when, by=by, now=now
        )
    assert entry.theme is not None, "an entry is an aid or a digest"
    return announce_digests(
        entry.theme,
        entry.gathered,
        standing=entry.standing,
        ledger=ledger,
        render=parts.render,
        lint=parts.writing.lint,
        when=when,
        by=by,
        now=now,
    )


def _is_undone(line: "Line") -> bool:
    from spotlight_notify.cli.sentences import UNDONE

    return line.state in UNDONE or line.is_sent_already
