"""Tell how a command failed: in a line on stderr, and with --json as one object on stdout too."""

import re
from collections.abc import Sequence

import click

from spotlight_notify.cli.output import HAS_PRINTED, echo_trouble, print_json, words_of
from spotlight_notify.model.errors import (
    CannotCreate,
    ConfigError,
    LedgerBusy,
    LedgerError,
    PublishError,
    SpotlightError,
    TemplateError,
    Unauthorized,
)

SOME_FAILED = 3
TOKEN_REFUSED = 4
UNAVAILABLE = 69
CANNOT_CREATE = 73
CANNOT_WRITE = 74
TRY_AGAIN = 75
CONFIG_WRONG = 78
HUNG_UP = 129
"""As a shell tells it of a process that SIGHUP ended: no success, so that a service is started anew."""


CODES: tuple[tuple[type[SpotlightError], int], ...] = (
    (ConfigError, CONFIG_WRONG),
    (TemplateError, CONFIG_WRONG),
    (LedgerBusy, TRY_AGAIN),
    (LedgerError, CANNOT_WRITE),
    (Unauthorized, TOKEN_REFUSED),
    (PublishError, UNAVAILABLE),
    (CannotCreate, CANNOT_CREATE),
)
"""The first class that fits decides; anything else is 1."""


def code_of(error: SpotlightError) -> int:
    """Return the exit code that an error of ours ends a command with."""
    return next((code for kind, code in CODES if isinstance(error, kind)), 1)


WANTS_JSON = "spotlight_notify.wants_json"
"""The name, among a context's, of whether programs read what this command says."""

USAGE = "usage"
"""The code of a mistake in a command; other failures are known by the names of errors."""


def note_json(ctx: click.Context, args: Sequence[str]) -> None:
    """Remember whether a program reads, before anything can go wrong."""
    options = args[: args.index("--")] if "--" in args else args
    ctx.meta[WANTS_JSON] = "--json" in options


def code_word(error: SpotlightError) -> str:
    """Return an error's name for programs: UnknownName is ``unknown-name``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower()


def told(error: SpotlightError) -> str:
    """Return what an error says, with options and commands for what it names."""
    return words_of(error.said)


def tell_error(error: SpotlightError) -> int:
    """Print one of our errors, and return the exit code."""
    tell_failure(code_word(error), told(error), code_of(error))
    return code_of(error)


def tell_failure(code: str, message: str, exit_code: int) -> None:
    """Print a failure for a person, and for a program if one reads."""
    echo_trouble(message)
    tell_program(code, message, exit_code)


def tell_program(code: str, message: str, exit_code: int) -> None:
    """Print a failure as an object, unless the command has printed one already."""
    ctx = click.get_current_context(silent=True)
    if ctx and ctx.meta.get(WANTS_JSON) and not ctx.meta.get(HAS_PRINTED):
        print_json({"code": code, "message": message, "exit": exit_code})
