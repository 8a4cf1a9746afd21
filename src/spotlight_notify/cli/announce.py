"""Announce on demand."""

from typing import Any

import click

from spotlight_notify.cli.errors import SOME_FAILED, TOKEN_REFUSED
from spotlight_notify.cli.options import aid_options, both_option, by_option, mistakes_in_options, reason_or
from spotlight_notify.cli.output import Settings, echo, json_option, print_json, words_of
from spotlight_notify.cli.preview import show
from spotlight_notify.model.advice import Deed, advise, do
from spotlight_notify.operations.announce.corrections import correct
from spotlight_notify.operations.announce.orders import Signature
from spotlight_notify.operations.announce.request import AidRequest
from spotlight_notify.operations.announce.times import read_time
from spotlight_notify.operations.carry_out import Asked, End, carry_out, order_aid, order_digest
from spotlight_notify.operations.takedown import public_twins_of
from spotlight_notify.worker.stop_signals import stop_wished


@click.command()
@aid_options
@click.option("--at", help='Not now, but at this time in the campaign\'s own zone: "2026-12-01 09:00".')
@click.option("--now", "any_hour", is_flag=True, help="Outside the posting hours too, but never past a hold.")
@click.option("--dry-run", is_flag=True, help="Show the posts; record and send nothing.")
@reason_or("ordered by hand")
@by_option
@json_option
@click.pass_obj
def announce(
    settings: Settings,
    /,
    to: tuple[str, ...],
    at: str | None,
    any_hour: bool,
    dry_run: bool,
    reason: str,
    who: str,
    as_json: bool,
    **words: Any,
) -> None:
    """Announce one aid: a known AID (its key, number or link), or a new one by --title and --url.

    By --theme alone: a digest, one post for what of that theme is not announced yet.

    It goes out at once, from this process, if its hours are open; else it says when it will go. A hold, a
    paused channel and an approval that is missing always stop it. What was announced already is never
    announced again, unless its post was taken down: then it gets a new one. A post that waits, and that a
    person edited or approved, keeps its words unless others are given here.

    \b
    Examples:  spotlight-notify announce 12
               spotlight-notify announce 12 --at "2026-12-01 09:00" --to valor-page
               spotlight-notify announce --theme "Defusing Difficult Encounters" --dry-run
    """
    settings.begin("writing the posts")

    if any_hour and at:
        raise click.UsageError("--now and --at contradict each other")
    with mistakes_in_options():
        wanted, moment = AidRequest(**words), read_time(at) if at else None
        if dry_run:
            show(settings, wanted, to, as_json)
            return
        asked = Asked(who=who, reason=reason, to=to, at=moment, any_hour=any_hour)
        ends = _carried_out(settings, wanted, asked)
    tell_ends(ends, as_json)


def tell_ends(ends: tuple[End, ...], as_json: bool) -> None:
    """Print how an order ended on each channel; ends with 3 or 4 when a person must look."""
    if as_json:
        print_json({"announced": ends})
    for end in () if as_json else ends:
        echo(f"{end.channel}: {words_of(end.sentence)}", campaign=end.campaign)
    if any(end.token_refused for end in ends):
        raise SystemExit(TOKEN_REFUSED)
    if any(end.undone for end in ends):
        raise SystemExit(SOME_FAILED)


def _carried_out(settings: Settings, wanted: AidRequest, asked: Asked) -> tuple[End, ...]:
    from spotlight_notify.app.composition import open_app, ordering_of

    with open_app(settings.load()) as app, stop_wished() as stopping:
        if rewritten := app.rewrite_unfit():
            settings.say(rewritten.said)
        parts = ordering_of(app)
        if wanted.is_digest:
            orders = order_digest(parts, str(wanted.theme), asked, settings.say)
        else:
            orders = order_aid(parts, wanted, asked)
        return carry_out(parts, orders, stopping)


@click.command("follow-up")
@click.argument("number", metavar="ID", type=int)
@click.option("--text", required=True, help="What is right; it is posted whole, never cut.")
@both_option
@reason_or(None)
@by_option
@json_option
@click.pass_obj
def follow_up(
    settings: Settings, number: int, text: str, both: bool, reason: str | None, who: str, as_json: bool
) -> None:
    """Post a correction under a delivery that was sent: a reply on X, a comment on Facebook.

    It begins with [CORRECTION], and ends with the link and the hashtag of the post it stands under. It goes
    next, at any hour, after the gap and within the caps of its hours, but never past a hold, a paused channel
    or an approval that is missing.

    \b
    Example:  spotlight-notify follow-up 12 --both --text "The webinar is on March 4, not on March 3."
    """
    from spotlight_notify.app.composition import open_app, ordering_of
    from spotlight_notify.app.writing import open_render_correction

    with open_app(settings.load()) as app, stop_wished() as stopping:
        twins = public_twins_of(app.ledger.delivery(number), app.ledger)
        orders = correct(
            [number, *(each.id for each in twins if both)],
            text,
            by=Signature(who=who, reason=reason or f"a correction of delivery {number}"),
            campaigns=app.campaigns,
            ledger=app.ledger,
            render=open_render_correction(app.config),
            lint=app.writing.lint,
            now=app.clock(),
        )
        ends = carry_out(ordering_of(app), orders, stopping)
    for twin in [] if both else twins:
        told = f"the same aid is public on {twin.channel}, delivery {twin.id}"
        settings.say(advise(f"{told}: ", do(Deed.FOLLOW_UP, twin.id)))
    tell_ends(ends, as_json)
