"""Announce on demand."""

from typing import TYPE_CHECKING, Any

import click

from spotlight_notify.cli.aid_options import aid_options, mistakes_in_options
from spotlight_notify.cli.exits import SOME_FAILED, TOKEN_REFUSED
from spotlight_notify.cli.output import Settings, echo, json_option, print_json, words_of
from spotlight_notify.cli.persons import by_option, reason_or

if TYPE_CHECKING:
    from spotlight_notify.operations.announce.wanted import Wanted
    from spotlight_notify.operations.carry_out import Asked, End


@click.command(short_help="Announce an aid, or a digest of several, now or at a set time.")
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
    announced again. A post that waits, and that a person edited or approved, keeps its words unless others
    are given here.

    \b
    Examples:  spotlight-notify announce 12
               spotlight-notify announce 12 --at "2026-12-01 09:00" --to valor-page
               spotlight-notify announce --theme "Defusing Difficult Encounters" --dry-run
    """
    settings.begin("writing the posts")
    from spotlight_notify.cli.preview import show
    from spotlight_notify.operations.announce.times import read_time
    from spotlight_notify.operations.announce.wanted import Wanted
    from spotlight_notify.operations.carry_out import Asked

    if any_hour and at:
        raise click.UsageError("--now and --at contradict each other")
    with mistakes_in_options():
        wanted, moment = Wanted(**words), read_time(at) if at else None
        if dry_run:
            show(settings, wanted, to, as_json)
            return
        asked = Asked(who=who, reason=reason, to=to, at=moment, any_hour=any_hour)
        ends = _carried_out(settings, wanted, asked)
    tell_ends(ends, as_json)


def tell_ends(ends: "tuple[End, ...]", as_json: bool) -> None:
    """Print how an order ended on each channel; ends with 3 or 4 when a person must look."""
    if as_json:
        print_json({"announced": ends})
    for end in () if as_json else ends:
        echo(f"{end.channel}: {words_of(end.sentence)}")
    if any(end.token_refused for end in ends):
        raise SystemExit(TOKEN_REFUSED)
    if any(end.undone for end in ends):
        raise SystemExit(SOME_FAILED)


def _carried_out(settings: Settings, wanted: "Wanted", asked: "Asked") -> "tuple[End, ...]":
    from spotlight_notify.app.composition import open_app, ordering_of
    from spotlight_notify.operations.carry_out import carry_out, order_aid, order_digest
    from spotlight_notify.worker.stop_signals import stop_wished

    with open_app(settings.load()) as app, stop_wished() as stopping:
        if rewritten := app.rewrite_unfit():
            settings.say(rewritten.said)
        parts = ordering_of(app)
        if wanted.is_digest:
            orders = order_digest(parts, str(wanted.theme), asked, settings.say)
        else:
            orders = order_aid(parts, wanted, asked)
        return carry_out(parts, orders, stopping)
