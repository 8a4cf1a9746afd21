"""Ask who changes something, and why: both go on record."""

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from spotlight_notify.cli.errors import told
from spotlight_notify.model.errors import BadRequest, Refused
from spotlight_notify.model.words import Kind
from spotlight_notify.text.clock_times import NoSuchTime
from spotlight_notify.text.invisible import in_one_line


def said(context: click.Context, option: click.Parameter, words: str | None) -> str | None:
    """Make one line of it; refuse what says nothing: a record without a name or a reason is none."""
    if words is not None and not in_one_line(words):
        raise click.BadParameter("must not be empty: it goes on record")
    return words if words is None else in_one_line(words)


def _login() -> str:
    """Return the login; Refused where it has no name, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise Refused("say who you are with --by NAME; this login has no name") from error


def typed_by(who: str) -> str | None:
    """Return the login that types another's name; None for one's own."""
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
both_option = click.option(
    "--both", is_flag=True, help="The same aids' deliveries on other channels too, as far as it fits them."
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


def aid_options(command: click.decorators.FC) -> click.decorators.FC:
    """Add the words that say which aid is meant, and where it goes."""
    kinds = click.Choice([str(kind) for kind in Kind])
    options = (
        click.argument("words", metavar="[AID]", required=False),
        click.option("--title", help="Title of a new aid."),
        click.option("--url", help="Link of a new aid."),
        click.option("--summary", default="", help="A sentence or two about it."),
        click.option("--short", default="", help="A sentence for posts in which the summary has no room."),
        click.option("--kind", type=kinds, help="What it is; an article if not said."),
        click.option("--theme", help="The theme it belongs to; alone: a digest of what is new of it."),
        click.option("--sign-in", is_flag=True, help="It can be opened only after signing in."),
        click.option("--starts", metavar="TIME", help="When its event begins; nothing goes after that."),
        click.option("--expires", metavar="TIME", help="When it is over; nothing goes after that."),
        click.option("--language", metavar="LANGUAGE", help="The language of its words, en or es."),
        click.option("--image", metavar="URL|FILE", help="A picture of it, from the web or a file here."),
        click.option(
            "--alt",
            help="Words for its picture, for those who cannot see it; alone, for the picture it has already.",
        ),
        click.option("--to", multiple=True, metavar="CHANNEL", help="Only this channel (may be repeated)."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@contextmanager
def mistakes_in_options() -> Iterator[None]:
    """Raise what is wrong with an order as a mistake in usage, with options for what it names."""
    try:
        yield
    except BadRequest as mistake:
        raise click.UsageError(told(mistake)) from mistake
    except NoSuchTime as error:
        raise click.UsageError(f"--at: {error}") from error


limit_option = click.option(
    "--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Show at most so many."
)
