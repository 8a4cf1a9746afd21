"""Check the URLs of databases with SQLAlchemy's own reader, and keep their passwords out of sight.

The plainest, of a SQLite file, are read without it, since to load it takes longer than all of the rest.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

from pydantic import AfterValidator, SecretStr, ValidationInfo

from spotlight_notify.config.toml_file import PLAIN_FILE
from spotlight_notify.config.validation import context_of, wrong

if TYPE_CHECKING:
    from sqlalchemy import URL

LEDGER_DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg", "postgres")
_SHAPES = '"sqlite:///file.sqlite3" or "postgresql://user:password@host/database"'


def database_url(secret: SecretStr, info: ValidationInfo) -> SecretStr:
    """Check a URL of any database SQLAlchemy knows; SQLite files are meant from the file's folder."""
    if plain := _plain_file(secret, info):
        return plain
    from sqlalchemy.exc import NoSuchModuleError

    url = _read(secret)
    try:
        url.get_dialect()
    except (NoSuchModuleError, ImportError):
        raise wrong(f"names a kind of database that is not known here; use for example {_SHAPES}") from None
    return _settled(url, info)


def ledger_url(secret: SecretStr, info: ValidationInfo) -> SecretStr:
    """Check the ledger's URL: SQLite in a file, or PostgreSQL through psycopg 3."""
    if plain := _plain_file(secret, info):
        return plain
    url = _read(secret)
    if url.drivername not in LEDGER_DRIVERS:
        raise wrong(f"the ledger can be kept in SQLite or PostgreSQL only: {_SHAPES}")
    if _is_sqlite(url) and url.database in (None, "", ":memory:"):
        raise wrong("the ledger must be kept in a file: in memory it would forget what was announced")
    return _settled(url, info)


def passwords_in(secret: SecretStr) -> frozenset[str]:
    """Return the password of a checked database URL, plain and as it is written in the URL."""
    if PLAIN_FILE.fullmatch(secret.get_secret_value()):
        return frozenset()
    from sqlalchemy import make_url

    url = make_url(secret.get_secret_value())
    if url.password is None:
        return frozenset()
    password = str(url.password)
    # Quoted as SQLAlchemy writes it, and as strict quoting does.
    return frozenset({password, quote(password, safe=" +"), quote(password, safe="")})


def place_in(secret: SecretStr) -> str:
    """Return where a checked URL leads, without user and password; of a SQLite file only its name counts."""
    if plain := PLAIN_FILE.fullmatch(secret.get_secret_value()):
        return f"sqlite://:/{Path(plain['file']).name}"
    from sqlalchemy import make_url

    url = make_url(secret.get_secret_value())
    name = Path(url.database or "").name if _is_sqlite(url) else url.database
    return f"{url.get_backend_name()}://{url.host or ''}:{url.port or ''}/{name}"


def _plain_file(secret: SecretStr, info: ValidationInfo) -> SecretStr | None:
    """Return the URL of a SQLite file, meant from the configuration's folder; None if it is anything else."""
    plain = PLAIN_FILE.fullmatch(secret.get_secret_value())
    if plain is None:
        return None
    around = context_of(info)
    return SecretStr(f"sqlite:///{around.folder / plain['file']}") if around else secret


def _read(secret: SecretStr) -> "URL":
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(secret.get_secret_value())
    except (ArgumentError, ValueError):
        raise wrong(f"is not the URL of a database; it looks like {_SHAPES}") from None
    if "@" in (url.host or ""):
        raise wrong("has an @ in its password: write it as %40")
    if url.drivername in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    return url


def _settled(url: "URL", info: ValidationInfo) -> SecretStr:
    around = context_of(info)
    if around and _is_sqlite(url) and _is_relative_file(url.database):
        url = url.set(database=str(around.folder / str(url.database)))
    return SecretStr(url.render_as_string(hide_password=False))


def _is_sqlite(url: "URL") -> bool:
    return url.get_backend_name() == "sqlite"


def _is_relative_file(database: str | None) -> bool:
    special = not database or database == ":memory:" or database.startswith("file:")
    return not special and not Path(str(database)).is_absolute()


DatabaseUrl = Annotated[SecretStr, AfterValidator(database_url)]
LedgerUrl = Annotated[SecretStr, AfterValidator(ledger_url)]
