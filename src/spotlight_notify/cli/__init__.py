"""Take words in, give words and exit codes out. Heavy parts are imported inside the commands."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from spotlight_notify import __version__
from spotlight_notify.cli.exits import CANNOT_WRITE
from spotlight_notify.cli.failing import USAGE, note_json, tell_error, tell_program
from spotlight_notify.cli.habits import with_general_options
from spotlight_notify.cli.output import (
    Settings,
    discard_unwritten,
    echo_trouble,
    make_streams_lenient,
    shown_text,
)
from spotlight_notify.cli.summaries import SUMMARIES
from spotlight_notify.model.errors import SpotlightError
from spotlight_notify.worker.stop_signals import Listener

COMMANDS = {
    "demo": "demo",
    "init": "start",
    "config": "start",
    "run": "work",
    "once": "work",
    "announce": "announce",
    "plan": "plan",
    "follow-up": "follow_up",
    "takedown": "takedown",
    "preview": "preview",
    "lint": "lint",
    "status": "read",
    "aids": "read",
    "deliveries": "deliveries",
    "explain": "explain",
    "approve": "approve",
    "edit": "approve",
    "reject": "approve",
    "hold": "hold",
    "holds": "hold",
    "resume": "hold",
    "source": "source",
    "rename": "rename",
    "resolve": "resolve",
    "channel": "channel",
    "sandbox": "demo",
}
"""Each command, in the order a newcomer meets them, and the module of this package that holds it."""

STOPPED_IN_ORDER = ("run", "once")
"""Commands that a signal ends in good order, even before they have begun."""


class Commands(click.Group):
    """Find commands in their modules, and turn our errors into one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module that holds the command; None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"spotlight_notify.cli.{COMMANDS[cmd_name]}")
        command = getattr(module, cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)
        return with_general_options(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a mistyped one comes with those it may be."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            nearest = get_close_matches(args[0], COMMANDS, n=1)
            raise click.NoSuchCommand(args[0], possibilities=nearest, ctx=ctx)
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what was said before the command's name; mistakes show what they quote."""
        note_json(ctx, args)
        with _shown_mistakes():
            return super().parse_args(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, loading only those that are not summed up elsewhere."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, SUMMARIES.get(name) or self._summary(ctx, name)) for name in COMMANDS])

    def _summary(self, ctx: click.Context, name: str) -> str:
        command = self.get_command(ctx, name)
        return command.get_short_help_str() if command else ""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read what was said before the command's name."""
        with _written():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; SpotlightError becomes a failure with its own exit code."""
        with _written():
            try:
                with _shown_mistakes():
                    return super().invoke(ctx)
            except SpotlightError as error:
                ctx.exit(tell_error(error))

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run from the command line; what the terminal has no letters for is escaped."""
        make_streams_lenient()
        with _written():
            return super().main(*args, **extra)


@contextmanager
def _written() -> Iterator[None]:
    """End with CANNOT_WRITE where output cannot be written: in a line, or quietly if its reader has gone."""
    try:
        yield
    except OSError as error:
        discard_unwritten()
        with suppress(OSError):  # stderr may be what cannot be written
            if error.errno != errno.EPIPE:
                echo_trouble(f"cannot write: {error.strerror}")
        raise SystemExit(CANNOT_WRITE) from error


@contextmanager
def _shown_mistakes() -> Iterator[None]:
    """Make visible what a mistake in usage quotes: click prints it by itself, past ``echo``."""
    try:
        yield
    except click.UsageError as mistake:
        words = shown_text(mistake.format_message())
        tell_program(USAGE, words, mistake.exit_code)
        if words == mistake.format_message():
            raise
        raise click.UsageError(words, mistake.ctx) from mistake


@click.command(
    cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="spotlight-notify")
@click.option(
    "-c",
    "--config",
    "config_path",
    type=click.Path(path_type=Path, readable=False),
    default=Path("spotlight.toml"),
    envvar="SPOTLIGHT_CONFIG",
    show_default=True,
    show_envvar=True,
    help="The configuration file.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but results and errors.")
@click.pass_context
def main(ctx: click.Context, config_path: Path, quiet: bool) -> None:
    """Announce newly published digital aids on Facebook and X: every aid once, and a record of it.

    \b
    Start with:   spotlight-notify demo          see it work on stand-in networks
                  spotlight-notify init          write a configuration to fill in
                  spotlight-notify config check  see what is still missing
                  spotlight-notify run           watch and announce until stopped

    \b
    Exit codes:   0 done · 1 failed · 2 wrong usage · 3 some deliveries failed or are unsure
                  4 a token is missing, expired or refused · 69 something does not answer, or
                  is not installed · 75 it is busy: try again · 73, 74 cannot write
                  78 the configuration is wrong
    """
    listener = ctx.find_object(Listener) or Listener()
    if ctx.invoked_subcommand in STOPPED_IN_ORDER:
        ctx.call_on_close(listener.close_ears)
    else:
        listener.resign()
    ctx.obj = Settings(config_path=config_path, quiet=quiet, stopping=listener.wish)
