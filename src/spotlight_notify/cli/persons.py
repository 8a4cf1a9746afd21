"""Ask who changes something, and why: both go on record."""

import getpass
import sys
from collections.abc import Callable

import click

from spotlight_notify.model.errors import Refused


def said(context: click.Context, option: click.Parameter, words: str | None) -> str | None:
    """Make one line of it; refuse what says nothing: a record without a name or a reason is none."""
    from spotlight_notify.text.invisible import in_one_line

    if words is not None and not in_one_line(words):
        raise click.BadParameter("must not be empty: it goes on record")
    return words if words is None else in_one_line(words)


def _login() -> str:
    """Name the login; Refused where it has no name, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise Refused("say who you are with --by NAME; this login has no name") from error


def typed_by(who: str) -> str | None:
    """Name the login that types another's name; None for one's own."""
    try:
        login = getpass.getuser()
    except (KeyError, OSError):
        return "a login without a name"
    return None if who == login else login


def said_to_be(who: str, login: str | None) -> str:
    """Write a name as it is known: what somebody is said to be, where another login typed it."""
    return f"somebody said to be {who}, typed by {login}" if login else who


def _asked(context: click.Context, option: click.Parameter, words: str | None) -> str | None:
    """Ask a person at a terminal for the reason that was left out; elsewhere it must be said."""
    if words is None and sys.stdin.isatty() and not context.resilient_parsing:
        words = str(click.prompt("Why? It goes on record", err=True))
    if words is None:
        raise click.MissingParameter(ctx=context, param=option)
    return said(context, option, words)


by_option = click.option(
    "--by", "who", default=_login, callback=said, help="Who says so; your login if not said."
)
reason_option = click.option(
    "--reason", callback=_asked, help="Why; it goes on record. Asked for at a terminal.  [required]"
)


def reason_or(default: str | None) -> Callable[[click.decorators.FC], click.decorators.FC]:
    """Make a --reason that may be left out."""
    shows = default is not None
    return click.option(
        "--reason", default=default, show_default=shows, callback=said, help="Why; it goes on record."
    )
