"""Collect what Media RSS says about pictures, which feedparser loses. Runs where it can be killed."""

from collections.abc import Collection
from xml.parsers import expat

MEDIA = "http://search.yahoo.com/mrss"
LONGEST = 1_000
"""A description of more characters describes a video or a page, not a picture."""

Captions = dict[str, str]
"""Words by picture URL as written; under "" those for all of an entry's pictures."""


def captions_in(body: bytes, spaces: Collection[str]) -> list[Captions]:
    """List the captions of each entry, in document order; empty when there are none or it is not XML.

    ``spaces``: the namespaces in which ``item`` and ``entry`` mean an entry of a feed.
    """
    if MEDIA.encode() not in body:
        return []
    collector = _Collector(spaces)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    parser.CharacterDataHandler = collector.text
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError):
        return []
    return collector.entries


class _Collector:
    """Follow the elements of one document; lives only inside ``captions_in``."""

    def __init__(self, spaces: Collection[str]) -> None:
        self.entries: list[Captions] = []
        self._spaces, self._within = spaces, False
        self._about = [""]
        self._heard: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note an entry, the picture that words are about, or that words begin."""
        space, _, local = name.rpartition(" ")
        if local in ("item", "entry") and space in self._spaces:
            self.entries.append({})
            self._within = True
        elif space.startswith(MEDIA) and local in ("content", "thumbnail"):
            self._about.append(attributes.get("url", ""))
        elif space.startswith(MEDIA) and local in ("description", "title"):
            self._heard = []

    def text(self, data: str) -> None:
        if self._heard is not None:
            self._heard.append(data)

    def end(self, name: str) -> None:
        """Leave an entry or a picture, or keep the words that were heard."""
        space, _, local = name.rpartition(" ")
        if not space.startswith(MEDIA):
            self._within &= not (local in ("item", "entry") and space in self._spaces)
            return
        if local in ("content", "thumbnail") and len(self._about) > 1:
            self._about.pop()
        elif local in ("description", "title") and self._heard is not None:
            self._keep(local, "".join(self._heard).strip())
            self._heard = None

    def _keep(self, local: str, words: str) -> None:
        if not self._within or not 0 < len(words) <= LONGEST:
            return
        if local == "description" or self._about[-1] not in self.entries[-1]:
            self.entries[-1][self._about[-1]] = words
