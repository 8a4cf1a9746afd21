"""Turn an entry's raw fields into plain values, each within its limit. Runs where it can be killed."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from itertools import chain
from urllib.parse import urljoin, urlsplit

from spotlight_notify.text.boilerplate import without_title
from spotlight_notify.text.cutting import shortened
from spotlight_notify.text.html import MAX_HTML, plain_text, short_title, tidy_text
from spotlight_notify.text.invisible import in_one_line
from spotlight_notify.text.links import usable_link
from spotlight_notify.text.mojibake import repaired

MAX_STAND_IN = 100
"""The longest title made from a summary, in characters."""
MAX_NAME = 2_048
"""The longest guid taken as it is, in characters; a longer one is replaced by its hash."""
MAX_CATEGORIES = 50
MAX_CATEGORY = 200
_WWW = re.compile(r"www\.[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?::\d+)?")


def title_and_summary(
    raw_title: str, *raw_summaries: str, plain: Iterable[str] = (), authors: Sequence[str] = ()
) -> tuple[str, str]:
    """Make a title, and a summary of the first text that says more than it: ``plain`` ones before HTML.

    Lines that are but the name of one of the ``authors`` are left out. Without a title the summary's first
    line, or its first words, stand in; both empty when nothing is said.
    """
    title = short_title(raw_title)
    tidied = (tidy_text(text[:MAX_HTML], authors) for text in plain if text.strip())
    read = (plain_text(raw[:MAX_HTML], authors) for raw in raw_summaries if raw.strip())
    summary = next((more for said in chain(tidied, read) if (more := without_title(said, title))), "")
    title = title or shortened(summary.partition("\n")[0], MAX_STAND_IN)
    return title, "" if summary == title else summary


def guid_from(raw: str) -> str:
    """Make a guid that has a sane length and that every database takes."""
    guid = storable(raw).strip()
    return guid if len(guid) <= MAX_NAME else f"sha256-{hashlib.sha256(guid.encode()).hexdigest()}"


def categories_from(raw: Iterable[str]) -> tuple[str, ...]:
    """Make at most MAX_CATEGORIES names, each once."""
    names = (in_one_line(repaired(name[:MAX_CATEGORY])) for name in raw)
    return tuple(dict.fromkeys(name for name in names if name))[:MAX_CATEGORIES]


def storable(text: str) -> str:
    """Replace what no database takes: NUL, and halves of characters."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def with_protocol(raw: str, base: str) -> str:
    """Put ``https://`` before a link that begins with a host: its base's own, or one that begins with www."""
    first = raw.strip().partition("/")[0].lower()
    own = (urlsplit(base).hostname or "").removeprefix("www.")
    is_host = _WWW.fullmatch(first) or ("." in own and first.removeprefix("www.") == own)
    return f"https://{raw.strip()}" if is_host else raw


def link_from(raw: str, base: str) -> str:
    """Make a link absolute; empty when it is no http(s) link."""
    if not raw.strip() or len(raw) > MAX_NAME:
        return ""
    try:
        return usable_link(urljoin(base, with_protocol(raw, base).strip())) or ""
    except ValueError:
        return ""
