"""Look after sources: see them, answer an alarm, begin one anew."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

import click

from spotlight_notify.app.chance import clock
from spotlight_notify.app.ledgers import open_ledger, read_ledger
from spotlight_notify.cli.clocks import short_time
from spotlight_notify.cli.groups import Listed
from spotlight_notify.cli.options import by_option, reason_option
from spotlight_notify.cli.output import Settings, echo, json_option, print_json, print_table
from spotlight_notify.cli.times import parse_since
from spotlight_notify.model.errors import Refused, refuse_unknown
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.operations.overview import Watched, held_by_brake, watched
from spotlight_notify.text.names import has_theme


@click.group(cls=Listed)
def source() -> None:
    """See sources, let go what was held of one, begin one anew."""


@source.command("list", short_help="List how each source stands.")
@json_option
@click.pass_obj
def list_sources(settings: Settings, as_json: bool) -> None:
    """List each source: when it was last read, its baseline, its failures in a row, and its alarm.

    What its last good look had to say of it follows, a line each.
    """
    config = settings.load(secrets=False)
    with read_ledger(config, settings.say) as ledger:
        found = watched(ledger.sources(), config.sources, clock())
    if as_json:
        print_json({"sources": list(map(fields_of, found))})
    else:
        print_sources(found)


@source.command(short_help="Take what a source holds as known, and begin anew.")
@click.argument("name")
@click.option(
    "--announce-latest",
    "latest",
    type=click.IntRange(min=1, max=1000),
    metavar="N",
    help="Announce its N newest aids all the same.",
)
@click.option("--since", help='Announce what was published since then all the same: "2026-11-01".')
@reason_option
@by_option
@json_option
@click.pass_obj
def baseline(
    settings: Settings,
    name: str,
    latest: int | None,
    since: str | None,
    reason: str,
    who: str,
    as_json: bool,
) -> None:
    """Record all that a source shows at its next look as known, and announce nothing of it.

    What was held of it is dropped, and its alarm ends. What was announced or waits already stays as it is.
    """
    config, now = settings.load(secrets=False), clock()
    refuse_unknown("source", name, config.sources)
    since_at = parse_since("--since", since, config.programme.timezone, now) if since else None
    with open_ledger(config) as ledger:
        dropped = ledger.place_baseline(
            name, latest=latest or 0, since_at=since_at, who=who, reason=reason, now=now
        )
    if as_json:
        print_json({"source": name, "latest": latest or 0, "since_at": since_at, "dropped": dropped})
        return
    echo(f"the next look at {name}, due now, is a baseline: all it shows is recorded as known")
    echo(f"announced all the same: {_wishes(latest, since_at)}")
    if dropped:
        echo(f"dropped of what was held: {dropped}")


@source.command(short_help="List what the brake holds of a source.")
@click.argument("name")
@json_option
@click.pass_obj
def review(settings: Settings, name: str, as_json: bool) -> None:
    """List what is held of a source, theme by theme, and why; nothing is changed.

    Then "source accept NAME" lets all of it go, with --theme or --delivery a part; "reject ID" drops one.
    """
    config = settings.load(secrets=False)
    refuse_unknown("source", name, config.sources)
    with read_ledger(config, settings.say) as ledger:
        alarm, held = ledger.source_status(name).alarm, held_by_brake(name, ledger)
    if as_json:
        print_json({"source": name, "alarm": alarm, "held": held})
        return
    echo(f"{name}: {alarm or 'no alarm'}")
    if held:
        echo()
        rows = []
        for one in held:
            due = short_time(one.due_at, one.campaign)
            rows.append((str(one.id), one.channel, one.theme or "-", due, one.named))
        print_table(("ID", "CHANNEL", "THEME", "DUE", "AID"), rows)
        for theme, count in Counter(one.theme for one in held).most_common():
            echo(f"{count} of {len(held)} {f'are of the theme {theme}' if theme else 'have no theme'}")


@source.command(short_help="Let go what was held of a source.")
@click.argument("name")
@click.option("--theme", help="Only what is of this theme.")
@click.option("--delivery", "ids", type=int, multiple=True, metavar="ID", help="Only this (may be repeated).")
@reason_option
@by_option
@json_option
@click.pass_obj
def accept(
    settings: Settings,
    name: str,
    theme: str | None,
    ids: tuple[int, ...],
    reason: str,
    who: str,
    as_json: bool,
) -> None:
    """Answer a source's alarm: what it showed is right, and goes out at its usual pace.

    With --theme or --delivery only that goes, and the alarm stands until nothing is held any more.
    """
    config = settings.load(secrets=False)
    refuse_unknown("source", name, config.sources)
    with open_ledger(config) as ledger:
        alarm, held = ledger.source_status(name).alarm, held_by_brake(name, ledger)
        only = _chosen(held, theme, ids) if theme or ids else None
        freed = ledger.accept(name, who=who, reason=reason, now=clock(), only=only)
        left = ledger.source_status(name).alarm
    if not freed and alarm is None:
        raise Refused(f"there is nothing to accept: {name} has no alarm, and nothing of it is held")
    if as_json:
        print_json({"source": name, "alarm": alarm, "let_go": freed, "held": len(held) - freed})
        return
    told = f"the alarm of {name} ended ({alarm})" if alarm and not left else f"{name} had no alarm"
    told = f"{len(held) - freed} of {name} are held still ({left})" if left else told
    echo(f"{told}; let go, at the usual pace: {freed}")


def _chosen(held: Sequence[Delivery], theme: str | None, ids: Collection[int]) -> frozenset[int]:
    """Return which of what is held is meant; Refused if there is none of it."""
    if strange := sorted(set(ids) - {one.id for one in held}):
        raise Refused(f"delivery {strange[0]} is not held by this source's brake")
    by_theme = {one.id for one in held if theme and has_theme(one.themes, theme)}
    if theme and not by_theme:
        there = sorted({name for one in held for name in one.themes})
        raise Refused(f"nothing that is held is of the theme {theme}; there is: {', '.join(there) or 'none'}")
    return frozenset(by_theme | set(ids))


def fields_of(one: Watched) -> dict[str, object]:
    """Return what programs read, without what speaks to the source or to ourselves alone."""
    fields = {name: value for name, value in asdict(one.status).items() if name not in ("cursor", "address")}
    return {**fields, "why": one.why.word, "sentence": one.why.sentence, "change": one.why.change}


def print_sources(found: Sequence[Watched]) -> None:
    """Print sources as a table."""
    rows = [
        (
            each.status.name,
            short_time(each.status.succeeded_at),
            short_time(each.why.next_at),
            short_time(each.status.baseline_at),
            str(each.status.failures),
            f"{each.why.word}: {each.why.sentence}",
        )
        for each in found
    ]
    print_table(("SOURCE", "LAST GOOD LOOK", "NEXT LOOK", "BASELINE", "FAILURES", "STATE"), rows)
    print_notes(found)


def print_notes(found: Sequence[Watched]) -> None:
    """Print what the last good look at each source had to say of it, a line each."""
    for each in found:
        for note in each.status.notes:
            echo(f"source {each.status.name}: {note}")


def _wishes(latest: int | None, since_at: datetime | None) -> str:
    wishes = [f"its {latest} newest"] if latest else []
    wishes += [f"what was published since {short_time(since_at)}"] if since_at else []
    return " and ".join(wishes) or "nothing"
