"""Set what holds for every table of a configuration file."""

from pydantic import ConfigDict

TABLE = ConfigDict(
    extra="forbid",
    frozen=True,
    hide_input_in_errors=True,
    validate_default=True,
    populate_by_name=True,
    use_attribute_docstrings=True,
)
"""Unknown settings are mistakes; a model's own message never quotes a value."""
