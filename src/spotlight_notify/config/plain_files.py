"""Find the ledger of a plain configuration at once, without what checks all the rest of it."""

import re
import tomllib
from pathlib import Path

PLAIN_FILE = re.compile(r"sqlite:///(?P<file>[A-Za-z0-9_./-]+)")
"""The URL of a SQLite file with nothing in it that could mean anything else."""


def plain_ledger_file(config: Path) -> Path | None:
    """Tell in which SQLite file a configuration plainly keeps the ledger; else None."""
    try:
        ledger = tomllib.loads(config.read_text("utf-8-sig")).get("ledger")
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(ledger, dict) or ledger.keys() != {"url"}:
        return None
    plain = PLAIN_FILE.fullmatch(str(ledger["url"]))
    return config.resolve().parent / plain["file"] if plain else None
