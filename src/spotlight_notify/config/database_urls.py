"""Check the URLs of databases with SQLAlchemy's own reader, and keep their passwords out of sight."""

from pathlib import Path
from typing import Annotated
from urllib.parse import quote

from pydantic import AfterValidator, SecretStr, ValidationInfo
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from spotlight_notify.config.surroundings import surroundings, wrong

LEDGER_DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg", "postgres")
_SHAPES = '"sqlite:///file.sqlite3" or "postgresql://user:password@host/database"'


def database_url(secret: SecretStr, info: ValidationInfo) -> SecretStr:
    """Check a URL of any database SQLAlchemy knows; SQLite files are meant from the file's folder."""
    url = _read(secret)
    try:
        url.get_dialect()
    except (NoSuchModuleError, ImportError):
        raise wrong(f"names a kind of database that is not known here; use for example {_SHAPES}") from None
    return _settled(url, info)


def ledger_url(secret: SecretStr, info: ValidationInfo) -> SecretStr:
    """Check the ledger's URL: SQLite in a file, or PostgreSQL through psycopg 3."""
    url = _read(secret)
    if url.drivername not in LEDGER_DRIVERS:
        raise wrong(f"the ledger can be kept in SQLite or PostgreSQL only: {_SHAPES}")
    if _is_sqlite(url) and url.database in (None, "", ":memory:"):
        raise wrong("the ledger must be kept in a file: in memory it would forget what was announced")
    return _settled(url, info)


def passwords_in(secret: SecretStr) -> frozenset[str]:
    """Give the password of a checked database URL, plain and as it is written in the URL."""
    url = make_url(secret.get_secret_value())
    if url.password is None:
        return frozenset()
    password = str(url.password)
    # Quoted as SQLAlchemy writes it, and as strict quoting does.
    return frozenset({password, quote(password, safe=" +"), quote(password, safe="")})


def place_in(secret: SecretStr) -> str:
    """Tell where a checked URL leads, without user and password; of a SQLite file only its name counts."""
    url = make_url(secret.get_secret_value())
    name = Path(url.database or "").name if _is_sqlite(url) else url.database
    return f"{url.get_backend_name()}://{url.host or ''}:{url.port or ''}/{name}"


def _read(secret: SecretStr) -> URL:
    try:
        url = make_url(secret.get_secret_value())
    except (ArgumentError, ValueError):
        raise wrong(f"is not the URL of a database; it looks like {_SHAPES}") from None
    if "@" in (url.host or ""):
        raise wrong("has an @ in its password: write it as %40")
    if url.drivername in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    return url


def _settled(url: URL, info: ValidationInfo) -> SecretStr:
    around = surroundings(info)
    if around and _is_sqlite(url) and _is_relative_file(url.database):
        url = url.set(database=str(around.folder / str(url.database)))
    return SecretStr(url.render_as_string(hide_password=False))


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _is_relative_file(database: str | None) -> bool:
    special = not database or database == ":memory:" or database.startswith("file:")
    return not special and not Path(str(database)).is_absolute()


DatabaseUrl = Annotated[SecretStr, AfterValidator(database_url)]
LedgerUrl = Annotated[SecretStr, AfterValidator(ledger_url)]
