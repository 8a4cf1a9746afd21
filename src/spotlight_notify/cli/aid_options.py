"""The options that say which aid is meant, and how mistakes in them are told."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from spotlight_notify.cli.failing import told
from spotlight_notify.model.errors import BadRequest
from spotlight_notify.model.words import Kind


def aid_options(command: click.decorators.FC) -> click.decorators.FC:
    """Add the words that say which aid is meant, and where it goes."""
    kinds = click.Choice([str(kind) for kind in Kind])
    options = (
        click.argument("words", metavar="[AID]", required=False),
        click.option("--title", help="Title of a new aid."),
        click.option("--url", help="Link of a new aid."),
        click.option("--summary", default="", help="A sentence or two about it."),
        click.option("--kind", type=kinds, help="What it is; an article if not said."),
        click.option("--theme", help="The theme it belongs to; alone: a digest of what is new of it."),
        click.option("--sign-in", is_flag=True, help="It can be opened only after signing in."),
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
    """Tell what is wrong with an order as a mistake in usage, with options for what it names."""
    from spotlight_notify.operations.announce.times import NoSuchTime

    try:
        yield
    except BadRequest as mistake:
        raise click.UsageError(told(mistake)) from mistake
    except NoSuchTime as error:
        raise click.UsageError(f"--at: {error}") from error
