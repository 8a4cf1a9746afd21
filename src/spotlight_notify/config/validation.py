"""What checks of settings share: how tables behave, the file around a setting, and how a mistake is told."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, ValidationInfo
from pydantic_core import PydanticCustomError


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContext:
    """What validation of one file knows beside the value at hand."""

    folder: Path
    allow_private: bool
    sources: frozenset[str]
    channels: frozenset[str]


def context_of(info: ValidationInfo) -> FileContext | None:
    """Return the file around a setting, or None when a table is built by hand and not read from a file."""
    context: Any = info.context
    return context if isinstance(context, FileContext) else None


def wrong(words: str) -> PydanticCustomError:
    """Make the error a validator raises; the words go to the reader as they are, so no value in them."""
    return PydanticCustomError("spotlight", "{words}", {"words": words})


TABLE = ConfigDict(
    extra="forbid",
    frozen=True,
    hide_input_in_errors=True,
    validate_default=True,
    populate_by_name=True,
    defer_build=True,
)
"""Unknown settings are mistakes; messages never quote values; only the model of the whole file is built."""
