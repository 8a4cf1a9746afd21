"""Patch feedparser where it mixes up dialects, fails or takes detours. Runs where it can be killed.

Measured with a feed of 19,000 entries (5 MB) on a busy machine: 6.8 s of CPU by feedparser's own ways, 4.0 by
the shorter ones, with that in ``text.html`` for what holds no markup.
"""

import re
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from feedparser import mixin
from feedparser.util import FeedParserDict

from spotlight_notify.sources.feed.document import UNREADABLE
from spotlight_notify.sources.feed.fields import with_protocol
from spotlight_notify.text.invisible import in_one_line

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
NOTED = "what could not be read"
"""Where what failed is noted in the feed's own fields; no element's name has spaces."""
MAX_DEPTH = 256
"""The deepest nesting of elements read, as libxml2 has it (xmlParserMaxDepth); each level costs memory."""
RENAMED = frozenset(
    {*FeedParserDict.keymap, "category", "enclosures", "license", "updated", "updated_parsed"}
)
"""Keys that a FeedParserDict looks up elsewhere; all others are a dict's."""
_slow_get, _slow_contains = FeedParserDict.get, FeedParserDict.__contains__


def in_known_spaces(body: bytes) -> bytes:
    """Write the namespace of an old kind of RSS as the one that feedparser knows."""
    head = _OLD_SPACE.sub(lambda found: _OLD_SPACES[found[0].lower()], body[:_HEAD], count=1)
    return head + body[_HEAD:]


def keep_apart(reader: type[Any]) -> None:
    """Make a feedparser keep ASIDE in fields of their own, note what a guid says of itself, and heed no
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


def limit_depth(reader: type[Any]) -> None:
    """Make a feedparser that sees each element closed raise RecursionError for what is nested deeper."""
    start = reader.unknown_starttag

    def careful(reader: Any, *values: Any) -> Any:
        """Count on the reader's own depth."""
        if reader.depth >= MAX_DEPTH:
            raise RecursionError
        return start(reader, *values)

    reader.unknown_starttag = careful


def guard(reader: type[Any]) -> None:
    """Wrap each of a feedparser's handlers: what it raises is noted, and costs that element alone."""
    for name in dir(reader):
        if name.startswith(("_start_", "_end_")):
            element = name.partition("_")[2].partition("_")[2].replace("_", ":", 1)
            setattr(reader, name, _guarded(getattr(reader, name), element, AttributeError))
    for name in ("unknown_starttag", "unknown_endtag", "handle_charref", "handle_entityref"):
        setattr(reader, name, _guarded(getattr(reader, name), "", ()))


def _guarded(handler: Callable[..., Any], element: str, passed_on: Any) -> Callable[..., Any]:
    """Wrap one handler; ``passed_on``: feedparser itself takes an AttributeError for "no such handler"."""

    @wraps(handler)
    def careful(reader: Any, *values: Any) -> Any:
        """Note where a handler stumbled, and go on."""
        try:
            return handler(reader, *values)
        except passed_on:
            raise
        except UNREADABLE:
            named = element or str(values[0] if values else "")
            reader.feeddata.setdefault(NOTED, f"at {in_one_line(named)[:40]}")
            return None

    return careful


def speed_up() -> None:
    """Spare each element three address parsings, raised KeyErrors, and deep copies of flat dicts."""
    mixin.make_safe_absolute_uri = lru_cache(maxsize=1024)(mixin.make_safe_absolute_uri)
    FeedParserDict.get = _get
    FeedParserDict.__contains__ = _contains
    FeedParserDict.__deepcopy__ = _copied


def _get(told: Any, key: Any, default: Any = None) -> Any:
    return _slow_get(told, key, default) if key in RENAMED else dict.get(told, key, default)


def _contains(told: Any, key: Any) -> bool:
    return _slow_contains(told, key) if key in RENAMED else dict.__contains__(told, key)


def _copied(told: Any, _memo: Any) -> Any:
    """Copy what holds texts alone, as contents and feeds' sources do."""
    return FeedParserDict(told)
