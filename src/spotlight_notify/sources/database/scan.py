"""Walk over a table in pages, for one look, and compare its keys and links with what is known."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from time import monotonic

from sqlalchemy import Connection

from spotlight_notify.model.aids import Aid, Look
from spotlight_notify.model.errors import SourceError
from spotlight_notify.sources.database.collector import PAGE, RowCollector
from spotlight_notify.sources.database.cursor import ScanState, Strand, Value, read_state, write_state
from spotlight_notify.sources.database.engine import has_ended, next_to_begin
from spotlight_notify.sources.database.order_column import farthest, not_ahead, step_back, why_disordered
from spotlight_notify.sources.database.queries import TableQueries
from spotlight_notify.sources.database.table import Table

MOST_AIDS = 500
"""Aids one look returns at most, beside those that wait, so that the ledger's transaction stays short."""

MOST_KEYS = 50_000
"""Keys one look compares at most, so that a long scan is kept in steps."""

SWEPT_PAGES = 20
"""Pages of all keys that are compared with each scan along an order column: 5,000 rows."""

MOST_WAITING = 500
"""Aids that wait and are read again in one look; of more, the next look reads the next."""

MOST_WARNINGS = 20
"""Sentences about odd rows that one look returns at most."""

ALL_ENDED = 0
"""Stands for a transaction when all before it had ended as this scan began, which shows what they left."""

LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True, kw_only=True)
class Scan:
    """Go on with a scan, or begin one, for one look; ``rest_at`` is the monotonic time to leave it at."""

    connection: Connection
    queries: TableQueries
    table: Table
    collector: RowCollector
    now: datetime
    rest_at: float
    state: ScanState
    odd: str = ""
    disorder: str = ""
    late: int = 0

    def look(self, waiting: Sequence[Aid]) -> Look:
        """Read pages, one at least, until the scan is complete or the look is full; then what waits."""
        state = self._read_page(self._begun(self.state))
        pages = 1
        while state.strand and not self._is_full(pages):
            state = self._read_page(state)
            pages += 1
        turn, again = _in_turn(state.turn, waiting)
        gone = self.collector.take_waiting(again)
        self._note_order()
        return Look(
            aids=self._oldest_first(),
            gone=gone,
            cursor=self._written(replace(state, turn=turn)),
            more=state.strand is not None,
            warnings=_shortened(self.collector.warnings),
        )

    def _is_full(self, pages: int) -> bool:
        many = len(self.collector.aids) > MOST_AIDS - PAGE
        return many or pages * PAGE >= MOST_KEYS or monotonic() >= self.rest_at

    def _begun(self, state: ScanState) -> ScanState:
        """Start a new scan unless one is under way."""
        if state.strand is not None:
            return state
        if state.until is not None and has_ended(self.connection, state.until):
            state = replace(state, until=ALL_ENDED)
        strand = Strand.KEYED if self.queries.order is None else Strand.ORDERED
        low = None if state.high is None else self._stepped_back(state.high)
        state = replace(state, low=low, began_at=self.now)
        if self.table.updated and state.changed is None:
            state = replace(state, changed=self._last_change())
        return self._at(state, strand)

    def _at(self, state: ScanState, strand: Strand) -> ScanState:
        after = state.swept if strand is Strand.SWEPT else None
        return replace(state, strand=strand, after=after, pages=0)

    def _read_page(self, state: ScanState) -> ScanState:
        strand = state.strand or Strand.KEYED
        lows = {Strand.ORDERED: state.low, Strand.CHANGED: state.changed}
        found = self._page(state, strand, lows.get(strand))
        unknown = self.collector.take(
            [(self.queries.key_in(position), link) for *position, link in found],
            again=strand is Strand.CHANGED,
        )
        if strand is Strand.SWEPT:
            self.late += unknown
        if found:
            state = replace(state, after=tuple(found[-1][:-1]), pages=state.pages + 1)
            state = self._met(state, strand, [position[0] for position in found])
        swept = strand is Strand.SWEPT and state.pages >= SWEPT_PAGES
        return state if len(found) == PAGE and not swept else self._next_strand(state, len(found))

    def _page(self, state: ScanState, strand: Strand, low: Value) -> list[tuple[Value, ...]]:
        asked = self.queries.positions(strand, low, state.after, PAGE)
        found = [tuple(row) for row in self.connection.execute(asked)]
        if found and found[-1][:-1] == state.after:
            key = ", ".join(self.table.keys)
            raise self._error(f"cannot be paged by column {key}")
        return found

    def _met(self, state: ScanState, strand: Strand, values: Sequence[Value]) -> ScanState:
        """Keep the farthest value met so far along a strand, but for those nothing can be reckoned from."""
        if strand is Strand.ORDERED:
            like = state.high if state.top is None else state.top
            fit, odd = farthest(values, like, self.table.overlap, number=self.queries.numbers)
            self.odd = self.odd or odd
            self.disorder = self.disorder or why_disordered(values)
            return state if fit is None else replace(state, top=fit)
        if strand is Strand.CHANGED:
            like = state.changed if state.latest is None else state.latest
            fit, _ = farthest(values, like, None, number=False)
            return state if fit is None else replace(state, latest=fit)
        return state

    def _next_strand(self, state: ScanState, read: int) -> ScanState:
        if state.strand is Strand.ORDERED:
            if state.top is None and state.low is not None:
                # Not even the farthest row is there any more: the table was emptied or restored.
                return replace(state, low=None, after=None)
            return self._at(state, Strand.KEYED)
        if state.strand is Strand.SWEPT:
            state = replace(state, swept=state.after if read == PAGE else None)
        following = self._following(state)
        return self._at(state, following) if following else self._finished(state)

    def _following(self, state: ScanState) -> Strand | None:
        """Return what follows the keyed strand or the swept one, if anything does."""
        if state.first or state.strand is Strand.CHANGED:
            return None
        if state.strand is Strand.KEYED and self.queries.order is not None:
            return Strand.SWEPT
        return Strand.CHANGED if self.table.updated else None

    def _finished(self, state: ScanState) -> ScanState:
        if self.connection.execute(self.queries.keyless()).first():
            self.collector.warnings.append(
                f"table {self.table}: rows without a value in {' or '.join(self.table.keys)} are passed over"
            )
        self._note_odd(state.top)
        began_at = state.began_at or self.now
        ended = ScanState(
            of=state.of,
            high=state.high,
            ahead=state.ahead,
            until=state.until,
            swept=state.swept,
            changed=self._not_ahead(state.latest, began_at) or state.changed,
            turn=state.turn,
            first=False,
        )
        return self._reached(ended, self._not_ahead(state.top, began_at))

    def _reached(self, state: ScanState, high: Value) -> ScanState:
        """Keep the farthest value: at once, or once all have ended who may still go under it."""
        if high is not None:
            self._stepped_back(high)
        running = next_to_begin(self.connection)
        if running is None or high is None or state.high is None:
            return replace(state, high=high, ahead=None, until=None)
        if state.until == ALL_ENDED:
            state = replace(state, high=state.ahead, until=None)
        return state if state.until is not None else replace(state, ahead=high, until=running)

    def _not_ahead(self, value: Value, began_at: datetime) -> Value:
        return None if value is None else not_ahead(value, began_at, self.collector.reader.zone)

    def _last_change(self) -> Value:
        row = self.connection.execute(self.queries.last(self.queries.fields["updated"], 1)).first()
        return self._not_ahead(farthest([row[0]], None, None, number=False)[0], self.now) if row else None

    def _note_odd(self, top: Value) -> None:
        """Warn of an order value that does not fit; an error where none does."""
        if not self.odd:
            return
        if top is None:
            raise self._error(self.odd, self.table.order_by)
        self._warn(f"nothing can be reckoned from some of its values ({self.odd})")

    def _note_order(self) -> None:
        """Warn of an order column that does not show what is new."""
        if self.disorder:
            self._warn(f"it is not in order ({self.disorder})")
        if self.late:
            self._warn(f"{self.late} rows came behind its farthest value, and were found among all keys")

    def _warn(self, words: str) -> None:
        self.collector.warnings.append(f"table {self.table}, column {self.table.order_by}: {words}")

    def _stepped_back(self, high: Value) -> Value:
        try:
            return step_back(high, self.table.overlap, number=self.queries.numbers)
        except (ValueError, ArithmeticError) as error:
            raise self._error(str(error), self.table.order_by) from error

    def _oldest_first(self) -> tuple[Aid, ...]:
        aids = tuple(self.collector.aids.values())
        if self.queries.order is not None:
            return aids
        return tuple(sorted(aids, key=lambda aid: aid.published_at or LAST))

    def _written(self, state: ScanState) -> str:
        try:
            return write_state(state)
        except TypeError as error:
            raise self._error(f"as a key or order, {error}") from error

    def _error(self, words: str, column: str | None = None) -> SourceError:
        where = f"table {self.table}, column {column}:" if column else f"table {self.table}"
        return SourceError(self.collector.reader.source, f"{where} {words}")


def signature(database: str, table: Table) -> str:
    """Return a hash of what is scanned, by which a cursor of something else is recognised."""
    key = table.keys[0] if len(table.keys) == 1 else table.keys
    words = [database, table.schema, table.name, key, table.filter, table.order_by]
    return sha256(json.dumps(words).encode()).hexdigest()[:16]


def begun_at(cursor: str | None, database: str, table: Table) -> ScanState:
    """Return where a cursor left this table; the beginning if it is of another, or of another filter."""
    return read_state(cursor, signature(database, table))


def _in_turn(turn: int, waiting: Sequence[Aid]) -> tuple[int, Sequence[Aid]]:
    """Choose what is read again in this look, and where the next one goes on."""
    if len(waiting) <= MOST_WAITING:
        return 0, waiting
    chosen = [waiting[(turn + n) % len(waiting)] for n in range(MOST_WAITING)]
    return (turn + MOST_WAITING) % len(waiting), chosen


def _shortened(warnings: Sequence[str]) -> tuple[str, ...]:
    more = len(warnings) - MOST_WARNINGS
    return (*warnings[:MOST_WARNINGS], *([f"and {more} more warnings"] if more > 0 else []))
