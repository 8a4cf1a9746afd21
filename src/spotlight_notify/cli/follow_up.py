"""Correct what was sent."""

import click

from spotlight_notify.cli.announce import tell_ends
from spotlight_notify.cli.output import Settings, json_option
from spotlight_notify.cli.persons import by_option, reason_or


@click.command("follow-up", short_help="Correct what was sent, in a reply that stands under it.")
@click.argument("number", metavar="ID", type=int)
@click.option("--text", required=True, help="What is right; it is posted whole, never cut.")
@reason_or(None)
@by_option
@json_option
@click.pass_obj
def follow_up(
    settings: Settings, number: int, text: str, reason: str | None, who: str, as_json: bool
) -> None:
    """Post a correction under a delivery that was sent: a reply on X, a comment on Facebook.

    It begins with [CORRECTION], and ends with the link and the hashtag of the post it stands under. It goes
    next, at any hour, after the gap and within the caps of its hours, but never past a hold, a paused channel
    or an approval that is missing.

    \b
    Example:  spotlight-notify follow-up 12 --text "The webinar is on March 4, not on March 3."
    """
    from spotlight_notify.app.composition import open_app, ordering_of
    from spotlight_notify.app.writing import open_render_correction
    from spotlight_notify.operations.announce.corrections import correct
    from spotlight_notify.operations.announce.orders import Signature
    from spotlight_notify.operations.carry_out import carry_out
    from spotlight_notify.worker.stop_signals import stop_wished

    with open_app(settings.load()) as app, stop_wished() as stopping:
        order = correct(
            number,
            text,
            by=Signature(who=who, reason=reason or f"a correction of delivery {number}"),
            campaigns=app.campaigns,
            ledger=app.ledger,
            render=open_render_correction(app.config),
            lint=app.writing.lint,
            now=app.clock(),
        )
        ends = carry_out(ordering_of(app), [order], stopping)
    tell_ends(ends, as_json)
