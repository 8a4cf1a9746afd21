"""Know the exit codes (sysexits.h where one fits) and which error ends with which."""

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
    """Give the exit code that an error of ours ends a command with."""
    return next((code for kind, code in CODES if isinstance(error, kind)), 1)
