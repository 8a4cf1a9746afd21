"""Do the work: as a daemon, or once."""

import click

from spotlight_notify.cli.exits import SOME_FAILED, TOKEN_REFUSED, UNAVAILABLE
from spotlight_notify.cli.output import Settings, json_option, print_json


@click.command(short_help="Watch the sources and announce what is new, until stopped.")
@click.pass_obj
def run(settings: Settings) -> None:
    """Watch the sources and announce what is new, until SIGTERM, SIGHUP or Ctrl-C.

    A stop finishes and records the post in flight. Logs go to stderr, as JSON when it is no terminal.
    """
    from spotlight_notify.alone import alone
    from spotlight_notify.app import open_app
    from spotlight_notify.cli.logs import log_event, log_start, log_stop, log_strays, set_up_logs
    from spotlight_notify.config import secrets_of
    from spotlight_notify.daemon import Daemon
    from spotlight_notify.signals import stop_wished

    config = settings.load()
    set_up_logs(secrets_of(config), quiet=settings.quiet)
    with alone(config.ledger_url), open_app(config) as app:
        log_start(config)
        log_strays(app.strays())
        with stop_wished() as stopping:
            Daemon(app, log_event).run(stopping)
    log_stop()


@click.command(short_help="Look once, announce what is new, then exit: for cron.")
@json_option
@click.pass_obj
def once(settings: Settings, as_json: bool) -> None:
    """Poll every source whose time has come, send everything that is due, then exit. For cron."""
    from spotlight_notify.app import open_app
    from spotlight_notify.cli.rounds import Round
    from spotlight_notify.daemon import Daemon
    from spotlight_notify.signals import stop_wished

    heard = Round()
    with open_app(settings.load()) as app, stop_wished() as stopping:
        for stray in app.strays():
            settings.say(str(stray))
        Daemon(app, heard.hear).once(stopping)
    if as_json:
        print_json(heard.summary())
    else:
        heard.print(settings)
    if heard.failed():
        raise SystemExit(SOME_FAILED)
    if heard.token_refused():
        raise SystemExit(TOKEN_REFUSED)
    if heard.unanswered():
        raise SystemExit(UNAVAILABLE)
