"""Read the ledger: how things stand, what is known, what was promised."""

from dataclasses import asdict

import click

from spotlight_notify.app.chance import clock
from spotlight_notify.app.ledgers import read_ledger
from spotlight_notify.cli.channel import state_of
from spotlight_notify.cli.errors import SOME_FAILED
from spotlight_notify.cli.groups import Listing
from spotlight_notify.cli.holds import fields_of as hold_fields
from spotlight_notify.cli.output import Settings, echo, json_option, print_json, print_table, short_time
from spotlight_notify.cli.source import fields_of as source_fields
from spotlight_notify.cli.source import print_notes
from spotlight_notify.model.errors import refuse_unknown
from spotlight_notify.model.records.standing import ChannelStatus
from spotlight_notify.operations.overview import Overview, left_out, overview
from spotlight_notify.operations.status import Standing
from spotlight_notify.rules.pricing import in_words

limit_option = click.option(
    "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Show at most so many."
)


@click.command()
@click.option("--check", is_flag=True, help="End with 3 if anything waits for a person: for monitoring.")
@json_option
@click.pass_obj
def status(settings: Settings, check: bool, as_json: bool) -> None:
    """Tell what waits for a person, each with the command that answers it; then how everything stands."""
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


@click.command(cls=Listing)
@click.option("--source", help="Only those of this source.")
@limit_option
@json_option
@click.pass_obj
def aids(settings: Settings, source: str | None, limit: int, as_json: bool) -> None:
    """List the aids that were seen, newest first; baseline aids were there at the first look."""
    with read_ledger(settings.load(secrets=False), settings.say) as ledger:
        if source is not None:
            refuse_unknown("source", source, (status.name for status in ledger.sources()))
        found = ledger.aids(source=source, limit=limit)
        reasons = left_out(ledger)
    if as_json:
        print_json({"aids": found, "left_out": {a.id: reasons[a.id] for a in found if a.id in reasons}})
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
        for why in reasons.get(a.id, ()):
            echo(f"aid {a.id} {why}")


def _summary(seen: Overview) -> dict[str, object]:
    """Return what programs read."""
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


def _print(seen: Overview) -> None:
    """Print what needs a person first, then sources, channels and deliveries."""
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


def _row(status: ChannelStatus, standing: Standing) -> tuple[str, ...]:
    waiting = ", ".join(f"{number} {word}" for word, number in standing.whys.items())
    return (
        status.name,
        status.network,
        str(standing.sent_today),
        short_time(standing.next_at),
        waiting or "-",
        state_of(status),
    )
