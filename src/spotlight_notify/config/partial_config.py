"""Read what a hold needs from a file that may be wrong in everything else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field

from spotlight_notify.config.channel_settings import Kinds
from spotlight_notify.config.configuration import Config
from spotlight_notify.config.cross_checks import tables_in
from spotlight_notify.config.error_messages import config_error, validate
from spotlight_notify.config.loading import context_for, load_config, without_consequences
from spotlight_notify.config.references import Origin, resolve
from spotlight_notify.config.settings import Document, LedgerSettings, ProgrammeSettings
from spotlight_notify.config.toml_file import Parsed, parse
from spotlight_notify.config.validation import TABLE
from spotlight_notify.model.errors import ConfigError, Problem

ANY_NAME = {"name": "-"}
"""Stands for the programme's name, which no hold needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialConfig:
    """What a hold needs of a configuration, and the names in it that can be read.

    ``config`` is None where there are mistakes. Without a ``zone`` there are ``zone_problems``.
    """

    ledger_url: str = field(repr=False)
    zone: ZoneInfo | None
    zone_problems: tuple[Problem, ...]
    campaigns: frozenset[str]
    channels: frozenset[str]
    themes: frozenset[str]
    config: Config | None
    mistakes: int


class PartialDocument(BaseModel):
    """The two tables a hold may need."""

    model_config = TABLE

    programme: ProgrammeSettings
    ledger: LedgerSettings = Field(default_factory=LedgerSettings)


def load_partial_config(path: Path, environ: Mapping[str, str], *, kinds: Kinds) -> PartialConfig:
    """Read where the ledger is, and what else can be read.

    ConfigError when the file is not TOML, or does not say well where the ledger is.
    """
    parsed, origin = parse(path), Origin(environ=environ, folder=path.resolve().parent)
    ledger = _checked({"programme": ANY_NAME, **_table("ledger", parsed)}, parsed, origin, path).ledger
    zone, zone_problems = _zone(parsed, origin, path)
    config, mistakes = _whole(path, environ, kinds)
    return PartialConfig(
        ledger_url=ledger.url.get_secret_value(),
        zone=zone,
        zone_problems=zone_problems,
        campaigns=frozenset(tables_in(parsed.values, "campaigns")),
        channels=frozenset(tables_in(parsed.values, "channels")),
        themes=frozenset(_themes(parsed.values, origin)),
        config=config,
        mistakes=mistakes,
    )


def _table(name: str, parsed: Parsed) -> dict[str, Any]:
    """Return a table; where there is none, whatever has a name that no table has: it may be meant for it."""
    if name in parsed.values:
        return {name: parsed.values[name]}
    return {key: value for key, value in parsed.values.items() if key not in Document.model_fields}


def _zone(parsed: Parsed, origin: Origin, path: Path) -> tuple[ZoneInfo | None, tuple[Problem, ...]]:
    tables = _table("programme", parsed)
    if isinstance(tables.get("programme"), dict):
        tables = {"programme": {**tables["programme"], **ANY_NAME}}
    try:
        return _checked(tables, parsed, origin, path).programme.timezone, ()
    except ConfigError as error:
        return None, error.problems


def _checked(tables: Mapping[str, Any], parsed: Parsed, origin: Origin, path: Path) -> PartialDocument:
    resolved = resolve(tables, origin)
    context = context_for(parsed.values, origin.folder)
    document, found = validate(PartialDocument, resolved.values, context)
    found = [*resolved.problems.items(), *without_consequences(found, resolved.problems)]
    if found or document is None:
        raise config_error(path, parsed.lines, found)
    return document


def _whole(path: Path, environ: Mapping[str, str], kinds: Kinds) -> tuple[Config | None, int]:
    """Load all of it, or count what is wrong."""
    try:
        return load_config(path, environ, kinds=kinds, secrets=False), 0
    except ConfigError as error:
        return None, len(error.problems)


def _themes(values: Mapping[str, Any], origin: Origin) -> Iterator[str]:
    """Yield the themes that have a table, and those that sources are read with."""
    yield from tables_in(values, "themes")
    for source in tables_in(values, "sources").values():
        written = source.get("reading")
        reading = resolve(written, origin).values if isinstance(written, dict) else {}
        named = [reading.get("default_theme")]
        for table in (reading.get("theme_categories"), reading.get("theme_link_paths")):
            named += table.values() if isinstance(table, dict) else ()
        yield from (theme for theme in named if isinstance(theme, str) and theme)
