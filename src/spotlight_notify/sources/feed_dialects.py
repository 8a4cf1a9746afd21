"""Teach feedparser dialects that it mixes up or does not know. Runs where it can be killed."""

import re
from typing import Any

ASIDE = ("itunes_summary", "itunes_subtitle", "media_description")
"""What feedparser takes for the description or the whole text, whichever comes first, and is kept apart."""
NOT_A_LINK = "guid_is_no_link"
"""Where it is noted that an entry's guid says so of itself."""
_OLD_SPACES = {
    b"http://channel.netscape.com/rdf/simple/0.9/": b"http://my.netscape.com/rdf/simple/0.9/",
    b"http://purl.org/net/rss1.1#": b"http://purl.org/rss/1.0/",
}
"""Namespaces of RSS 0.90 (its other one) and RSS 1.1, and those of the same form that feedparser knows."""
_OLD_SPACE = re.compile(
    rb"(?<=xmlns=[\"'])(?:" + b"|".join(map(re.escape, _OLD_SPACES)) + rb")(?=[\"'])", re.IGNORECASE
)
_HEAD = 4_096
"""Bytes within which a feed's root begins."""


def in_known_spaces(body: bytes) -> bytes:
    """Write the namespace of an old kind of RSS as the one that feedparser knows."""
    head = _OLD_SPACE.sub(lambda found: _OLD_SPACES[found[0].lower()], body[:_HEAD], count=1)
    return head + body[_HEAD:]


def keep_apart(reader: type[Any]) -> None:
    """Have a feedparser keep ASIDE in fields of their own, note what a guid says of itself, and heed no
    empty link, which it takes for one to where relative ones start from.
    """
    for name in ASIDE:
        setattr(reader, f"_start_{name}", _starter(name))
        setattr(reader, f"_end_{name}", _ender(name))
    guid, link = reader._start_guid, reader._start_link

    def guided(reader: Any, attributes: dict[str, str]) -> Any:
        """Note a guid that is no permalink."""
        if attributes.get("ispermalink", "").strip().lower() == "false":
            reader._get_context()[NOT_A_LINK] = True
        return guid(reader, attributes)

    def linked(reader: Any, attributes: dict[str, str]) -> Any:
        """Leave out an address that is empty."""
        return link(
            reader, {name: said for name, said in attributes.items() if name != "href" or said.strip()}
        )

    reader._start_guid = reader._start_id = guided
    reader._start_link = linked


def _starter(name: str) -> Any:
    def start(reader: Any, attributes: dict[str, str]) -> None:
        """Begin to hear what is kept apart."""
        reader.push(name, 1)

    return start


def _ender(name: str) -> Any:
    def end(reader: Any) -> None:
        """Keep it: the first of an entry."""
        reader.pop(name)

    return end
