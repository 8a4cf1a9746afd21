"""Read the ledger: how things stand, what is known, what was promised."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from spotlight_notify.cli.exits import SOME_FAILED
from spotlight_notify.cli.habits import Listing
from spotlight_notify.cli.output import Settings, echo, json_option, print_json, print_table, short_time
from spotlight_notify.model.errors import UnknownName
from spotlight_notify.model.words import Cause, State

if TYPE_CHECKING:
    from spotlight_notify.model.records.standing import ChannelStatus
    from spotlight_notify.operations.overview import Overview
    from spotlight_notify.operations.status import Standing
    from spotlight_notify.ports.ledger import Ledger

limit_option = click.option(
    "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Show at most so many."
)


@click.command(short_help="Tell how sources, channels and deliveries stand.")
@click.option("--check", is_flag=True, help="End with 3 if anything waits for a person: for monitoring.")
@json_option
@click.pass_obj
def status(settings: Settings, check: bool, as_json: bool) -> None:
    """Tell what waits for a person, each with the command that answers it; then how everything stands."""
    from spotlight_notify.app.chance import clock
    from spotlight_notify.app.ledgers import read_ledger
    from spotlight_notify.operations.overview import overview

    config = settings.load(secrets=False)
    with read_ledger(config, settings.say) as ledger:
        seen = overview(
            ledger=ledger, tempos=config.tempos, sources=config.sources, prices=config.prices, now=clock()
        )
    if as_json:
        print_json(_summary(seen))
    else:
        _print(seen)
    if check and seen.waits:
        raise SystemExit(SOME_FAILED)


@click.command(cls=Listing, short_help="List the aids that were seen.")
@click.option("--source", help="Only those of this source.")
@limit_option
@json_option
@click.pass_obj
def aids(settings: Settings, source: str | None, limit: int, as_json: bool) -> None:
    """List the aids that were seen, newest first; baseline aids were there at the first look."""
    from spotlight_notify.app.ledgers import read_ledger

    with read_ledger(settings.load(secrets=False), settings.say) as ledger:
        if source is not None:
            known_name("source", source, (status.name for status in ledger.sources()))
        found = ledger.aids(source=source, limit=limit)
        left_out = _left_out(ledger)
    if as_json:
        print_json({"aids": found, "left_out": {a.id: left_out[a.id] for a in found if a.id in left_out}})
        return
    print_table(
        ("ID", "KEY", "FIRST SEEN", "SOURCE", "KIND", "BASELINE", "THEMES", "TITLE", "LINK"),
        [
            (
                str(a.id),
                a.aid.key,
                short_time(a.first_seen_at),
                a.aid.source,
                a.aid.kind,
                "yes" if a.baseline else "no",
                "; ".join(a.aid.themes) or "-",
                a.named,
                a.aid.link or "-",
            )
            for a in found
        ],
    )
    for a in found:
        for why in left_out.get(a.id, ()):
            echo(f"aid {a.id} {why}")


def _left_out(ledger: "Ledger") -> dict[int, tuple[str, ...]]:
    """Tell by aid why sources and campaigns leave it out, each reason once."""
    found: dict[int, tuple[str, ...]] = {}
    for one in ledger.deliveries(states=(State.SKIPPED,)):
        if one.cause is Cause.FILTERED and one.reason not in found.get(one.aid_id, ()):
            found[one.aid_id] = (*found.get(one.aid_id, ()), one.reason or "")
    return found


def known_name(what: str, name: str, known: Iterable[str]) -> None:
    """Refuse a name that is not among the known ones."""
    names = sorted(known)
    if name not in names:
        raise UnknownName(f"there is no {what} {name}; there is: {', '.join(names)}")


def _summary(seen: "Overview") -> dict[str, object]:
    """Return what programs read."""
    from spotlight_notify.cli.hold_lines import fields_of as hold_fields
    from spotlight_notify.cli.source import fields_of as source_fields

    return {
        "waits": seen.waits,
        "sources": list(map(source_fields, seen.sources)),
        "channels": [
            {
                **asdict(status),
                "sent_today": standing.sent_today,
                "why": standing.whys,
                "next_at": standing.next_at,
            }
            for status, standing in seen.channels.values()
        ],
        "holds": [hold_fields(each, seen.now) for each in seen.holds],
        "deliveries": seen.counts,
        "reads": seen.reads,
    }


def _print(seen: "Overview") -> None:
    """Print what needs a person first, then sources, channels and deliveries."""
    from spotlight_notify.cli.source import print_notes
    from spotlight_notify.rules.pricing import in_words

    for each in seen.waits:
        echo(each.said)
    if not seen.waits:
        echo("nothing needs a person")
    echo()
    rows = [
        (
            each.status.name,
            short_time(each.status.succeeded_at),
            short_time(each.why.next_at),
            str(each.why.word),
        )
        for each in seen.sources
    ]
    print_table(("SOURCE", "LAST GOOD LOOK", "NEXT LOOK", "STATE"), rows)
    print_notes(seen.sources)
    echo()
    print_table(
        ("CHANNEL", "NETWORK", "SENT TODAY", "NEXT POST", "WAITING", "STATE"),
        [_row(*each) for each in seen.channels.values()],
    )
    echo()
    words = ", ".join(f"{number} {state}" for state, number in seen.counts.items())
    echo(f"deliveries: {words or 'none yet'}")
    for name, cost in seen.reads.items():
        echo(f"look-ups on {name}: {in_words(cost)}")


def _row(status: "ChannelStatus", standing: "Standing") -> tuple[str, ...]:
    from spotlight_notify.cli.channel import state_of

    waiting = ", ".join(f"{number} {word}" for word, number in standing.whys.items())
    return (
        status.name,
        status.network,
        str(standing.sent_today),
        short_time(standing.next_at),
        waiting or "-",
        state_of(status),
    )
