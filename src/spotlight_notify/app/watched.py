"""Build the sources that a configuration names."""

from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from spotlight_notify.app.chance import clock
from spotlight_notify.config import Config, DatabaseSettings, FeedSettings, reading_of
from spotlight_notify.ports import Source
from spotlight_notify.wire import Wire

if TYPE_CHECKING:
    from spotlight_notify.sources.database_table import Table


def build_sources(config: Config, wire: Wire, stack: ExitStack) -> dict[str, Source]:
    """Build one for each source, by name; ``stack`` closes them."""
    from spotlight_notify.sources.database import DatabaseSource
    from spotlight_notify.sources.feed import FeedSource
    from spotlight_notify.sources.parsing import FeedParser

    parser = FeedParser()
    stack.callback(parser.close)
    sources: dict[str, Source] = {}
    for name, settings in config.sources.items():
        reading = replace(reading_of(settings), known_themes=tuple(config.themes))
        if isinstance(settings, FeedSettings):
            sources[name] = FeedSource(
                name=name, url=settings.url, reading=reading, wire=wire, parser=parser, clock=clock
            )
        else:
            database = DatabaseSource(
                name=name,
                url=settings.url.get_secret_value(),
                table=_table(settings),
                clock=clock,
                reading=reading,
                zone=config.programme.timezone,
            )
            stack.callback(database.close)
            sources[name] = database
    return sources


def _table(settings: DatabaseSettings) -> "Table":
    from spotlight_notify.sources.database_table import Columns, Table

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
