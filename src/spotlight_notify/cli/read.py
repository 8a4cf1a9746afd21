"""Read the ledger: how things stand, what is known, what was promised."""

from collections.abc import Iterable
from dataclasses import asdict

import click

from spotlight_notify.cli.channel import state_of
from spotlight_notify.cli.costs import in_words, reads_of
from spotlight_notify.cli.output import Settings, json_option, print_json, print_table, short_time
from spotlight_notify.errors import UnknownName
from spotlight_notify.records import SourceStatus

limit_option = click.option(
    "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Show at most so many."
)


@click.command(short_help="Tell how sources, channels and deliveries stand.")
@json_option
@click.pass_obj
def status(settings: Settings, as_json: bool) -> None:
    """Tell how sources, channels and deliveries stand."""
    from spotlight_notify.app import open_ledger
    from spotlight_notify.model import ON_DEMAND

    config = settings.load()
    with open_ledger(config) as ledger:
        sources = [source for source in ledger.sources() if source.name != ON_DEMAND]
        channels, counts = ledger.channels(), ledger.counts()
        reads = {name: reads_of(config, name, read) for name, read in sorted(ledger.reads().items())}
    paid = {name: cost for name, cost in reads.items() if in_words(cost)}
    if as_json:
        shown = [_shown(source) for source in sources]
        print_json({"sources": shown, "channels": channels, "deliveries": counts, "reads": paid})
        return
    print_table(
        ("SOURCE", "LAST GOOD LOOK", "NEXT LOOK", "STATE"),
        [(s.name, short_time(s.succeeded_at), short_time(s.next_poll_at), _source(s)) for s in sources],
    )
    click.echo()
    print_table(("CHANNEL", "NETWORK", "STATE"), [(c.name, c.network, state_of(c)) for c in channels])
    click.echo()
    words = ", ".join(f"{number} {state}" for state, number in counts.items())
    click.echo(f"deliveries: {words or 'none yet'}")
    for name, cost in paid.items():
        click.echo(f"look-ups on {name}: {in_words(cost)}")


@click.command(short_help="List the aids that were seen.")
@click.option("--source", help="Only those of this source.")
@limit_option
@json_option
@click.pass_obj
def aids(settings: Settings, source: str | None, limit: int, as_json: bool) -> None:
    """List the aids that were seen, newest first; baseline aids were there at the first look."""
    from spotlight_notify.app import open_ledger

    with open_ledger(settings.load()) as ledger:
        known_name("source", source, (status.name for status in ledger.sources()))
        found = ledger.aids(source=source, limit=limit)
    if as_json:
        print_json({"aids": found})
        return
    print_table(
        ("ID", "FIRST SEEN", "SOURCE", "KIND", "BASELINE", "TITLE"),
        [
            (
                str(a.id),
                short_time(a.first_seen_at),
                a.aid.source,
                a.aid.kind,
                "yes" if a.baseline else "no",
                a.aid.title or a.aid.key,
            )
            for a in found
        ],
    )


def _shown(status: SourceStatus) -> dict[str, object]:
    """Leave the cursor out: it speaks to its source alone."""
    return {name: value for name, value in asdict(status).items() if name != "cursor"}


def known_name(what: str, name: str | None, known: Iterable[str]) -> None:
    """Refuse a name that is not among the known ones; None is none."""
    names = sorted(known)
    if name is not None and name not in names:
        raise UnknownName(f"there is no {what} {name}; there is: {', '.join(names)}")


def _source(status: SourceStatus) -> str:
    if status.paused_reason:
        return f"paused: {status.paused_reason}"
    if status.failures:
        return f"failing ({status.failures} in a row): {status.error}"
    return "good" if status.baseline_at else "not looked at yet"
