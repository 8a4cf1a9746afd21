"""Ask who changes something, and why: both go on record."""

import getpass

import click

from spotlight_notify.errors import Refused


def _said(context: click.Context, option: click.Parameter, words: str) -> str:
    """Refuse what says nothing: a record without a name or a reason is none."""
    if not words.strip():
        raise click.BadParameter("must not be empty: it goes on record")
    return words.strip()


def _login() -> str:
    """Name the login; Refused where it has no name, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise Refused("say who you are with --by NAME; this login has no name") from error


by_option = click.option(
    "--by", "who", default=_login, callback=_said, help="Who says so; your login if not said."
)
reason_option = click.option("--reason", required=True, callback=_said, help="Why; it goes on record.")
