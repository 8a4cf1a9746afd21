"""Publish new aids on the sample site: on its feed, or in its table."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

from spotlight_notify.app.chance import clock
from spotlight_notify.sandbox.rehearsal import DATABASE
from spotlight_notify.sandbox.site import INSERT_ROW, Shelves

PICTURE = "/pictures/banner.png"


class Press:
    """Publish aids that differ from each other, and keep the links of all, in order.

    ``rows``: how likely each is a row of the table; ``pictured``: how likely a row has a picture.
    """

    def __init__(
        self, site: Shelves, folder: Path, dice: random.Random, *, rows: float, pictured: float
    ) -> None:
        self._site, self._database, self._dice = site, folder / DATABASE, dice
        self._rows, self._pictured = rows, pictured
        self.links: dict[str, None] = {}

    def publish(self, count: int) -> None:
        """Publish new aids; chance says where."""
        for _ in range(count):
            number = len(self.links) + 1
            link = self._row(number) if self._dice.random() < self._rows else self._entry(number)
            self.links[link] = None

    @property
    def newest(self) -> str:
        """Tell the link of the newest aid."""
        return next(reversed(self.links))

    def _entry(self, number: int) -> str:
        return self._site.publish_titled(f"Aid {number} of the campaign").link

    def _row(self, number: int) -> str:
        link = f"{self._site.sample.home}/?row={number}"
        has_picture = self._dice.random() < self._pictured
        image = (f"{self._site.base_url}{PICTURE}", "A gold star on green.") if has_picture else (None, None)
        kind = "poster" if has_picture else "publication"  # a poster without one would be asked about
        words = (f"Row {number} of the campaign", "Written to try things out.", link, kind)
        row = (*words, "Trying things out", "public", *image, f"{clock():%Y-%m-%d %H:%M:%SZ}")
        with closing(sqlite3.connect(self._database, timeout=30)) as database, database:
            database.execute(INSERT_ROW, row)
        return link
