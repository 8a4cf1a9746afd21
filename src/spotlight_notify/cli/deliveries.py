"""See deliveries, and decide about those that wait for a person."""

import click

from spotlight_notify.app.chance import clock
from spotlight_notify.app.ledgers import open_ledger, read_ledger
from spotlight_notify.cli.clocks import by_local_clocks, short_time
from spotlight_notify.cli.delivery_lines import (
    fields_of,
    goes,
    is_going,
    print_findings,
    print_post,
    tell_decided,
)
from spotlight_notify.cli.groups import LIST
from spotlight_notify.cli.options import by_option, limit_option, reason_option, reason_or, said, said_to_be
from spotlight_notify.cli.output import Settings, echo, json_option, print_json, print_table
from spotlight_notify.cli.times import coming_time
from spotlight_notify.model.advice import Deed, advise, do
from spotlight_notify.model.errors import refuse_unknown
from spotlight_notify.model.records.attempts import Attempt, LookUp
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import State
from spotlight_notify.operations.decide.approvals import cancel as cancel_delivery
from spotlight_notify.operations.decide.marks import Marked
from spotlight_notify.operations.decide.retries import retry as let_go
from spotlight_notify.operations.status import Standing, standings_of
from spotlight_notify.rules.approval import post_hash
from spotlight_notify.rules.pricing import in_words, reads_of
from spotlight_notify.text.times import utc_minute


class Deliveries(click.Group):
    """Take a bare number for ``show NUMBER``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Pass over "list", which is what no command at all means."""
        return super().parse_args(ctx, args[1:] if args[:1] == [LIST] else args)

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
    """List deliveries, newest first: why each is where it is, and when those that wait will go.

    With an ID, show that one whole, with its attempts. "--state proposed" lists what people are asked about.
    """
    if ctx.invoked_subcommand:
        return

    config = ctx.obj.load(secrets=False)
    with read_ledger(config, ctx.obj.say) as ledger:
        if channel is not None:
            refuse_unknown("channel", channel, (status.name for status in ledger.channels()))
        if campaign is not None:
            known = {each.campaign for each in ledger.tallies()} | {each.name for each in config.campaigns}
            refuse_unknown("campaign", campaign, known)
        chosen = [State(state) for state in states]
        found = ledger.deliveries(states=chosen, campaign=campaign, channel=channel, limit=limit)
        told = standings_of(
            found, ledger=ledger, campaigns=config.campaigns, tempos=config.tempos, now=clock()
        )
    if as_json:
        print_json({"deliveries": [fields_of(each) for each in told]})
        return
    print_table(("ID", "STATE", "WHY", "CHANNEL", "CHANGED", "GOES", "TITLE"), list(map(_row, told)))


@deliveries.command(short_help="Show one delivery whole.")
@click.argument("number", type=int)
@json_option
@click.pass_obj
def show(settings: Settings, number: int, as_json: bool) -> None:
    """Show one delivery: its post, what was found in it, and its history.

    That is its attempts, its look-ups and what they cost, and who or which rule changed it when and why.
    """
    config = settings.load(secrets=False)
    with read_ledger(config, settings.say) as ledger:
        one, attempts, look_ups = ledger.delivery(number), ledger.attempts(number), ledger.look_ups(number)
        changes = tuple(reversed(ledger.changes(delivery_id=one.id)))
        (told,) = standings_of(
            [one], ledger=ledger, campaigns=config.campaigns, tempos=config.tempos, now=clock()
        )
    reads = reads_of(sum(look_up.read for look_up in look_ups), config.prices.get(one.channel))
    if as_json:
        histories = {"changes": changes, "attempts": attempts, "look_ups": look_ups}
        print_json({"delivery": fields_of(told), **histories, "reads": reads})
        return
    _show_one(told, attempts, look_ups)
    for change in changes:
        who, at = said_to_be(change.who, change.typed_by), utc_minute(change.changed_at)
        echo(f"{change.action}, {at}, by {who}: {change.reason}", campaign=one.campaign)
    if cost := in_words(reads):
        echo(f"look-ups: {cost}")


@deliveries.command(short_help="Send it (again): it is surely not public.")
@click.argument("number", type=int)
@click.option("--at", help='Not now, but at this time in the campaign\'s own zone: "2027-12-01 09:00".')
@reason_option
@by_option
@click.pass_obj
def retry(settings: Settings, number: int, at: str | None, reason: str, who: str) -> None:
    """Make a delivery due that was given up, is unsure, or a person was asked about.

    You vouch that it is not public. What waits for a date keeps it, unless --at gives another.
    Where its campaign asks for approval and nobody gave it, it awaits that.
    """
    config = settings.load(secrets=False)
    campaigns = {campaign.name: campaign for campaign in config.campaigns}
    with open_ledger(config) as ledger:
        due_at = coming_time(at, ledger.delivery(number), config.tempos, clock()) if at else None
        one = let_go(
            number,
            ledger=ledger,
            campaigns=campaigns,
            who=who,
            reason=reason,
            now=clock(),
            due_at=due_at,
        )
        tell_decided([one], ledger, config, f"let go by {who}", as_json=False)
        if at is None and one.state is State.PENDING and one.due_at > clock():
            echo(advise("it waits for its time; to send it at once: ", do(Deed.ANNOUNCE, one.aid_id)))


@deliveries.command(short_help="Never send it.")
@click.argument("number", type=int)
@reason_option
@by_option
@click.pass_obj
def cancel(settings: Settings, number: int, reason: str, who: str) -> None:
    """Take a delivery that waits, or has failed, out for good."""
    with open_ledger(settings.load(secrets=False)) as ledger:
        one = cancel_delivery(number, ledger=ledger, who=who, reason=reason, now=clock())
    echo(f"delivery {number} on {one.channel} is {one.state}")


@deliveries.command("mark-sent", short_help="Record that it is public.")
@click.argument("number", type=int)
@click.option("--url", required=True, callback=said, help="Where the post can be seen.")
@reason_or("seen on the network")
@by_option
@click.pass_obj
def mark_sent(settings: Settings, number: int, url: str, reason: str, who: str) -> None:
    """Record that a delivery's post is public, with its address as the receipt.

    The address must be of its channel's network and account; the channel is looked at, if its secrets are at
    hand. "deliveries unmark" takes it back.
    """
    from spotlight_notify.app.chance import clock
    from spotlight_notify.app.channels import open_looker, permalink_of
    from spotlight_notify.app.ledgers import open_ledger
    from spotlight_notify.operations.decide.marks import mark_sent as mark

    config = settings.load(secrets=False)
    with open_ledger(config) as ledger:
        one = ledger.delivery(number)
        link = permalink_of(one, url, config)
        with open_looker(config, one.channel, ledger) as looker:
            marked = mark(number, link, looker=looker, ledger=ledger, who=who, reason=reason, now=clock())
    _tell_marked(marked)


@deliveries.command(short_help="Take back that it was marked sent.")
@click.argument("number", type=int)
@reason_option
@by_option
@click.pass_obj
def unmark(settings: Settings, number: int, reason: str, who: str) -> None:
    """Take back a wrong mark-sent: the delivery is again what it was before, with the time it was due.

    The channel is looked at, if its secrets are at hand: what it shows of the delivery's own words decides.
    """
    from spotlight_notify.app.chance import clock
    from spotlight_notify.app.channels import open_looker
    from spotlight_notify.app.ledgers import open_ledger
    from spotlight_notify.operations.decide.marks import unmark as take_back

    config = settings.load(secrets=False)
    with (
        open_ledger(config) as ledger,
        open_looker(config, ledger.delivery(number).channel, ledger) as looker,
    ):
        marked = take_back(number, looker=looker, ledger=ledger, who=who, reason=reason, now=clock())
    _tell_marked(marked)


def _tell_marked(marked: Marked) -> None:
    one = marked.delivery
    where = f", at {one.receipt.url or one.receipt.post_id}" if one.receipt else ""
    looked = "its channel was looked at"
    echo(f"delivery {one.id} on {one.channel} is {one.state}{where}")
    echo(f"not looked at: {marked.not_looked}" if marked.not_looked else looked)


def _show_one(told: Standing, attempts: tuple[Attempt, ...], look_ups: tuple[LookUp, ...]) -> None:
    one, why = told.delivery, told.why
    echo(f"delivery {one.id} of campaign {one.campaign} on {one.channel}: {one.state}")
    echo(f"aid {one.aid_id} of source {one.source}: {one.named}")
    echo(f"why: {why.word}. {why.sentence}", campaign=one.campaign)
    if is_going(told):
        echo(f"goes: {goes(told)}")
    for name, value in (
        ("note", one.reason),
        ("written by", ", ".join(one.writers)),
        ("approval", _approval(one)),
    ):
        if value and value not in why.sentence:
            echo(f"{name}: {value}", campaign=one.campaign)
    if one.post:
        print_post(one.post)
    print_findings(one)
    for attempt in attempts:
        end = f"{attempt.outcome or 'on its way'}{f': {attempt.detail}' if attempt.detail else ''}"
        at = utc_minute(attempt.started_at)
        echo(f"attempt {attempt.number}, {at}, {attempt.claimant}: {end}", campaign=one.campaign)
    for look_up in look_ups:
        echo(f"look-up, {utc_minute(look_up.looked_at)}: {look_up.reason}", campaign=one.campaign)


def _approval(one: Delivery) -> str | None:
    """Write the last approval of a delivery, and whether it was of another post."""
    given = one.approval
    if given is None:
        return None
    until = f" until {utc_minute(given.until_at)}" if given.until_at else ""
    other = "" if one.post and post_hash(one.post) == given.digest else ", of another post than this"
    return f"by {given.who}, {utc_minute(given.approved_at)}{until}{other}"


def _row(told: Standing) -> tuple[str, ...]:
    d = told.delivery
    end = (d.receipt and d.receipt.url) or d.reason
    return (
        str(d.id),
        d.state,
        told.why.word,
        d.channel,
        short_time(d.changed_at, d.campaign),
        goes(told),
        by_local_clocks(f"{d.named} ({end})" if end else d.named, d.campaign),
    )
