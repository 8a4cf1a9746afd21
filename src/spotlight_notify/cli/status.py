"""Tell how sources, channels and deliveries stand."""

from dataclasses import asdict

import click

from spotlight_notify.app.chance import clock
from spotlight_notify.app.ledgers import read_ledger
from spotlight_notify.cli.channel import state_of
from spotlight_notify.cli.clocks import short_time
from spotlight_notify.cli.errors import SOME_FAILED
from spotlight_notify.cli.holds import fields_of as hold_fields
from spotlight_notify.cli.output import Settings, echo, json_option, print_json, print_table
from spotlight_notify.cli.source import fields_of as source_fields
from spotlight_notify.cli.source import print_notes
from spotlight_notify.model.records.standing import ChannelStatus
from spotlight_notify.operations.overview import Overview, overview
from spotlight_notify.operations.status import ChannelSummary
from spotlight_notify.rules.pricing import in_words


@click.command()
@click.option("--check", is_flag=True, help="End with 3 if anything waits for a person: for monitoring.")
@json_option
@click.pass_obj
def status(settings: Settings, check: bool, as_json: bool) -> None:
    """List what waits for a person, each with the command that answers it; then how everything stands."""
    config = settings.load(secrets=False)
    with read_ledger(config, settings.say) as ledger:
        seen = overview(
            ledger=ledger,
            campaigns=config.campaigns,
            tempos=config.tempos,
            sources=config.sources,
            prices=config.prices,
            now=clock(),
        )
    if as_json:
        print_json(_summary(seen))
    else:
        _print(seen)
    if check and seen.waits:
        raise SystemExit(SOME_FAILED)


def _summary(seen: Overview) -> dict[str, object]:
    """Return what programs read."""
    return {
        "waits": seen.waits,
        "sources": list(map(source_fields, seen.sources)),
        "channels": [
            {
                **asdict(status),
                "sent_today": standing.sent_today,
                "why": standing.by_word,
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


def _row(status: ChannelStatus, standing: ChannelSummary) -> tuple[str, ...]:
    waiting = ", ".join(f"{number} {word}" for word, number in standing.by_word.items())
    return (
        status.name,
        status.network,
        str(standing.sent_today),
        short_time(standing.next_at),
        waiting or "-",
        state_of(status),
    )
