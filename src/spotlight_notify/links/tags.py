"""Find the few tags that matter in a page, in time that grows with its length only.

A parser of whole pages will not do: on 512 KiB of hostile nesting selectolax was seen to take 20 seconds, or
all of 24 GB. So the tags are found first, and only they are parsed.
"""

import re
from collections.abc import Iterator

MAX_TAG = 8 * 1024
"""The longest tag taken, in characters."""
MAX_TAGS = 64 * 1024
"""The longest sum of all tags taken, in characters; real pages need a tenth of it."""
_OPENING = re.compile(
    r"<(?:(?P<comment>!--)|(?P<silent>script|style|textarea|title)(?=[\s/>])|(?:meta|base)(?=[\s/>]))",
    re.IGNORECASE,
)
_CLOSING = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title")
}
_TAG = re.compile(r"""<(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_PLAIN_TAG = re.compile(r"<[^>]*+>")
"""For tags with a quotation mark too many."""
_WANTED = re.compile(r"\A<base|og:title|og:image|twitter:image", re.IGNORECASE)


def wanted_tags(html: str) -> str:
    """Return a page's ``base`` tags and its ``meta`` tags about cards, one after the other.

    What stands in comments, scripts and the like is passed over; so is what is longer than the limits.
    However they were written, no other tag can come out of them.
    """
    found, room = [], MAX_TAGS
    for tag in _tags(html):
        if _WANTED.search(tag):
            found.append("<" + tag[1:].replace("<", "&lt;"))
            room -= len(found[-1])
        if room <= 0:
            break
    return "".join(found)


def _tags(html: str) -> Iterator[str]:
    """Give the meta and base tags of a page, from its start; an empty one for one that is too long."""
    at = 0
    while opening := _OPENING.search(html, at):
        start, at = opening.span()
        if opening["comment"]:
            at = html.find("-->", start + 2)  # "<!-->" is one, too
        elif opening["silent"]:
            closing = _CLOSING[opening["silent"].lower()].search(html, at)
            at = closing.end() if closing else -1
        else:
            tag = _tag_at(html, start)
            at = start + (len(tag) or MAX_TAG)
            yield tag
        if at < 0:
            return


def _tag_at(html: str, start: int) -> str:
    end = min(len(html), start + MAX_TAG)
    tag = _TAG.match(html, start, end) or _PLAIN_TAG.match(html, start, end)
    return tag[0] if tag else ""
