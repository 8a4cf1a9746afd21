"""Read a configuration file: either all of it is right, or every mistake is named with its line."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from spotlight_notify.config.channel_settings import Kinds, account_settings
from spotlight_notify.config.configuration import Config
from spotlight_notify.config.cross_checks import crosscheck, hours_mistakes, tables_in
from spotlight_notify.config.error_messages import Mistake, config_error, validate
from spotlight_notify.config.hours_settings import approval_of, hours_of, pace_of
from spotlight_notify.config.references import Origin, Resolved, fill_placeholders, resolve
from spotlight_notify.config.settings import CampaignSettings, Document, document_of
from spotlight_notify.config.source_settings import DatabaseSettings, FeedSettings, selection_of
from spotlight_notify.config.toml_file import parse
from spotlight_notify.config.validation import FileContext
from spotlight_notify.model.aids import Theme
from spotlight_notify.model.campaigns import Campaign, Channel, Selection
from spotlight_notify.model.errors import ConfigError
from spotlight_notify.model.schedule import Tempo
from spotlight_notify.text.toml_lines import Place


def load_config(path: Path, environ: Mapping[str, str], *, kinds: Kinds, secrets: bool = True) -> Config:
    """Read a TOML file, put in the secrets it names, and check all of it; ``kinds``: what channels may be.

    Without ``secrets`` placeholders stand in for those that cannot be read, but for the ledger's own: see
    ``Config.placeholders``.

    Raises ConfigError with every problem found, each with its line and never with a value; reads the
    named secret files, looks for the named folders, and opens no connection.
    """
    parsed = parse(path)
    folder = path.resolve().parent
    resolved = resolve(parsed.values, Origin(environ=environ, folder=folder))
    placeholders = frozenset() if secrets else fill_placeholders(resolved)
    document, found = _validated(resolved.values, folder, kinds)
    fit = placeholders - {place for place, _ in found}
    missing = {place: words for place, words in resolved.problems.items() if place not in fit}
    found = [*missing.items(), *without_consequences(found, resolved.problems)]
    if document is not None:
        found += hours_mistakes(document)
    if found or document is None:
        raise config_error(path, parsed.lines, found)
    return _config(document, resolved, placeholders, kinds)


def named_templates(path: Path, environ: Mapping[str, str]) -> tuple[str, Path, frozenset[str]] | None:
    """Return the folder of templates as the file writes it, where it is, and which networks channels are on.

    None when there is none.

    Whatever else is wrong with the file makes no difference, as long as it can be read.
    """
    try:
        parsed = parse(path)
    except ConfigError:
        return None
    home = path.resolve().parent
    values = resolve(parsed.values, Origin(environ=environ, folder=home)).values
    table = values.get("templates")
    written = table.get("folder") if isinstance(table, dict) else None
    if not isinstance(written, str) or not written or not os.path.isdir(home / written):
        return None
    networks = frozenset(str(table.get("network")) for table in tables_in(values, "channels").values())
    return written, home / written, networks


def _validated(
    values: Mapping[str, Any], folder: Path, kinds: Kinds
) -> tuple[Document | None, list[Mistake]]:
    document, found = validate(document_of(kinds), values, context_for(values, folder))
    return document, [*found, *crosscheck(values, account_settings(kinds))]


def without_consequences(found: list[Mistake], failed: Mapping[Place, str]) -> list[Mistake]:
    """Return the mistakes without those that only follow from a reference that could not be resolved."""
    return [(place, words) for place, words in found if place not in failed]


def context_for(values: Mapping[str, Any], folder: Path) -> FileContext:
    """Return what the validation of a file's values knows beside the value at hand."""
    wire = values.get("wire")
    allow = isinstance(wire, dict) and wire.get("allow_private_addresses") is True
    names = {name: values.get(name) for name in ("sources", "channels")}
    known = {name: frozenset(table if isinstance(table, dict) else ()) for name, table in names.items()}
    return FileContext(
        folder=folder, allow_private=allow, sources=known["sources"], channels=known["channels"]
    )


def _config(document: Document, resolved: Resolved, placeholders: frozenset[Place], kinds: Kinds) -> Config:
    return Config(
        programme=document.programme,
        ledger_url=document.ledger.url.get_secret_value(),
        wire=document.wire,
        delivery=document.delivery,
        templates_folder=document.templates.folder,
        lint=document.lint,
        links=document.links,
        pictures=document.pictures,
        themes=MappingProxyType(
            {name: Theme(name=name, hashtag=t.hashtag, link=t.link) for name, t in document.themes.items()}
        ),
        alt_texts=MappingProxyType(document.alt_texts),
        summaries=MappingProxyType(document.summaries),
        sources=MappingProxyType(document.sources),
        channels=MappingProxyType(document.channels),
        networks=tuple(kind.on for kind in kinds),
        campaigns=tuple(_campaign(name, table, document) for name, table in document.campaigns.items()),
        tempos=MappingProxyType({name: _tempo(name, document) for name in document.channels}),
        referred=frozenset(resolved.secrets),
        placeholders=placeholders,
    )


def _campaign(named: str, table: CampaignSettings, document: Document) -> Campaign:
    channels = tuple(Channel(name=name, network=document.channels[name].on) for name in table.channels)
    return Campaign(
        name=named,
        sources=table.sources,
        channels=channels,
        hashtag=table.hashtag,
        theme_hashtags=table.theme_hashtags,
        tracking=MappingProxyType(table.tracking),
        own_domains=table.own_domains,
        oldest=table.hours.oldest,
        approval=approval_of(table.approval),
        selection=selection_of(table.only, table.without),
        source_selections=MappingProxyType(
            {each: _selection(document.sources[each]) for each in table.sources}
        ),
    )


def _selection(source: FeedSettings | DatabaseSettings) -> Selection:
    return selection_of(source.only, source.without)


def _tempo(channel: str, document: Document) -> Tempo:
    zone = document.programme.timezone
    paces = {
        name: pace_of(table.hours, zone)
        for name, table in document.campaigns.items()
        if channel in table.channels
    }
    return Tempo(paces=paces, channel=hours_of(document.channels[channel].hours, zone))
