"""Read the ledger: how things stand, what is known, what was promised."""

from collections.abc import Iterable
from dataclasses import asdict

import click

from spotlight_notify.cli.channel import state_of
from spotlight_notify.cli.output import Settings, json_option, print_json, print_table, short_time
from spotlight_notify.errors import UnknownName
from spotlight_notify.model import State
from spotlight_notify.records import Attempt, Delivery, SourceStatus

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

    with open_ledger(settings.load()) as ledger:
        sources = [source for source in ledger.sources() if source.name != ON_DEMAND]
        channels, counts = ledger.channels(), ledger.counts()
    if as_json:
        print_json({"sources": [_shown(s) for s in sources], "channels": channels, "deliveries": counts})
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


@click.command(short_help="List the aids that were seen.")
@click.option("--source", help="Only those of this source.")
@limit_option
@json_option
@click.pass_obj
def aids(settings: Settings, source: str | None, limit: int, as_json: bool) -> None:
    """List the aids that were seen, newest first; baseline aids were there at the first look."""
    from spotlight_notify.app import open_ledger

    with open_ledger(settings.load()) as ledger:
        _known("source", source, (status.name for status in ledger.sources()))
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


@click.command(short_help="List deliveries, or show one with its attempts.")
@click.argument("delivery_id", metavar="[ID]", type=int, required=False)
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([str(s) for s in State]),
    help="Only in this state (may be repeated).",
)
@click.option("--channel", help="Only those of this channel.")
@click.option("--campaign", help="Only those of this campaign.")
@limit_option
@json_option
@click.pass_obj
def deliveries(
    settings: Settings,
    delivery_id: int | None,
    states: tuple[str, ...],
    channel: str | None,
    campaign: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List deliveries, newest first; with an ID, show that one whole, with its attempts."""
    from spotlight_notify.app import open_ledger

    with open_ledger(settings.load()) as ledger:
        if delivery_id is not None:
            _show_one(ledger.delivery(delivery_id), ledger.attempts(delivery_id), as_json)
            return
        _known("channel", channel, (status.name for status in ledger.channels()))
        chosen = [State(state) for state in states]
        found = ledger.deliveries(states=chosen, campaign=campaign, channel=channel, limit=limit)
    if as_json:
        print_json({"deliveries": found})
        return
    print_table(("ID", "STATE", "CHANNEL", "CHANGED", "DUE", "TITLE"), [_row(d) for d in found])


def _show_one(delivery: Delivery, attempts: tuple[Attempt, ...], as_json: bool) -> None:
    if as_json:
        print_json({"delivery": delivery, "attempts": attempts})
        return
    click.echo(
        f"delivery {delivery.id} of campaign {delivery.campaign} on {delivery.channel}: {delivery.state}"
    )
    click.echo(f"aid {delivery.aid_id} of source {delivery.source}: {delivery.aid_title or delivery.aid_key}")
    for name, value in (("why", delivery.reason), ("public at", delivery.receipt and delivery.receipt.url)):
        if value:
            click.echo(f"{name}: {value}")
    if delivery.post:
        click.echo(f"---\n{delivery.post.text}\n---")
        for image in delivery.post.images:
            click.echo(f"[picture: {image.url} | {image.alt}]")
    for attempt in attempts:
        end = f"{attempt.outcome or 'on its way'}{f': {attempt.detail}' if attempt.detail else ''}"
        click.echo(f"attempt {attempt.number}, {short_time(attempt.started_at)}, {attempt.claimant}: {end}")


def _row(d: Delivery) -> tuple[str, ...]:
    end = (d.receipt and d.receipt.url) or d.reason
    title = d.aid_title or d.aid_key
    due = short_time(d.due_at) if d.state is State.PENDING else "-"
    return (
        str(d.id),
        d.state,
        d.channel,
        short_time(d.changed_at),
        due,
        f"{title} ({end})" if end else title,
    )


def _shown(status: SourceStatus) -> dict[str, object]:
    """Leave the cursor out: it speaks to its source alone."""
    return {name: value for name, value in asdict(status).items() if name != "cursor"}


def _known(what: str, name: str | None, known: Iterable[str]) -> None:
    names = sorted(known)
    if name is not None and name not in names:
        raise UnknownName(f"there is no {what} {name}; there is: {', '.join(names)}")


def _source(status: SourceStatus) -> str:
    if status.paused_reason:
        return f"paused: {status.paused_reason}"
    if status.failures:
        return f"failing ({status.failures} in a row): {status.error}"
    return "good" if status.baseline_at else "not looked at yet"
