"""Name what a campaign can be made of, so that each part can be left out."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any

import click


class Ingredient(StrEnum):
    """Name a part of a campaign; faults, kills and a person's commands are in every one."""

    TWICE = "twice"
    """Requests that are delivered twice."""
    UNREAD = "unread"
    """Posts that Facebook makes and cannot read back: an error that holds the new id."""
    HANDS = "hands"
    """Posts by hand and by strangers: with an aid's own link, the site's, a theme's, or none."""
    UPLOADS = "uploads"
    """Pictures that take longer to upload than a claim's lease lasts."""
    PAGES = "pages"
    """Timelines in pages of seven."""
    LAGS = "lags"
    """Timelines that lag longer than ``looks_apart``, up to three times."""
    RESTORED = "restored"
    """A copy of the ledger put back after posts went out; SQLite alone."""
    CLOCKS = "clocks"
    """A clock that steps under the daemons; needs a C compiler."""


class Ingredients(click.ParamType[frozenset[Ingredient]]):
    """Read a list of ingredients, separated by commas."""

    name = "ingredients"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> frozenset[Ingredient]:
        """Read the words; one that names nothing is refused with those that do."""
        if isinstance(value, Collection) and not isinstance(value, str):
            return frozenset(map(Ingredient, value))
        words = [word.strip() for word in str(value).split(",") if word.strip()]
        unknown = [word for word in words if word not in [*Ingredient]]
        if unknown:
            self.fail(f"there is no {unknown[0]!r}: choose from {', '.join(Ingredient)}", param, ctx)
        return frozenset(map(Ingredient, words))
