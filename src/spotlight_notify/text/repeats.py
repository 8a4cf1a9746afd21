"""Leave out of a summary what only repeats the title."""

import re

_LONGEST_SITE = 60
"""The longest name of a site after a title, in characters."""
_SITE = re.compile(r"(.*\S)\s+(?:[|–—»·•-]|::)\s+(\S.*)", re.DOTALL)
_ENDED = re.compile(r"[.!?…](?:\s|\Z)")
_WORD = re.compile(r"[^\W_]+")
_STOP = r"[\W_]{0,3}?[.!?…:]{1,5}[\"'”’)\]]{0,3}\s+"
_AFTER_TITLE = re.compile(rf"(?:{_STOP}|[\"'”’)\]]?\s[|–—»·•-]\s+)(?=\S)")
_AFTER_SHORT_TITLE = re.compile(rf"{_STOP}(?=\S)")
"""After the title without its site: what stands behind a dash may be what the title has there, too."""
_PADDING = 100
"""Characters more than the title has, within which a text shows that it says more."""
_ROUNDS = 3
"""How often a title may stand at the beginning of its summary, one after the other."""


def beyond_title(text: str, title: str) -> str:
    """Leave out of a plain text what only repeats the title.

    Letter case, punctuation, quotes, and the name of a site behind a bar or a dash make no difference. A text
    that is but the beginning of the title goes, too.
    """
    for _ in range(_ROUNDS):
        shorter = _once_beyond(text, title)
        if shorter == text:
            break
        text = shorter
    bare_title = _bare(title)
    if len(_bare(text[: len(title) + _PADDING])) > len(bare_title):
        return text
    return "" if bare_title.startswith(_bare(text)) else text


def _once_beyond(text: str, title: str) -> str:
    line, _, rest = text.partition("\n")
    short, bare = _without_site(title), _bare(line)
    if not bare.startswith(_bare(short)):  # most texts end here
        return text
    if (bare and bare in (_bare(title), _bare(short))) or _bare(_without_site(line)) == _bare(title):
        return rest
    said = _end_of_title(line, title, _AFTER_TITLE)
    said = said or _end_of_title(line, short, _AFTER_SHORT_TITLE)
    return text[said:] if said and not text[said].islower() else text


def _end_of_title(line: str, title: str, stop: re.Pattern[str]) -> int:
    """Return where the words after the title begin, if the line begins with it and this stop; else 0."""
    words = _WORD.findall(title)
    begins = (
        re.match(r"[\W_]*" + r"[\W_]+".join(map(re.escape, words)), line, re.IGNORECASE) if words else None
    )
    stopped = stop.match(line, begins.end()) if begins else None
    return stopped.end() if stopped else 0


def _without_site(title: str) -> str:
    """Take off the name of a site: a few words behind the last bar or dash, all long ones with a capital."""
    parts = _SITE.fullmatch(title)
    if not parts or len(parts[2]) > _LONGEST_SITE or _ENDED.search(parts[2]):
        return title
    small = any(len(word) > 3 and word[0].islower() and "." not in word for word in parts[2].split())
    return title if small else parts[1]


def _bare(text: str) -> str:
    """Reduce a text to its letters and digits, for comparing."""
    return "".join(_WORD.findall(text)).casefold()
