"""Look after channels: see them, stop one, let it go on."""

import click

from spotlight_notify.app.chance import clock
from spotlight_notify.app.ledgers import open_ledger, read_ledger
from spotlight_notify.cli.clocks import short_time
from spotlight_notify.cli.groups import Listed
from spotlight_notify.cli.options import by_option, reason_option, reason_or
from spotlight_notify.cli.output import Settings, echo, json_option, print_json, print_table
from spotlight_notify.model.errors import refuse_unknown
from spotlight_notify.model.records.standing import ChannelStatus


@click.group(cls=Listed)
def channel() -> None:
    """See channels, stop one, let it go on."""


@channel.command("list", short_help="List how each channel stands.")
@json_option
@click.pass_obj
def list_channels(settings: Settings, as_json: bool) -> None:
    """List how each channel stands, and when its next post may go."""
    with read_ledger(settings.load(secrets=False), settings.say) as ledger:
        channels = ledger.channels()
        due = {c.name: ledger.next_due_at(c.name) for c in channels}
    if as_json:
        print_json({"channels": channels})
        return
    print_table(
        ("CHANNEL", "NETWORK", "NEXT POST", "STATE"),
        [(c.name, c.network, short_time(due[c.name]), state_of(c)) for c in channels],
    )


@channel.command(short_help="Stop a channel; its deliveries wait.")
@click.argument("name")
@reason_option
@by_option
@click.pass_obj
def pause(settings: Settings, name: str, reason: str, who: str) -> None:
    """Stop a channel until it is resumed. Its deliveries wait; a post in flight is finished."""
    with open_ledger(settings.load(secrets=False)) as ledger:
        paused = ledger.pause_channel(name, reason, clock(), who)
    echo(f"{name} is paused" if paused else f"{name} was paused already; its reason stays")


@channel.command(short_help="Let a channel go on, if its token works.")
@click.argument("name")
@reason_or("mended")
@by_option
@click.pass_obj
def resume(settings: Settings, name: str, reason: str, who: str) -> None:
    """Ask the network whether the token works; if so, let a paused or resting channel go on at once.

    A hold is another matter: "holds" lists them, "resume" lifts them.
    """
    from spotlight_notify.app.composition import open_app

    with open_app(settings.load()) as app:
        refuse_unknown("channel", name, app.lookers)
        speaks_for = app.lookers[name].probe()
        resumed = app.ledger.resume_channel(name, reason, app.clock(), who)
    echo(f"{name} goes on as {speaks_for}" if resumed else f"{name} was not stopped")


def state_of(status: ChannelStatus) -> str:
    """Return in words whether a channel sends."""
    if status.paused_at:
        return f"paused since {short_time(status.paused_at)}: {status.paused_reason}"
    return f"rests until {short_time(status.due_at)}" if status.due_at else "good"
