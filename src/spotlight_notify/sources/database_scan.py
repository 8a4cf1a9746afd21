"""Walk over a table in pages, for one look: compare keys with what is known, fetch only the rest."""

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from time import monotonic

from sqlalchemy import Connection

from spotlight_notify.errors import SourceError
from spotlight_notify.model import Aid, Look
from spotlight_notify.ports import Known
from spotlight_notify.sources.database_cursor import Place, Strand, Value, read_place, write_place
from spotlight_notify.sources.database_order import farthest, not_ahead, step_back
from spotlight_notify.sources.database_rows import Row, RowReader, alias_of, identity
from spotlight_notify.sources.database_shape import Shape
from spotlight_notify.sources.database_table import Table

PAGE = 250
"""Keys that are compared at a time: few enough for one question to the ledger."""

MOST_AIDS = 500
"""Aids one look returns at most, so that the ledger's transaction stays short."""

MOST_KEYS = 50_000
"""Keys one look compares at most, so that a long scan is kept in steps."""

MOST_WARNINGS = 20
"""Sentences about odd rows that one look returns at most."""

LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class Scan:
    """Go on with a scan, or begin one, for one look; ``rest_at`` is the monotonic time to leave it at."""

    connection: Connection
    shape: Shape
    table: Table
    reader: RowReader
    known: Known
    now: datetime
    rest_at: float
    aids: dict[str, Aid] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    odd: str = ""

    def look(self, cursor: str | None, database: str) -> Look:
        """Read pages, one at least, until the scan is complete or the look is full. ``database`` names it."""
        place = self._begun(read_place(cursor, _signature(database, self.table)))
        place = self._read_page(place)
        pages = 1
        while place.strand and not self._is_full(pages):
            place = self._read_page(place)
            pages += 1
        return Look(
            aids=self._oldest_first(),
            cursor=self._written(place),
            more=place.strand is not None,
            warnings=_shortened(self.warnings),
        )

    def _is_full(self, pages: int) -> bool:
        return len(self.aids) > MOST_AIDS - PAGE or pages * PAGE >= MOST_KEYS or monotonic() >= self.rest_at

    def _begun(self, place: Place) -> Place:
        """Start a new scan unless one is under way."""
        if place.strand is not None:
            return place
        return replace(
            place,
            strand=Strand.KEYED if self.shape.order is None else Strand.ORDERED,
            low=None if place.high is None else self._stepped_back(place.high),
            began_at=self.now,
        )

    def _read_page(self, place: Place) -> Place:
        strand = place.strand or Strand.KEYED
        asked = self.shape.positions(strand, place.low, place.after, PAGE)
        found = [tuple(row) for row in self.connection.execute(asked)]
        self._take([position[-1] for position in found], first=place.first)
        if found and found[-1] == place.after:
            raise SourceError(
                self.reader.source, f"table {self.table} cannot be paged by column {self.table.key}"
            )
        if found:
            top = self._top(place, found) if strand is Strand.ORDERED else place.top
            place = replace(place, after=found[-1], top=top)
        return place if len(found) == PAGE else self._next_strand(place)

    def _top(self, place: Place, found: Sequence[tuple[Value, ...]]) -> Value:
        """Find the farthest order value met so far; one that nothing can be reckoned from is passed over."""
        values = [position[0] for position in found]
        like = place.high if place.top is None else place.top
        fit, odd = farthest(values, like, self.table.overlap, number=self.shape.numbers)
        self.odd = self.odd or odd
        return place.top if fit is None else fit

    def _next_strand(self, place: Place) -> Place:
        if place.strand is Strand.KEYED:
            return self._finished(place)
        if place.top is None and place.low is not None:
            # Not even the farthest row is there any more: the table was emptied or restored.
            return replace(place, low=None, after=None)
        return replace(place, strand=Strand.KEYED, after=None)

    def _finished(self, place: Place) -> Place:
        if self.connection.execute(self.shape.keyless()).first():
            self.warnings.append(
                f"table {self.table}: rows without a value in {self.table.key} are passed over"
            )
        self._note_odd(place.top)
        high = None
        if place.top is not None:
            high = not_ahead(place.top, place.began_at or self.now, self.reader.zone)
            self._stepped_back(high)
        return Place(of=place.of, high=high, first=False)

    def _note_odd(self, top: Value) -> None:
        """Warn of an order value that does not fit; an error where none does."""
        if not self.odd:
            return
        column = f"table {self.table}, column {self.table.order_by}"
        if top is None:
            raise SourceError(self.reader.source, f"{column}: {self.odd}")
        self.warnings.append(f"{column}: nothing can be reckoned from some of its values ({self.odd})")

    def _stepped_back(self, high: Value) -> Value:
        try:
            return step_back(high, self.table.overlap, number=self.shape.numbers)
        except (ValueError, ArithmeticError) as error:
            raise SourceError(
                self.reader.source, f"table {self.table}, column {self.table.order_by}: {error}"
            ) from error

    def _take(self, keys: Sequence[Value], *, first: bool) -> None:
        wanted = {identity(key): key for key in keys}
        strangers = wanted.keys() - self.aids.keys()
        if strangers:
            strangers -= self.known([name for name in wanted if name in strangers])
        if not strangers:
            return
        unknown = [key for name, key in wanted.items() if name in strangers]
        rows = self._fetch(unknown)
        self._note_unreadable(keys, strangers - {identity(row["key"]) for row in rows})
        taken = self._taken_links(rows, first)
        for row in rows:
            aid, odd = self.reader.read(row, taken)
            self.aids[aid.key] = aid
            self.warnings += odd

    def _fetch(self, keys: Sequence[Value]) -> list[Row]:
        """Fetch whole rows, one for each key that is still there, in the order of the keys."""
        rows: dict[str, Row] = {}
        for row in self.connection.execute(self.shape.rows_of(keys)).mappings():
            name = identity(row["key"])
            if name in rows:
                self.warnings.append(f"{name}: several rows have this {self.table.key}, one was taken")
            rows.setdefault(name, dict(row))
        return [rows[name] for name in map(identity, keys) if name in rows]

    def _note_unreadable(self, keys: Sequence[Value], missing: Collection[str]) -> None:
        """Count keys that came back with a sign for bytes that are no text: by them nothing is found."""
        broken = sum(isinstance(key, str) and "\ufffd" in key and identity(key) in missing for key in keys)
        if broken:
            self.warnings.append(
                f"table {self.table}: {broken} rows cannot be read: their {self.table.key} is not valid UTF-8"
            )

    def _taken_links(self, rows: Sequence[Row], first: bool) -> Collection[str]:
        """Find aliases of links that tell no row apart: several rows have them, or one that is known has.

        At the first scan only among rows at hand: nothing is announced then, and to ask the whole table for
        each page of a large one would take hours.
        """
        aliases = Counter(name for row in rows for name in alias_of(row))
        taken = {name for name, times in aliases.items() if times > 1}
        links = {row["link"] for row in rows if row.get("link")}
        if not first and links:
            shared = self.connection.execute(self.shape.shared("link", links)).mappings()
            taken |= {name for row in shared for name in alias_of(dict(row))}
        ours = {name for aid in self.aids.values() for name in aid.aliases}
        return taken | (aliases.keys() & ours) | (self.known(sorted(aliases)) if aliases else frozenset())

    def _oldest_first(self) -> tuple[Aid, ...]:
        aids = tuple(self.aids.values())
        if self.shape.order is not None:
            return aids
        return tuple(sorted(aids, key=lambda aid: aid.published_at or LAST))

    def _written(self, place: Place) -> str:
        try:
            return write_place(place)
        except TypeError as error:
            raise SourceError(
                self.reader.source, f"table {self.table}: as a key or order, {error}"
            ) from error


def _signature(database: str, table: Table) -> str:
    """Name what is scanned, so that a cursor of something else is known for one."""
    words = [database, table.schema, table.name, table.key, table.filter, table.order_by]
    return sha256(json.dumps(words).encode()).hexdigest()[:16]


def _shortened(warnings: Sequence[str]) -> tuple[str, ...]:
    more = len(warnings) - MOST_WARNINGS
    return (*warnings[:MOST_WARNINGS], *([f"and {more} more warnings"] if more > 0 else []))
