"""Teach feedparser dialects that it mixes up or does not know. Runs where it can be killed."""

import re
from typing import Any

from spotlight_notify.sources.feed.fields import with_protocol

CAPTIONS = "captions of pictures"
"""Where the words for an entry's pictures are kept (Media RSS): by URL as written, "" for all of them."""
LONGEST = 1_000
"""A caption of more characters describes a film or a page, not a picture."""
_ABOUT = "the picture that words are about"
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
    for name in (*ASIDE, "media_title"):
        setattr(reader, f"_start_{name}", _starter(name))
        setattr(reader, f"_end_{name}", _ender(name))
    for name in ("media_content", "media_thumbnail"):
        setattr(reader, f"_start_{name}", _opened(getattr(reader, f"_start_{name}")))
        setattr(reader, f"_end_{name}", _closed(getattr(reader, f"_end_{name}", None)))
    guid, link, resolve = reader._start_guid, reader._start_link, reader.resolve_uri

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
    reader._start_time, reader._end_time = _timed, lambda reader: None
    reader.resolve_uri = lambda reader, uri: resolve(reader, with_protocol(uri, reader.baseuri or ""))


def _timed(reader: Any, attributes: dict[str, str]) -> None:
    """Keep what a ``time`` element within a date says to programs."""
    reader.handle_data(f'<time datetime="{attributes.get("datetime", "")}">')


def _starter(name: str) -> Any:
    def start(reader: Any, attributes: dict[str, str]) -> None:
        """Begin to hear what is kept apart."""
        reader.push(name, 1)

    return start


def _ender(name: str) -> Any:
    def end(reader: Any) -> None:
        """Keep it, and what it says of a picture: there a description counts before a title."""
        words, context = reader.pop(name), reader._get_context()
        about = (context.get(_ABOUT) or [""])[-1]
        captions = context.setdefault(CAPTIONS, {})
        fit = name.startswith("media") and words and len(words) <= LONGEST
        if fit and (name == "media_description" or about not in captions):
            captions[about] = words

    return end


def _opened(start: Any) -> Any:
    def opened(reader: Any, attributes: dict[str, str]) -> None:
        """Note which picture words are about until it closes."""
        reader._get_context().setdefault(_ABOUT, []).append(attributes.get("url", ""))
        start(reader, attributes)

    return opened


def _closed(end: Any) -> Any:
    def closed(reader: Any) -> None:
        """Forget it."""
        if about := reader._get_context().get(_ABOUT):
            about.pop()
        if end:
            end(reader)

    return closed
