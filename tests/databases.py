"""Somebody else's databases for tests: SQLite, PostgreSQL and MariaDB, and who follows a table in them."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from fakes import FakeClock
from spotlight_notify.model.aids import Aid, Look
from spotlight_notify.sources.database.source import Columns, DatabaseSource, Table

PLAIN = Columns(title="title", link="url")


class Follower:
    """Look until there is no more, and remember every key, as the ledger does."""

    def __init__(self, source: DatabaseSource) -> None:
        self.source = source
        self.cursor: str | None = None
        self.seen: set[str] = set()
        self.asked = 0
        self.looks = 0
        self.warnings: list[str] = []

    def known(self, keys: Sequence[str]) -> frozenset[str]:
        self.asked += sum(key.startswith("row:") for key in keys)
        return frozenset(self.seen.intersection(keys))

    def saw(self, look: Look) -> None:
        self.seen.update(*((aid.key, *aid.aliases) for aid in look.aids))
        self.cursor = look.cursor

    def poll(self) -> list[str]:
        """Return the keys that were not known, in the order they came; none may come twice."""
        return [aid.key.removeprefix("row:") for aid in self.poll_aids()]

    def poll_aids(self) -> list[Aid]:
        found: list[Aid] = []
        more, self.looks = True, 0
        while more:
            look = self.source.look(self.cursor, self.known)
            keys = [aid.key for aid in look.aids]
            assert len(keys) <= 500
            assert not self.seen.intersection(keys)
            assert len(set(keys)) == len(keys)
            self.saw(look)
            more = look.more
            self.looks += 1
            found += look.aids
            self.warnings += look.warnings
        return found


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'their aids.sqlite3'}"
    named: str = request.getfixturevalue("postgres_url" if request.param == "postgresql" else "mariadb_url")
    return named


@pytest.fixture
def theirs(database_url: str) -> Iterator[Engine]:
    """Give the owners' own way into their database."""
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def follow(database_url: str) -> Iterator[Any]:
    """Follow a table; every source is closed in the end."""
    sources: list[DatabaseSource] = []

    def start(clock: FakeClock | None = None, **table: Any) -> Follower:
        fields: dict[str, Any] = {"name": "aids", "key": "id", "columns": PLAIN}
        described = Table(**fields | table)
        sources.append(
            DatabaseSource(name="aids", url=database_url, table=described, clock=clock or FakeClock())
        )
        return Follower(sources[-1])

    yield start
    for source in sources:
        source.close()


def run(theirs: Engine, *statements: str) -> None:
    """Run statements in the words of standard SQL, which are put into a database's own where they differ."""
    with theirs.begin() as connection:
        if theirs.dialect.name == "mysql":
            connection.exec_driver_sql(
                "SET SESSION sql_mode = CONCAT(@@sql_mode, ',ANSI'), max_recursive_iterations = 1000000"
            )
            statements = tuple(map(_for_mysql, statements))
        for statement in statements:
            sqlite = theirs.dialect.name == "sqlite"
            connection.exec_driver_sql(statement if sqlite else statement.replace("%", "%%"))


def _for_mysql(statement: str) -> str:
    """Give text keys a length, and times their fractions."""
    keyed = re.sub(r"\bTEXT\b(?= +(COLLATE \S+ )?PRIMARY KEY)", "VARCHAR(200)", statement)
    return re.sub(r"\bTIMESTAMP\b", "DATETIME(6)", keyed)


def add(theirs: Engine, rows: Sequence[dict[str, Any]], table: str = "aids") -> None:
    names = list(rows[0])
    values = ", ".join(f":{name}" for name in names)
    with theirs.begin() as connection:
        connection.execute(text(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})"), rows)


def numbered(ids: Sequence[Any], **more: Any) -> list[dict[str, Any]]:
    return [{"id": n, "title": f"Aid {n}", "url": f"https://aids.example/{n}", **more} for n in ids]


INTEGERS = "CREATE TABLE aids (id INTEGER PRIMARY KEY, title TEXT, url TEXT)"
TIMED = "CREATE TABLE aids (id INTEGER PRIMARY KEY, title TEXT, url TEXT, at TIMESTAMP)"
