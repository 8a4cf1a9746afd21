"""Build the sources that a configuration names."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from spotlight_notify.app.chance import clock
from spotlight_notify.config.configuration import Config, reading_of
from spotlight_notify.config.source_settings import DatabaseSettings, FeedSettings
from spotlight_notify.model.aids import Reading
from spotlight_notify.model.errors import FetchError, SourceError, refuse_unknown
from spotlight_notify.ports.parts import Source

if TYPE_CHECKING:
    from spotlight_notify.sources.database.source import DatabaseSource
    from spotlight_notify.sources.database.table import Table
    from spotlight_notify.sources.feed.parser_pool import FeedParser
    from spotlight_notify.sources.feed.source import FeedSource, Fetcher
    from spotlight_notify.wire.fetching import Fetched
    from spotlight_notify.wire.wire import Wire


class OneFile:
    """Answers every request with what a file holds, as a server of static files would."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def fetch(self, url: str, *, headers: Mapping[str, str]) -> "Fetched":
        """Return the file; FetchError when it cannot be read."""
        from spotlight_notify.wire.fetching import Fetched

        try:
            body = self._path.read_bytes()
        except OSError as error:
            raise FetchError(str(self._path), str(error.strerror), sent=False) from error
        return Fetched(status=HTTPStatus.OK, headers={}, body=body, url=url)


def build_sources(config: Config, wire: "Wire", stack: ExitStack) -> dict[str, Source]:
    """Build one for each source, by name; ``stack`` closes them."""
    parser = _feed_parser(stack)
    sources: dict[str, Source] = {}
    for name, settings in config.sources.items():
        if isinstance(settings, FeedSettings):
            sources[name] = _feed(name, settings, config, wire, parser)
        else:
            database = _database(name, settings, config)
            stack.callback(database.close)
            sources[name] = database
    return sources


def unlisted_feed(place: str, config: Config, wire: "Wire", stack: ExitStack) -> Source:
    """Build a source for a feed that is not in the configuration: a file, or an address.

    It is read as the first feed in the configuration is. Raises UnknownName when it is neither.
    """
    is_address = place.startswith(("http://", "https://"))
    if not is_address and not Path(place).is_file():
        refuse_unknown("source", place, config.sources)
    url = place if is_address else "https://feed.invalid/"
    feeds = [each for each in config.sources.values() if isinstance(each, FeedSettings)]
    settings = (feeds or [FeedSettings.model_construct(kind="feed")])[0].model_copy(update={"url": url})
    return _feed(place, settings, config, wire if is_address else OneFile(Path(place)), _feed_parser(stack))


def _feed_parser(stack: ExitStack) -> "FeedParser":
    from spotlight_notify.sources.feed.parser_pool import FeedParser

    parser = FeedParser()
    stack.callback(parser.close)
    return parser


def _feed(
    name: str, settings: FeedSettings, config: Config, wire: "Fetcher", parser: "FeedParser"
) -> "FeedSource":
    from spotlight_notify.sources.feed.source import FeedSource

    return FeedSource(
        name=name,
        url=settings.url,
        every=settings.every,
        reading=_reading(settings, config),
        wire=wire,
        parser=parser,
        clock=clock,
        zone=str(settings.timezone or "UTC"),
        events_zone=settings.timezone or config.programme.timezone,
    )


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
