"""Hold a campaign's ledger open, and put an old copy of it in its place."""

import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Self

from sqlalchemy import make_url

from spotlight_notify.app.ledgers import open_ledger
from spotlight_notify.config.configuration import Config


class Books:
    """Keep the ledger of a configuration open for the campaign itself."""

    def __init__(self, config: Config) -> None:
        self._config, self._open, self.url = config, ExitStack(), config.ledger_url
        self.ledger = self._open.enter_context(open_ledger(config))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def copy(self, place: Path) -> None:
        """Copy a SQLite ledger as it is now."""
        with closing(sqlite3.connect(self._path)) as ours, closing(sqlite3.connect(place)) as copy:
            ours.backup(copy)

    def put_back(self, copy: Path) -> None:
        """Put a copy in the place of the SQLite ledger; no other process may have it open."""
        self._open.close()
        for end in ("-wal", "-shm"):
            self._path.with_name(self._path.name + end).unlink(missing_ok=True)
        copy.replace(self._path)
        self.ledger = self._open.enter_context(open_ledger(self._config))

    @property
    def _path(self) -> Path:
        return Path(make_url(self.url).database or "")
