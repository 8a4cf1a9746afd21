"""Take words as people type them: general options behind a command, "list" where things are listed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from spotlight_notify.cli.clocks import note_utc
from spotlight_notify.cli.output import Settings

LIST = "list"


class Listing(click.Command):
    """List things, with or without the word."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Pass over the word."""
        return super().parse_args(ctx, args[1:] if args[:1] == [LIST] else args)


class Listed(click.Group):
    """A group that takes a name, and lists them where no command is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take no word at all for "list"; help is asked for by its own options."""
        is_help = any(each in ctx.help_option_names for each in args)
        bare = not is_help and not any(each in self.commands for each in args) and _are_options(args)
        return super().parse_args(ctx, [LIST, *args] if bare else args)


def with_general_options(command: click.Command) -> click.Command:
    """Let the options that stand before a command stand behind it too, at any depth."""
    if not any(each.name == "config_path_behind" for each in command.params):
        command.params += [_config_option(), _quiet_option(), _utc_option()]
    for each in command.commands.values() if isinstance(command, click.Group) else ():
        with_general_options(each)
    return command


def _are_options(args: list[str]) -> bool:
    return not args or args[0].startswith("-")


def _config_option() -> click.Option:
    return click.Option(
        ["-c", "--config", "config_path_behind"],
        type=click.Path(path_type=Path, readable=False),
        expose_value=False,
        hidden=True,
        callback=_use_config,
    )


def _quiet_option() -> click.Option:
    return click.Option(
        ["-q", "--quiet", "quiet_behind"], is_flag=True, expose_value=False, hidden=True, callback=_be_quiet
    )


def _utc_option() -> click.Option:
    return click.Option(["--utc"], is_flag=True, expose_value=False, hidden=True, callback=note_utc)


def _use_config(ctx: click.Context, _option: click.Parameter, path: Path | None) -> None:
    if path is not None:
        _change(ctx, config_path=path)


def _be_quiet(ctx: click.Context, _option: click.Parameter, quiet: bool) -> None:
    if quiet:
        _change(ctx, quiet=True)


def _change(ctx: click.Context, **said: Any) -> None:
    """Change what was said before the command's name, for this command and those below it."""
    if isinstance(ctx.obj, Settings):
        ctx.obj = replace(ctx.obj, **said)
