"""Announce on demand."""

from typing import Any

import click

from spotlight_notify.cli.exits import SOME_FAILED, TOKEN_REFUSED
from spotlight_notify.cli.output import Settings, json_option, print_json
from spotlight_notify.cli.wanted import Wanted, aid_options, parse_time


@click.command(short_help="Announce one aid now or at a set time.")
@aid_options
@click.option("--at", help='Not now, but at this time in the programme\'s zone: "2026-12-01 09:00".')
@click.option("--dry-run", is_flag=True, help="Show the posts; record and send nothing.")
@json_option
@click.pass_obj
def announce(
    settings: Settings, /, to: tuple[str, ...], at: str | None, dry_run: bool, as_json: bool, **words: Any
) -> None:
    """Announce one aid: a known AID (its key, number or link), or a new one by --title and --url.

    It goes out at once, from this process, unless its channel is paused, resting or busy; then the daemon
    sends it. What was announced already is never announced again.
    """
    from spotlight_notify.app import open_app
    from spotlight_notify.cli.orders import carry_out
    from spotlight_notify.cli.preview import show
    from spotlight_notify.cli.previews import kept_in
    from spotlight_notify.signals import stop_wished

    wanted = Wanted(**words)
    if dry_run:
        show(settings, wanted, to, as_json)
        return
    config = settings.load()
    due_at = parse_time(at, config.programme.timezone) if at else None
    with open_app(config) as app, stop_wished() as stopping:
        wanted.found(app.ledger)  # a name that is not known is refused before a picture is kept
        ends = carry_out(app, kept_in(app.ledger, wanted, config), to, due_at, stopping)
    if as_json:
        print_json({"announced": ends})
    else:
        for end in ends:
            click.echo(f"{end.channel}: {end.sentence}")
    if any(end.token_refused for end in ends):
        raise SystemExit(TOKEN_REFUSED)
    if any(end.undone for end in ends):
        raise SystemExit(SOME_FAILED)
