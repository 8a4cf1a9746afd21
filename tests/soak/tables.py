"""Keep a table of aids in a database that tells the truth, and now and then cannot be read."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import create_engine, text

from soak.truth import Told

CREATE = """
CREATE TABLE aids (
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, url TEXT NOT NULL, summary TEXT NOT NULL,
    status TEXT NOT NULL, published_at TEXT NOT NULL, updated_at TEXT NOT NULL
)"""
INSERT = """
INSERT INTO aids (id, title, url, summary, status, published_at, updated_at)
VALUES (:id, :title, :url, :summary, 'published', :published_at, :updated_at)"""
CORRECT = "UPDATE aids SET title = :title, updated_at = :updated_at WHERE url = :url"
WITHDRAW = "UPDATE aids SET status = 'draft', updated_at = :updated_at WHERE url = :url"
DELETE = "DELETE FROM aids WHERE url = :url"
HIDE = "ALTER TABLE aids RENAME TO aids_away"
SHOW = "ALTER TABLE aids_away RENAME TO aids"


class Table:
    """Write one table, as its owner does; while it is hidden nothing else may be asked of it."""

    def __init__(self, url: str) -> None:
        self._engine, self._next = create_engine(url), 1
        self._do(CREATE)

    def add(self, aid: Told, now: datetime) -> None:
        """Insert an aid under the next number."""
        self._do(INSERT, self._row(aid, now))

    def correct(self, aid: Told, now: datetime) -> None:
        """Write an aid's present title."""
        self._do(CORRECT, {"title": aid.title, "url": aid.link, "updated_at": _written(now)})

    def withdraw(self, aid: Told, now: datetime) -> None:
        """Make an aid a draft again."""
        self._do(WITHDRAW, {"url": aid.link, "updated_at": _written(now)})

    def delete(self, aid: Told, _: datetime) -> None:
        """Delete an aid."""
        self._do(DELETE, {"url": aid.link})

    def renumber(self, shown: Iterable[Told], now: datetime) -> None:
        """Load all that is shown anew, under other numbers."""
        with self._engine.begin() as connection:
            connection.execute(text("DELETE FROM aids"))
            for aid in shown:
                connection.execute(text(INSERT), self._row(aid, now))

    def hide(self) -> None:
        """Take the table away."""
        self._do(HIDE)

    def show(self) -> None:
        """Bring the table back."""
        self._do(SHOW)

    def close(self) -> None:
        """Give up the connections."""
        self._engine.dispose()

    def _row(self, aid: Told, now: datetime) -> dict[str, Any]:
        number, self._next = self._next, self._next + 1
        return {
            "id": number,
            "title": aid.title,
            "url": aid.link,
            "summary": aid.summary,
            "published_at": _written(aid.published_at),
            "updated_at": _written(now),
        }

    def _do(self, statement: str, values: Mapping[str, Any] | None = None) -> None:
        with self._engine.begin() as connection:
            connection.execute(text(statement), values)


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%SZ}"
