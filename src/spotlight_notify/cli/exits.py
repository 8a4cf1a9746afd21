"""Know the exit codes (sysexits.h where one fits) and which error ends with which."""

from spotlight_notify.errors import (
    ConfigError,
    FetchError,
    LedgerBusy,
    LedgerError,
    SourceError,
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


class CannotCreate(SpotlightError):
    """Say that a file or folder that was asked for cannot be made."""


CODES: tuple[tuple[type[SpotlightError], int], ...] = (
    (ConfigError, CONFIG_WRONG),
    (TemplateError, CONFIG_WRONG),
    (LedgerBusy, TRY_AGAIN),
    (LedgerError, CANNOT_WRITE),
    (SourceError, UNAVAILABLE),
    (FetchError, UNAVAILABLE),
    (Unauthorized, TOKEN_REFUSED),
    (CannotCreate, CANNOT_CREATE),
)
"""The first class that fits decides; anything else is 1."""


def code_of(error: SpotlightError) -> int:
    """Give the exit code that an error of ours ends a command with."""
    return next((code for kind, code in CODES if isinstance(error, kind)), 1)
