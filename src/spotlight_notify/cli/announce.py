"""Announce on demand, and preview what would go out."""

from typing import Any

import click

from spotlight_notify.cli.exits import SOME_FAILED, TOKEN_REFUSED
from spotlight_notify.cli.output import Settings, json_option, print_json
from spotlight_notify.cli.wanted import Wanted, parse_time
from spotlight_notify.model import Kind


def aid_options(command: click.decorators.FC) -> click.decorators.FC:
    """Add the words that say which aid is meant, and where it goes."""
    kinds = click.Choice([str(kind) for kind in Kind])
    options = (
        click.argument("words", metavar="[AID]", required=False),
        click.option("--title", help="Title of a new aid."),
        click.option("--url", help="Link of a new aid."),
        click.option("--summary", default="", help="A sentence or two about it."),
        click.option("--kind", type=kinds, help="What it is; an article if not said."),
        click.option("--theme", help="The theme it belongs to."),
        click.option("--sign-in", is_flag=True, help="It can be opened only after signing in."),
        click.option("--image", help="Address of a picture of it."),
        click.option("--alt", help="Words for the picture, for those who cannot see it."),
        click.option("--to", multiple=True, metavar="CHANNEL", help="Only this channel (may be repeated)."),
    )
    for option in reversed(options):
        command = option(command)
    return command


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
    from spotlight_notify.signals import stop_wished

    wanted = Wanted(**words)
    if dry_run:
        _show_posts(settings, wanted, to, as_json)
        return
    config = settings.load()
    due_at = parse_time(at, config.programme.timezone) if at else None
    with open_app(config) as app, stop_wished() as stopping:
        ends = carry_out(app, wanted, to, due_at, stopping)
    if as_json:
        print_json({"announced": ends})
    else:
        for end in ends:
            click.echo(f"{end.channel}: {end.sentence}")
    if any(end.token_refused for end in ends):
        raise SystemExit(TOKEN_REFUSED)
    if any(end.undone for end in ends):
        raise SystemExit(SOME_FAILED)


@click.command(short_help="Show the posts an aid would get.")
@aid_options
@json_option
@click.pass_obj
def preview(settings: Settings, /, to: tuple[str, ...], as_json: bool, **words: Any) -> None:
    """Show each channel's post for a known AID (key, number or link), or a new one by --title and --url."""
    _show_posts(settings, Wanted(**words), to, as_json)


def _show_posts(settings: Settings, wanted: Wanted, to: tuple[str, ...], as_json: bool) -> None:
    from spotlight_notify.cli.previews import posts_of, print_previews

    previews = posts_of(settings.load(), wanted, to)
    if as_json:
        print_json({"posts": previews})
    else:
        print_previews(previews)
    if all(p.trouble for p in previews):
        raise SystemExit(1)
