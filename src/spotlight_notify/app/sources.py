"""Build the sources that a configuration names."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import TYPE_CHECKING

from spotlight_notify.app.chance import clock
from spotlight_notify.config.configuration import Config, reading_of
from spotlight_notify.config.source_settings import DatabaseSettings, FeedSettings
from spotlight_notify.model.aids import Reading
from spotlight_notify.model.errors import SourceError
from spotlight_notify.ports.parts import Source

if TYPE_CHECKING:
    from spotlight_notify.sources.database.source import DatabaseSource
    from spotlight_notify.sources.database.table import Table
    from spotlight_notify.wire.wire import Wire


def build_sources(config: Config, wire: "Wire", stack: ExitStack) -> dict[str, Source]:
    """Build one for each source, by name; ``stack`` closes them."""
    from spotlight_notify.sources.feed.parsing import FeedParser
    from spotlight_notify.sources.feed.source import FeedSource

    parser = FeedParser()
    stack.callback(parser.close)
    sources: dict[str, Source] = {}
    for name, settings in config.sources.items():
        if isinstance(settings, FeedSettings):
            reading = _reading(settings, config)
            sources[name] = FeedSource(
                name=name,
                url=settings.url,
                every=settings.every,
                reading=reading,
                wire=wire,
                parser=parser,
                clock=clock,
                zone=str(settings.timezone or "UTC"),
            )
        else:
            database = _database(name, settings, config)
            stack.callback(database.close)
            sources[name] = database
    return sources


def notes_on_databases(config: Config) -> Iterator[str]:
    """Yield what is right in the sources that are databases but may not be meant; each is looked at once."""
    for name, settings in config.sources.items():
        if not isinstance(settings, DatabaseSettings):
            continue
        zone = None if settings.timezone else str(config.programme.timezone)
        with closing(_database(name, settings, config)) as database:
            try:
                yield from (f"{name}: {note}" for note in database.survey(zone, settings.every))
            except SourceError as error:
                yield f"{error}; so its columns were not looked at"


def _database(name: str, settings: DatabaseSettings, config: Config) -> "DatabaseSource":
    from spotlight_notify.sources.database.source import DatabaseSource

    return DatabaseSource(
        name=name,
        url=settings.url.get_secret_value(),
        table=_table(settings),
        clock=clock,
        reading=_reading(settings, config),
        zone=settings.timezone or config.programme.timezone,
    )


def _reading(settings: FeedSettings | DatabaseSettings, config: Config) -> Reading:
    return replace(reading_of(settings), known_themes=tuple(config.themes))


def _table(settings: DatabaseSettings) -> "Table":
    from spotlight_notify.sources.database.table import Columns, Table

    return Table(
        name=settings.table,
        schema=settings.schema_name,
        key=settings.key,
        columns=Columns(**settings.columns.model_dump()),
        filter=settings.filter,
        order_by=settings.order_by,
        overlap=settings.overlap,
        updated=settings.updated,
    )
