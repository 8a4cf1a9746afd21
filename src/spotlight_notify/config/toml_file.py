"""Read a TOML file: its values, and the line of every place in it."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from spotlight_notify.model.errors import ConfigError, Problem
from spotlight_notify.text.toml_lines import Place, line_numbers

_POSITION = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")
_SHAPE = "a line is a [table] or a setting = value, and text stands in quotation marks"
_OPEN = "a quotation mark or a bracket is not closed here"
_EARLY = "the file ends too early: a quotation mark or a bracket is not closed, or a value is missing"
_TWICE = "this is in the file twice; put it together"
_HINTS = {
    "Invalid statement": _SHAPE,
    "Invalid initial character": _SHAPE,
    "Invalid value": _SHAPE,
    'Expected "\'"': _OPEN,
    "Expected": _SHAPE,
    "Unclosed": _OPEN,
    "Unterminated": _OPEN,
    "Illegal character": f"{_OPEN}, or a character is not allowed",
    "Cannot": _TWICE,
    "Duplicate": _TWICE,
    "Unescaped": "a backslash in double quotation marks is written twice; or use single quotation marks",
    "Invalid date": "this is not a date",
}
PLAIN_FILE = re.compile(r"sqlite:///(?P<file>[A-Za-z0-9_./-]+)")
"""The URL of a SQLite file with nothing in it that could mean anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A file's values, and the line of every place in it."""

    values: dict[str, Any]
    lines: dict[Place, int]


def parse(path: Path) -> Parsed:
    """Read and parse a file; ConfigError when it cannot be read or is not TOML."""
    text = _read(path)
    try:
        return Parsed(values=tomllib.loads(text), lines=line_numbers(text))
    except tomllib.TOMLDecodeError as error:
        problem = _syntax(path, text, str(error))
    except RecursionError:
        problem = Problem(str(path), 0, "lists or tables are nested too deeply")
    raise ConfigError([problem])


def plain_ledger_file(config: Path) -> tuple[Path, ZoneInfo] | None:
    """Return the SQLite file that plainly is the ledger, and the programme's zone; else None.

    All the rest is left unchecked.
    """
    try:
        values = tomllib.loads(config.read_text("utf-8-sig"))
        ledger, zone = values.get("ledger"), ZoneInfo(values["programme"].get("timezone", "UTC"))
    except (OSError, ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return None
    if not isinstance(ledger, dict) or ledger.keys() != {"url"}:
        return None
    plain = PLAIN_FILE.fullmatch(str(ledger["url"]))
    return (config.resolve().parent / plain["file"], zone) if plain else None


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        words = 'there is no such file; "spotlight-notify init" writes one to fill in'
        raise ConfigError([Problem(str(path), 0, words)]) from error
    except OSError as error:
        words = f"the file cannot be read: {(error.strerror or 'unknown reason').lower()}"
        raise ConfigError([Problem(str(path), 0, words)]) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    raise ConfigError([Problem(str(path), line, "this line is not text in UTF-8; save the file as UTF-8")])


def _syntax(path: Path, text: str, message: str) -> Problem:
    """Return in plain words what tomllib found; its own words could quote a character of a secret."""
    found = _POSITION.search(message)
    if not found or not found["line"]:
        return Problem(str(path), len(text.splitlines()), _EARLY)
    words = next((hint for start, hint in _HINTS.items() if message.startswith(start)), "this is not TOML")
    return Problem(str(path), int(found["line"]), words)
