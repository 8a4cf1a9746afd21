"""Be the programme's site: what it publishes, and what its feed shows of that."""

from dataclasses import dataclass, replace

from worlds.scripts import SITE as SITE_NAME
from worlds.scripts import Aid, Script

SITE = "https://site.example/"
THEME_LINK = "https://site.example/roads"
THEME = "Roads"
NAMES = ("Amber", "Basalt", "Cedar", "Delta", "Ember", "Fjord")
OLD = ("Onyx", "Pearl")
"""Two aids that were there at the first look; their indices are -1 and -2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Show an aid as the feed does. Times are true seconds; ``withdrawn_at`` is None while it is there."""

    index: int
    guid: str
    title: str
    link: str
    about: Aid
    shown_at: float
    withdrawn_at: float | None = None

    @property
    def token(self) -> str:
        """Give the words that every post of this aid holds, and no other."""
        return token_of(self.index)


class Feed:
    """Hold the site's entries, oldest first; ``version`` grows with every change."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.entries = {-1 - n: _entry(-1 - n, Aid(theme=THEME), -86400.0) for n in range(len(OLD))}
        self.version, self.calm = 1, False
        self._looks = -1
        self._down = {one.nth for one in script.troubles if one.channel == SITE_NAME}

    def shown(self) -> list[Entry]:
        """List what the feed shows now."""
        there = [entry for entry in self.entries.values() if entry.withdrawn_at is None]
        return there[-self._script.newest :] if self._script.newest else there

    def taken_back(self) -> list[Entry]:
        """List what the site has withdrawn, which is something else than what slid out of its feed."""
        return [entry for entry in self.entries.values() if entry.withdrawn_at is not None]

    def is_down(self) -> bool:
        """Count a look, and tell whether it fails."""
        self._looks += 1
        return self._looks in self._down and not self.calm

    def publish(self, index: int, at: float) -> None:
        """Show an aid for the first time, or again."""
        entry = _entry(index, self._script.aids[index], at)
        if index in self.entries:
            entry = replace(self.entries[index], withdrawn_at=None)
        self._put(entry)

    def change(self, index: int, at: float) -> None:
        """Give an aid other words, its token kept."""
        if index in self.entries:
            entry = self.entries[index]
            self._put(replace(entry, title=f"{entry.title}, revised"))

    def repeat(self, index: int, at: float) -> None:
        """Give an aid another guid; its link says that it is the same."""
        if index in self.entries and self.entries[index].about.own_link:
            entry = self.entries[index]
            self._put(replace(entry, guid=f"{entry.guid}-again"))

    def withdraw(self, index: int, at: float) -> None:
        """Show an aid no more."""
        if index in self.entries:
            self._put(replace(self.entries[index], withdrawn_at=at))

    def _put(self, entry: Entry) -> None:
        self.entries[entry.index] = entry
        self.version += 1


def token_of(index: int) -> str:
    """Name an aid in words of its own."""
    return f"Guide {NAMES[index] if index >= 0 else OLD[-1 - index]}"


def own_link_of(index: int) -> str:
    """Give the link of an aid's own page."""
    return f"{SITE}guides/{token_of(index).split()[1].lower()}"


def _entry(index: int, about: Aid, at: float) -> Entry:
    return Entry(
        index=index,
        guid=f"guid:{index}",
        title=f"{token_of(index)} for officers",
        link=own_link_of(index) if about.own_link else SITE,
        about=about,
        shown_at=at,
    )
