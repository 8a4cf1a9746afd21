"""Print data to stdout and messages to stderr, the only place that does; load what commands share."""

import io
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from spotlight_notify.cli.clocks import by_local_clocks, use_clocks_of, use_zones

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from spotlight_notify.config.configuration import Config
    from spotlight_notify.config.partial_config import PartialConfig
    from spotlight_notify.model.advice import Said
    from spotlight_notify.model.posts import Finding
    from spotlight_notify.worker.stop_signals import StopWish

TROUBLE = ("failed", "failing", "unsure", "paused", "braked", "error")
"""What a cell of a table begins with that tells of trouble."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object, times in UTC.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What was said before the command's name; signals set ``stopping`` in ``run`` and ``once``."""

    config_path: Path
    quiet: bool
    stopping: "StopWish"

    def load(self, *, secrets: bool = True) -> "Config":
        """Read the configuration; ConfigError tells everything that is wrong with it.

        Without ``secrets``, for commands that talk to no network, those that cannot be had are no mistake.
        """
        from spotlight_notify.app.configuration import load_config

        config = load_config(self.config_path, os.environ, secrets=secrets)
        use_clocks_of(config)
        return config

    def load_partial_config(self) -> "PartialConfig":
        """Read what a hold needs, and say on stderr if all else has mistakes; ConfigError if that has."""
        from spotlight_notify.app.configuration import load_partial_config

        least = load_partial_config(self.config_path, os.environ)
        if least.zone:
            use_zones(least.zone)
        if least.mistakes:
            count = f"{least.mistakes} mistake{'s' if least.mistakes > 1 else ''}"
            self.say(f"{self.config_path} has {count}; see: spotlight-notify config check")
        return least

    def say(self, message: "Said") -> None:
        """Print a line for a person on stderr, unless asked to be quiet."""
        if not self.quiet:
            echo(message, err=True)

    def begin(self, doing: str) -> None:
        """Print at once what is begun, where a person waits for it at a terminal."""
        if is_terminal(sys.stderr):
            self.say(f"{doing} ...")


def make_streams_lenient() -> None:
    """Let letters be escaped that stdout or stderr has none for, such as those beyond Latin-1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def discard_unwritten() -> None:
    """Throw away what stdout or stderr cannot take, so that the interpreter does not try again at its end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def echo(line: "Said" = "", *, err: bool = False, campaign: str | None = None) -> None:
    """Print one line: control characters, turned directions and line ends in it are shown, not obeyed.

    Its times are shown by the clocks of the campaign, or of the programme.
    """
    click.echo(shown(by_local_clocks(words_of(line), campaign)), err=err)


def echo_text(text: str, *, err: bool = False) -> None:
    """Print a text of several lines as ``echo`` does one; its line ends are its own."""
    click.echo(shown_text(text), err=err)


def echo_trouble(text: "Said") -> None:
    """Print an error on stderr."""
    click.echo(in_red(shown_text(by_local_clocks(words_of(text))), sys.stderr), err=True)


def words_of(said: "Said") -> str:
    """Return a sentence with what it advises as commands to type."""
    if isinstance(said, str):
        return said
    from spotlight_notify.cli.commands_to_type import worded

    return worded(said)


def shown(line: str) -> str:
    """Write a line so that a terminal shows all that is in it, and obeys none of it."""
    if line.isascii() and line.isprintable():
        return line
    from spotlight_notify.text.invisible import visible

    return visible(line)


def shown_text(text: str) -> str:
    """Write a text as ``shown`` writes a line; its line ends are its own."""
    return "\n".join(map(shown, text.split("\n")))


HAS_PRINTED = "spotlight_notify.has_printed"
"""The name, among a context's, of whether an object was printed for programs."""


def print_json(value: object) -> None:
    """Print a value of ours as JSON, what cannot be seen in it, or written to the output, as escapes."""
    import json

    if ctx := click.get_current_context(silent=True):
        ctx.meta[HAS_PRINTED] = True
    from spotlight_notify.text.invisible import escaped_json

    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    told = json.dumps(plain(value), ensure_ascii=not encoding.startswith("utf"), indent=2)
    click.echo(escaped_json(told))


def plain(value: object) -> object:
    """Turn our values into what JSON knows; times become ISO 8601 in UTC with a Z, networks their names."""
    if is_dataclass(value) and not isinstance(value, type):
        return _plain_fields(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    return value


def _plain_fields(value: "DataclassInstance") -> object:
    from spotlight_notify.model.advice import Advice
    from spotlight_notify.model.networks import Network

    if isinstance(value, Advice):
        return words_of(value)
    if isinstance(value, Network):
        return value.name
    return {each.name: plain(getattr(value, each.name)) for each in fields(value)}


def print_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their headers: on a terminal cut to its width, with trouble in red; else whole."""
    from spotlight_notify.cli.tables import BETWEEN, laid_out

    lines = [tuple(shown(by_local_clocks(cell)) for cell in row) for row in (headers, *rows)]
    columns = shutil.get_terminal_size().columns if is_terminal(sys.stdout) else None
    for cells in laid_out(lines, columns):
        marked = [in_red(cell, sys.stdout) if cell.split(" ")[0] in TROUBLE else cell for cell in cells]
        click.echo((" " * BETWEEN).join(marked).rstrip())


def is_terminal(stream: TextIO) -> bool:
    """Return whether a person looks at what is written there."""
    return stream is not None and stream.isatty()


def in_red(text: str, stream: TextIO) -> str:
    """Mark trouble, on a terminal that shows colours (NO_COLOR: none)."""
    colours = is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return click.style(text, fg="red") if colours else text


def line_of(finding: "Finding") -> str:
    """Return a finding in a line: how grave, which rule, what, and where the rule comes from."""
    return f"{finding.level} {finding.rule}: {finding.message} [{finding.source}]"
