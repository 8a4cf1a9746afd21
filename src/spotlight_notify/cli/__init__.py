"""Take words in, give words and exit codes out. Heavy parts are imported inside the commands."""

import errno
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from spotlight_notify import __version__
from spotlight_notify.cli.clocks import by_local_clocks, note_utc
from spotlight_notify.cli.errors import CANNOT_WRITE, USAGE, note_json, tell_error, tell_program
from spotlight_notify.cli.groups import with_general_options
from spotlight_notify.cli.output import (
    Settings,
    discard_unwritten,
    echo_trouble,
    make_streams_lenient,
    shown_text,
)
from spotlight_notify.model.errors import SpotlightError
from spotlight_notify.worker.stop_signals import Listener

COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("demo", "See it work: new aids announced on two stand-in networks."),
    "init": ("config", "Write a commented configuration to fill in."),
    "config": ("config", "Look after the configuration."),
    "run": ("run", "Watch the sources and announce what is new, until stopped."),
    "once": ("run", "Look once, announce what is new, then exit: for cron."),
    "announce": ("announce", "Announce an aid, or a digest of several, now or at a set time."),
    "plan": ("plan", "Announce by a file of dated announcements."),
    "follow-up": ("announce", "Correct what was sent, in a reply that stands under it."),
    "takedown": ("takedown", "Take a post off its network, for good."),
    "preview": ("preview", "Show the posts an aid would get, and what they cost."),
    "lint": ("lint", "Look through a text, an aid's posts or a whole source for what breaks a rule."),
    "status": ("status", "Show how sources, channels and deliveries stand."),
    "aids": ("aids", "List the aids that were seen."),
    "deliveries": ("deliveries", "List deliveries, show one, decide about one."),
    "explain": ("explain", "Explain why an aid went out, waits, or does not go."),
    "approve": ("approve", "Let posts go that await approval."),
    "edit": ("approve", "Give a post that waits other words."),
    "reject": ("approve", "Drop posts that a person was asked about."),
    "hold": ("hold", "Let nothing more go out, at once: of all, or of a scope."),
    "holds": ("holds", "List the holds in force, or all there ever were."),
    "resume": ("hold", "Lift a hold, so that what it held goes out again."),
    "source": ("source", "See sources, answer an alarm, begin one anew."),
    "rename": ("rename", "Follow what was renamed in the configuration."),
    "resolve": ("run", "Look up what became of unsure deliveries."),
    "channel": ("channel", "See channels, stop one, let it go on."),
    "sandbox": ("demo", "Serve stand-ins for X and Facebook, and a sample site."),
}
"""Each command, in the order a newcomer meets them: the module of this package that holds it, and its line
in ``--help``, which so loads none of them.
"""

STOPPED_IN_ORDER = ("run", "once")
"""Commands that a signal ends in good order, even before they have begun."""


class Commands(click.Group):
    """Find commands in their modules, and turn our errors into one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module that holds the command; None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"spotlight_notify.cli.{COMMANDS[cmd_name][0]}")
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
        """Return the commands, and load none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

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
        words = shown_text(by_local_clocks(mistake.format_message()))
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
@click.option(
    "--utc",
    is_flag=True,
    expose_value=False,
    callback=note_utc,
    help="Show times in UTC, not by the clocks of their campaign.",
)
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
