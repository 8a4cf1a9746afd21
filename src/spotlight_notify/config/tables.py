"""Set what holds for every table of a configuration file."""

from pydantic import ConfigDict

TABLE = ConfigDict(
    extra="forbid",
    frozen=True,
    hide_input_in_errors=True,
    validate_default=True,
    populate_by_name=True,
    defer_build=True,
)
"""Unknown settings are mistakes; messages never quote values; only the model of the whole file is built."""
