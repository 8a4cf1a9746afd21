"""Do the work: as a daemon, or once."""

from functools import partial

import click

from spotlight_notify.cli.exits import HUNG_UP, SOME_FAILED, TOKEN_REFUSED, UNAVAILABLE
from spotlight_notify.cli.output import Settings, json_option, print_json


@click.command(short_help="Watch the sources and announce what is new, until stopped.")
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
    from spotlight_notify.rules.pricing import looks_back
    from spotlight_notify.worker.daemon import Daemon
    from spotlight_notify.worker.logs import (
        log_event,
        log_start,
        log_stop,
        log_strays,
        log_warning,
        set_up_logs,
    )

    config = settings.load()
    set_up_logs(secrets_of(config), quiet=settings.quiet, word=worded)
    if warning := exposed_secrets(settings.config_path, config):
        log_warning(warning)
    with open_app(config, Purpose.SERVE) as app:
        log_strays(app.strays())
        for told in looks_back(app.ledger.channels(), config.prices, app.clock()):
            log_warning(told)
        daemon = Daemon(app, partial(log_event, find=app.ledger.delivery))
        log_start(config)
        daemon.run(settings.stopping)
    log_stop()
    if settings.stopping.hung_up:
        raise SystemExit(HUNG_UP)


@click.command(short_help="Look once, announce what is new, then exit: for cron.")
@json_option
@click.pass_obj
def once(settings: Settings, as_json: bool) -> None:
    """Poll every source whose time has come, send everything that is due, then exit. For cron."""
    settings.begin("looking at what is due")
    from spotlight_notify.app.composition import open_app
    from spotlight_notify.cli.rounds import print_round
    from spotlight_notify.ledger.opening import Purpose
    from spotlight_notify.rules.pricing import looks_back
    from spotlight_notify.worker.daemon import Daemon
    from spotlight_notify.worker.rounds import Round

    heard = Round()
    with open_app(settings.load(), Purpose.WORK) as app:
        for stray in app.strays():
            settings.say(stray.said)
        for told in looks_back(app.ledger.channels(), app.config.prices, app.clock()):
            settings.say(told)
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
