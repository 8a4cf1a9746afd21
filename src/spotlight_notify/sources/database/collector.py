"""Read whole rows for one look: what nobody knows, what changed, what waits."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Select
from sqlalchemy.exc import DBAPIError

from spotlight_notify.model.aids import Aid
from spotlight_notify.ports.parts import Known
from spotlight_notify.sources.database.cursor import Strand, Value
from spotlight_notify.sources.database.keys import identity, is_hashed, values_of, written_in
from spotlight_notify.sources.database.queries import TableQueries
from spotlight_notify.sources.database.rows import Row, RowReader, alias_of
from spotlight_notify.sources.database.table import Table

PAGE = 250
"""Rows that are compared at a time: few enough for one question to the ledger."""

MOST_LINKS = 50_000
"""Rows of a table that are read to see whose a link is, and whether two are written alike; in a larger table
only links that are the same to the letter are.
"""

Found = tuple[Value, Value]
"""A row's key and its link."""


@dataclass(slots=True, kw_only=True)
class RowCollector:
    """Collect what one look shows: each row's aid once, by key, and sentences about odd ones."""

    connection: Connection
    queries: TableQueries
    table: Table
    reader: RowReader
    known: Known
    first: bool
    aids: dict[str, Aid] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def take(self, found: Sequence[Found], *, again: bool = False) -> int:
        """Read the rows that are not known by their key and by their link, or all of them ``again``.

        Returns how many of the keys were unknown.
        """
        wanted = {identity(key): key for key, _ in found}
        wanted = {name: key for name, key in wanted.items() if name not in self.seen}
        aliases = {} if self.first else _aliases(found, wanted)
        known = self.known([*wanted, *aliases.values()]) if wanted else frozenset()
        strangers = wanted.keys() - known
        moved = self._moved(found, {name: aliases[name] for name in aliases.keys() - strangers}, known)
        rows = self._fetch([key for name, key in wanted.items() if again or name in strangers | moved])
        self._note_unreadable(found, strangers - {identity(row["key"]) for row in rows})
        taken = self._taken(rows, known)
        self.add([row for row in rows if not _is_settled(row, moved, taken)], taken, known)
        return len(strangers)

    def take_waiting(self, waiting: Sequence[Aid]) -> frozenset[str]:
        """Read the rows of aids that wait, and return the keys of those that are not there any more."""
        for start in range(0, len(waiting), PAGE):
            batch = waiting[start : start + PAGE]
            self._take_rows([*self._by_key(batch), *self._by_link(_links(batch))])
        lost = self._missing(waiting)
        self._take_rows(self._by_alias({name for aid in lost for name in aid.link_aliases}))
        return frozenset(aid.key for aid in self._missing(lost) if not is_hashed(aid.names))

    def add(self, rows: Iterable[Row], taken: Collection[str], known: Collection[str]) -> None:
        """Read rows as aids."""
        for row in rows:
            self.seen.add(identity(row["key"]))
            aid, odd = self.reader.read(row, taken, known)
            self.aids[aid.key] = aid
            self.warnings += odd

    def _take_rows(self, rows: Iterable[Row]) -> None:
        new = {identity(row["key"]): row for row in rows}
        fresh = [row for name, row in new.items() if name not in self.seen]
        names = {identity(row["key"]) for row in fresh} | {name for row in fresh for name in alias_of(row)}
        known = self.known(sorted(names)) if names else frozenset()
        self.add(fresh, self._taken(fresh, known), known)

    def _missing(self, waiting: Iterable[Aid]) -> list[Aid]:
        return [aid for aid in waiting if self.aids.keys().isdisjoint(aid.names)]

    def _moved(
        self, found: Sequence[Found], aliases: Mapping[str, str], known: Collection[str]
    ) -> frozenset[str]:
        """Return the rows whose key is known, but whose link is not: it was corrected, or the key reused."""
        moved = {name for name, alias in aliases.items() if alias not in known}
        links = {link for key, link in found if identity(key) in moved}
        shared = set(self._ask(self.queries.shared(sorted(links)))) if links else set()
        return frozenset(
            identity(key) for key, link in found if identity(key) in moved and (link,) not in shared
        )

    def _taken(self, rows: Sequence[Row], known: Collection[str]) -> Collection[str]:
        """Find aliases of links that tell no row apart, since several rows have them.

        At the first scan only among rows at hand: nothing is announced then, and to ask the whole table for
        each page of a large one would take hours.
        """
        aliases = Counter(name for row in rows for name in alias_of(row))
        taken = {name for name, times in aliases.items() if times > 1}
        if self.first:
            ours = {name for aid in self.aids.values() for name in aid.aliases}
            return taken | (aliases.keys() & ours) | (self.known(sorted(aliases)) if aliases else set())
        if not aliases:
            return taken
        links = sorted({row["link"] for row in rows if alias_of(row)})
        shared = {
            name for (link,) in self._ask(self.queries.shared(links)) for name in alias_of({"link": link})
        }
        return taken | shared | {name for name, keys in self._places(aliases).items() if len(keys) > 1}

    def _places(self, aliases: Collection[str]) -> dict[str, list[Value]]:
        """Find the keys of all rows whose links have these aliases; nothing in a table that is too large."""
        places: dict[str, list[Value]] = {}
        after, page = None, 4 * PAGE
        for _ in range(0, MOST_LINKS, page):
            found = self._ask(self.queries.positions(Strand.SWEPT, None, after, page))
            for *position, link in found:
                for name in alias_of({"link": link}):
                    if name in aliases:
                        places.setdefault(name, []).append(self.queries.key_in(position))
            if len(found) < page:
                return places
            after = found[-1][:-1]
        return {}

    def _by_alias(self, aliases: Collection[str]) -> list[Row]:
        keys = [key for keys in self._places(aliases).values() for key in keys] if aliases else []
        return self._fetch(keys)

    def _by_link(self, links: Collection[str]) -> list[Row]:
        return self._rows(self.queries.rows_linked(sorted(links))) if links else []

    def _by_key(self, waiting: Iterable[Aid]) -> list[Row]:
        """Read the rows whose keys these aids were known by, and no others."""
        columns, typed = len(self.table.keys), not self.queries.as_text
        names = {name for aid in waiting for name in aid.names}
        keys = [key for text in sorted(written_in(names)) for key in values_of(text, columns, typed=typed)]
        rows = self._written(keys) if keys else []
        return [row for row in rows if identity(row["key"]) in names]

    def _written(self, keys: Sequence[Value]) -> list[Row]:
        """Read rows by keys that are text; where a column refuses such text, by the text of its values."""
        if not self.queries.as_text:
            return self._rows(self.queries.rows_of(keys))
        try:
            with self.connection.begin_nested():
                return self._rows(self.queries.rows_of(keys))
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            return self._rows(self.queries.rows_written(keys))

    def _fetch(self, keys: Sequence[Value]) -> list[Row]:
        """Fetch whole rows, one for each key that is still there, in the order of the keys."""
        rows: dict[str, Row] = {}
        for row in (each for at in range(0, len(keys), PAGE) for each in self._at(keys[at : at + PAGE])):
            name = identity(row["key"])
            if name in rows:
                key = ", ".join(self.table.keys)
                self.warnings.append(f"{name}: several rows have this {key}, one was taken")
            rows.setdefault(name, row)
        return [rows[name] for name in map(identity, keys) if name in rows]

    def _at(self, keys: Sequence[Value]) -> list[Row]:
        return self._rows(self.queries.rows_of(keys))

    def _rows(self, asked: Select[tuple[Value, ...]]) -> list[Row]:
        return [self.queries.row_in(row) for row in self._ask(asked)]

    def _ask(self, asked: Select[tuple[Value, ...]]) -> list[tuple[Value, ...]]:
        return [tuple(row) for row in self.connection.execute(asked)]

    def _note_unreadable(self, found: Iterable[Found], missing: Collection[str]) -> None:
        """Count keys that came back with a sign for bytes that are no text: by them nothing is found."""
        broken = sum("\ufffd" in str(key) and identity(key) in missing for key, _ in found)
        if broken:
            self.warnings.append(
                f"table {self.table}: {broken} rows cannot be read: their {', '.join(self.table.keys)}"
                " is not valid UTF-8"
            )


def _aliases(found: Iterable[Found], wanted: Collection[str]) -> dict[str, str]:
    """Return the alias of each row's link, by the row's name."""
    named = ((identity(key), alias_of({"link": link})) for key, link in found)
    return {name: alias[0] for name, alias in named if alias and name in wanted}


def _is_settled(row: Row, moved: Collection[str], taken: Collection[str]) -> bool:
    """Return whether a row was only read because its link is not known, and that link is not its own."""
    return identity(row["key"]) in moved and not set(alias_of(row)).isdisjoint(taken)


def _links(waiting: Iterable[Aid]) -> frozenset[str]:
    """Return the links that are these aids' own."""
    return frozenset(aid.link for aid in waiting if aid.link and aid.link_aliases)
