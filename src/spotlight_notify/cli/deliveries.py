"""See deliveries, and decide about those that wait for a person."""

from collections.abc import Collection

import click

from spotlight_notify.cli.costs import in_words, reads_of
from spotlight_notify.cli.findings import line_of
from spotlight_notify.cli.output import Settings, json_option, print_json, print_table, short_time
from spotlight_notify.cli.persons import by_option, reason_option
from spotlight_notify.cli.read import known_name, limit_option
from spotlight_notify.errors import Refused
from spotlight_notify.model import Level, Receipt, State
from spotlight_notify.records import Attempt, Delivery, LookUp

RETRIED = (State.PROPOSED, State.FAILED, State.UNSURE, State.CANCELLED, State.SKIPPED)
CANCELLED = (State.PROPOSED, State.PENDING)
MARKED = (State.UNSURE, State.PENDING, State.PROPOSED, State.FAILED)


class Deliveries(click.Group):
    """Take a bare number for ``show NUMBER``."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand; a number is one delivery's."""
        return super().resolve_command(ctx, ["show", *args] if args and args[0].isdigit() else args)


@click.group(
    cls=Deliveries,
    invoke_without_command=True,
    short_help="List deliveries, show one, decide about one.",
    subcommand_metavar="[ID | COMMAND [ARGS]...]",
)
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
@click.pass_context
def deliveries(
    ctx: click.Context,
    states: tuple[str, ...],
    channel: str | None,
    campaign: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List deliveries, newest first; with an ID, show that one whole, with its attempts."""
    if ctx.invoked_subcommand:
        return
    from spotlight_notify.app import open_ledger

    with open_ledger(ctx.obj.load()) as ledger:
        known_name("channel", channel, (status.name for status in ledger.channels()))
        chosen = [State(state) for state in states]
        found = ledger.deliveries(states=chosen, campaign=campaign, channel=channel, limit=limit)
    if as_json:
        print_json({"deliveries": found})
        return
    print_table(("ID", "STATE", "CHANNEL", "CHANGED", "DUE", "TITLE"), [_row(d) for d in found])


@deliveries.command(short_help="Show one delivery whole.")
@click.argument("number", type=int)
@json_option
@click.pass_obj
def show(settings: Settings, number: int, as_json: bool) -> None:
    """Show one delivery: its post, what was found in it, its attempts, its look-ups and what they cost."""
    from spotlight_notify.app import open_ledger

    config = settings.load()
    with open_ledger(config) as ledger:
        one, attempts, look_ups = ledger.delivery(number), ledger.attempts(number), ledger.look_ups(number)
    reads = reads_of(config, one.channel, sum(look_up.read for look_up in look_ups))
    if as_json:
        print_json({"delivery": one, "attempts": attempts, "look_ups": look_ups, "reads": reads})
        return
    _show_one(one, attempts, look_ups)
    if cost := in_words(reads):
        click.echo(f"look-ups: {cost}")


@deliveries.command(short_help="Send it (again): it is surely not public.")
@click.argument("number", type=int)
@reason_option
@by_option
@click.pass_obj
def retry(settings: Settings, number: int, reason: str, who: str) -> None:
    """Make a delivery due again that is proposed, failed, unsure, cancelled or skipped.

    You vouch that it is not public. Its link is asked again; a post that breaks a rule stays stopped.
    """
    _refuse_broken(settings, number)
    _change(settings, number, RETRIED, State.PENDING, reason, who)


def _refuse_broken(settings: Settings, number: int) -> None:
    """Keep a post that breaks a rule from going out past the rule."""
    from spotlight_notify.app import open_ledger

    with open_ledger(settings.load()) as ledger:
        delivery = ledger.delivery(number)
    errors = [finding.message for finding in delivery.findings if finding.level is Level.ERROR]
    if errors:
        mend = f"mend its source, then announce {delivery.aid_id}"
        raise Refused(f"delivery {number} cannot go out as it is: {errors[0]}; {mend}")


@deliveries.command(short_help="Never send it.")
@click.argument("number", type=int)
@reason_option
@by_option
@click.pass_obj
def cancel(settings: Settings, number: int, reason: str, who: str) -> None:
    """Take a delivery that waits out for good."""
    _change(settings, number, CANCELLED, State.CANCELLED, reason, who)


@deliveries.command("mark-sent", short_help="Record that it is public.")
@click.argument("number", type=int)
@click.option("--url", required=True, help="Where the post can be seen.")
@click.option("--reason", default="seen on the network", show_default=True, help="Why; it goes on record.")
@by_option
@click.pass_obj
def mark_sent(settings: Settings, number: int, url: str, reason: str, who: str) -> None:
    """Record that a delivery's post is public, with its address as the receipt."""
    post_id = url.rstrip("/").rsplit("/", 1)[-1]
    _change(settings, number, MARKED, State.SENT, reason, who, Receipt(post_id=post_id, url=url))


def _change(
    settings: Settings,
    number: int,
    states: Collection[State],
    state: State,
    reason: str,
    who: str,
    receipt: Receipt | None = None,
) -> None:
    from spotlight_notify.app import clock, open_ledger

    with open_ledger(settings.load()) as ledger:
        changed = ledger.change_delivery(
            number, states, state, who=who, reason=reason, now=clock(), receipt=receipt
        )
        now = ledger.delivery(number)
    if not changed:
        fitting = ", ".join(states)
        raise Refused(f"delivery {number} is {now.state}; this fits only one that is: {fitting}")
    click.echo(f"delivery {number} on {now.channel} is {now.state}")


def _show_one(delivery: Delivery, attempts: tuple[Attempt, ...], look_ups: tuple[LookUp, ...]) -> None:
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
            click.echo(f"[picture: {image.url} | {image.alt}]{f' {image.trouble}' if image.trouble else ''}")
    for finding in delivery.findings:
        click.echo(line_of(finding))
    for attempt in attempts:
        end = f"{attempt.outcome or 'on its way'}{f': {attempt.detail}' if attempt.detail else ''}"
        click.echo(f"attempt {attempt.number}, {short_time(attempt.started_at)}, {attempt.claimant}: {end}")
    for look_up in look_ups:
        click.echo(f"look-up, {short_time(look_up.looked_at)}: {look_up.reason}")


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
