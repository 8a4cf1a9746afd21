"""A configuration that is right, and what else is read from it: secrets, and whether others may read them."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr

from spotlight_notify.config.channel_settings import ChannelSettings
from spotlight_notify.config.database_urls import passwords_in, place_in
from spotlight_notify.config.lint_settings import LintSettings
from spotlight_notify.config.settings import (
    DeliverySettings,
    LinkSettings,
    PictureSettings,
    ProgrammeSettings,
    WireSettings,
)
from spotlight_notify.config.source_settings import DatabaseSettings, FeedSettings
from spotlight_notify.config.toml_file import parse
from spotlight_notify.model.aids import Reading, Theme
from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.networks import Network
from spotlight_notify.model.schedule import Tempo
from spotlight_notify.rules.pricing import Prices
from spotlight_notify.text.links import normalised_link
from spotlight_notify.text.toml_lines import Place

SHORTEST = 4
"""Shorter ones would be found in ordinary words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything one configuration file says, checked and complete; printing it shows no secret.

    ``ledger_url`` is a SQLAlchemy URL with its password; a SQLite file in it is absolute.
    ``templates_folder`` is None for the packaged templates, else a folder that was there.
    ``tempos``: when posts may go out on each channel, and how fast.
    ``networks``: all that channels could be on.
    ``alt_texts`` are by the address of the picture, or of the aid; ``summaries`` by that of the aid.
    Mappings are by name, in the order of the file.
    """

    programme: ProgrammeSettings
    ledger_url: str = field(repr=False)
    wire: WireSettings
    delivery: DeliverySettings
    templates_folder: Path | None
    lint: LintSettings
    links: LinkSettings
    pictures: PictureSettings
    themes: Mapping[str, Theme]
    alt_texts: Mapping[str, str]
    summaries: Mapping[str, str]
    sources: Mapping[str, FeedSettings | DatabaseSettings]
    channels: Mapping[str, ChannelSettings]
    networks: tuple[Network, ...]
    campaigns: tuple[Campaign, ...]
    tempos: Mapping[str, Tempo] = field(repr=False)
    referred: frozenset[str] = field(repr=False, default=frozenset())
    """Secret values that came by reference, beside those that secret settings hold."""
    placeholders: frozenset[Place] = field(repr=False, default=frozenset())
    """Where something stands in for a secret that could not be read: no request may be made with it."""

    @property
    def prices(self) -> Mapping[str, Prices]:
        """What channels charge, by name; those that charge nothing are left out."""
        charged = {name: one.charges() for name, one in self.channels.items()}
        return {name: prices for name, prices in charged.items() if prices}

    def is_signed(self, channel: str) -> bool:
        """Return whether all that a channel's requests need is there."""
        return all(place[:2] != ("channels", channel) for place in self.placeholders)


def reading_of(settings: FeedSettings | DatabaseSettings) -> Reading:
    """Return the rules by which a source's kinds, themes and access are read."""
    table = settings.reading
    return Reading(**{name: getattr(table, name) for name in type(table).model_fields})


def address_of(settings: FeedSettings | DatabaseSettings) -> str:
    """Return where a source is, by a SHA-256 (hex) that shows no secret.

    Passwords, the folder of a file, http or https make no difference.
    """
    if isinstance(settings, FeedSettings):
        place = normalised_link(settings.url)
    else:
        place = f"{place_in(settings.url)} {settings.schema_name or ''} {settings.table}"
    return hashlib.sha256(place.encode()).hexdigest()


def secrets_of(config: Config) -> frozenset[str]:
    """Collect every value that must never be seen in a log: tokens, passwords, and whatever files held."""
    tables: list[BaseModel] = [*config.sources.values(), *config.channels.values()]
    urls = [SecretStr(config.ledger_url)]
    urls += [source.url for source in config.sources.values() if isinstance(source, DatabaseSettings)]
    tokens = {value for table in tables for value in _tokens(table)}
    passwords = {password for url in urls for password in passwords_in(url)}
    return (config.referred | tokens | passwords) - {""}


def exposed_secrets(path: Path, config: Config) -> str | None:
    """Return a warning if others may read a file in which secrets are written out; else None."""
    if not path.stat().st_mode & 0o077:
        return None
    secrets = [secret for secret in secrets_of(config) if len(secret) >= SHORTEST]
    if not any(secret in text for text in _texts(parse(path).values) for secret in secrets):
        return None
    return (
        f"others may read {path}, and secrets are written out in it: chmod 600 {path},"
        ' or write references such as "${NAME}" or "${file:/run/secrets/x}"'
    )


def _tokens(table: BaseModel) -> set[str]:
    held = {name: getattr(table, name) for name in type(table).model_fields if name != "url"}
    return {value.get_secret_value() for value in held.values() if isinstance(value, SecretStr)}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
