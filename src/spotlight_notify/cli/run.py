"""Do the work, as a daemon or once; or only look up what became of unsure deliveries.

What loads the ledger is imported once a person has been told what is begun, since that takes a while.
"""

from functools import partial

import click

from spotlight_notify.cli.errors import HUNG_UP, SOME_FAILED, TOKEN_REFUSED, UNAVAILABLE
from spotlight_notify.cli.output import Settings, echo, echo_trouble, json_option, print_json
from spotlight_notify.model.words import State
from spotlight_notify.rules.pricing import looks_back
from spotlight_notify.worker.rounds import Round, error_of, line_of, warnings_of


@click.command()
@click.pass_obj
def run(settings: Settings) -> None:
    """Watch the sources and announce what is new, until SIGTERM, SIGHUP or Ctrl-C.

    A stop finishes and records the post in flight. SIGHUP ends with 129, so that a service is started anew
    and reads its configuration again. Logs go to stderr, as JSON when it is no terminal.
    """
    from spotlight_notify.app.composition import open_app
    from spotlight_notify.cli.commands_to_type import worded
    from spotlight_notify.config.configuration import exposed_secrets, secrets_of
    from spotlight_notify.ledger.opening import Purpose
    from spotlight_notify.worker import logs
    from spotlight_notify.worker.daemon import Daemon

    config = settings.load()
    logs.set_up_logs(secrets_of(config), quiet=settings.quiet, word=worded)
    if warning := exposed_secrets(settings.config_path, config):
        logs.log_warning(warning)
    with open_app(config, Purpose.SERVE) as app:
        logs.log_strays(app.strays())
        for told in looks_back(app.ledger.channels(), config.prices, app.clock()):
            logs.log_warning(told)
        daemon = Daemon(app, partial(logs.log_event, find=app.ledger.delivery))
        logs.log_start(config)
        daemon.run(settings.stopping)
    logs.log_stop()
    if settings.stopping.hung_up:
        raise SystemExit(HUNG_UP)


@click.command()
@json_option
@click.pass_obj
def once(settings: Settings, as_json: bool) -> None:
    """Poll every source whose time has come, send everything that is due, then exit. For cron."""
    settings.begin("looking at what is due")
    from spotlight_notify.app.composition import open_app
    from spotlight_notify.ledger.opening import Purpose
    from spotlight_notify.worker.daemon import Daemon

    heard = Round()
    with open_app(settings.load(), Purpose.WORK) as app:
        for stray in app.strays():
            settings.say(stray.said)
        for told in looks_back(app.ledger.channels(), app.config.prices, app.clock()):
            settings.say(told)
        for hold in app.ledger.holds(app.clock()):
            settings.say(f"in force: {hold.in_full}")
        try:
            Daemon(app, heard.hear).once(settings.stopping)
        finally:  # what has gone out is told even if the ledger was lost on the way
            if as_json:
                print_json(heard.summary())
            else:
                print_round(heard, settings)
    if heard.failed():
        raise SystemExit(SOME_FAILED)
    if heard.token_refused():
        raise SystemExit(TOKEN_REFUSED)
    if heard.unanswered():
        raise SystemExit(UNAVAILABLE)


def print_round(heard: Round, settings: Settings) -> None:
    """Sum up for a person: results to stdout, warnings and errors to stderr."""
    for event in heard.events:
        for warning in warnings_of(event):
            settings.say(warning)
        if error := error_of(event):
            echo_trouble(error)
        if result := line_of(event):
            echo(result)
    if not heard.events:
        settings.say("nothing was due")


@click.command()
@click.option(
    "--all", "everything", is_flag=True, help="Those too whose time has not come, or that wait for a person."
)
@json_option
@click.pass_obj
def resolve(settings: Settings, everything: bool, as_json: bool) -> None:
    """Ask each network about its unsure deliveries, and settle them by what is found. Nothing is sent."""
    settings.begin("asking the networks")
    from spotlight_notify.app.composition import open_app

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
