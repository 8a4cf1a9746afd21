"""Look up on the networks what became of unsure deliveries."""

import click

from spotlight_notify.cli.exits import SOME_FAILED
from spotlight_notify.cli.output import Settings, echo, json_option, print_json


@click.command(short_help="Look up what became of unsure deliveries.")
@click.option(
    "--all", "everything", is_flag=True, help="Those too whose time has not come, or that wait for a person."
)
@json_option
@click.pass_obj
def resolve(settings: Settings, everything: bool, as_json: bool) -> None:
    """Ask each network about its unsure deliveries, and settle them by what is found. Nothing is sent."""
    settings.begin("asking the networks")
    from spotlight_notify.app.composition import open_app
    from spotlight_notify.cli.rounds import print_round
    from spotlight_notify.model.words import State
    from spotlight_notify.worker.rounds import Round

    heard = Round()
    with open_app(settings.load()) as app:
        if everything:
            app.ledger.look_now(None, app.clock())
        for channel in app.doubtful_channels():
            if channel in app.lookers:
                for resolved in app.resolve(channel):
                    heard.hear(resolved)
        left = app.ledger.counts().get(State.UNSURE, 0)
    if as_json:
        print_json({**heard.summary(), "unsure": left})
    else:
        print_round(heard, settings)
        echo(f"{left} still unsure" if left else "none is unsure")
    if left:
        raise SystemExit(SOME_FAILED)
