"""Turn HTML into plain text that is fit to be posted."""

import html as entities
import re
import unicodedata

import regex
from selectolax.lexbor import LexborHTMLParser

from spotlight_notify.text.entities import mentions

MAX_BYTES = 32 * 1024
"""A field is cut to this before anything else: what nests deeper than that is hostile, and slow to read."""
_SILENT = ["script", "style", "noscript", "svg", "iframe", "object", "template", "head"]
"""Elements whose text is not for readers."""
_BLOCKS = (
    "address,article,aside,blockquote,br,caption,center,dd,details,dialog,div,dl,dt,fieldset,figcaption,figure,"
    "footer,form,h1,h2,h3,h4,h5,h6,header,hr,legend,li,main,menu,nav,ol,option,p,pre,section,summary,table,tr,ul"
)
_CELLS = "td,th"
_BREAK = "\x1e"
"""Stands for a break while white space is collapsed; to HTML the character means nothing."""
_TAG = re.compile(
    r"<(?:!--|/?(?:a|abbr|article|b|big|blockquote|br|center|cite|code|del|div|em|figure|font|h[1-6]|hr|i|img|ins|"
    r"li|ol|p|pre|q|s|script|section|small|span|strike|strong|style|sub|sup|table|td|th|tr|tt|u|ul)\b)",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LAYERS = 3
"""How many layers of escaping are taken off beyond the one that HTML has; real feeds have one."""
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1d\x1f\x7f-\x84\x86-\x9f"
    r"\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]"
)
"""Controls, soft hyphens, zero-width spaces, marks of direction, characters that are none."""
_JOINED = r"[\u0600-\U0010ffff--\p{Z}]"
_STRAY_JOINER = regex.compile(
    rf"(?<!{_JOINED})[\u200c\u200d]|[\u200c\u200d](?!{_JOINED})|(?<!\p{{Emoji}})\ufe0f", regex.V1
)
"""Joiners and emoji marks that stand outside emoji and scripts that need them."""
_CREDIT = re.compile(
    r"(?:^|(?<=\s))Th(?:e|is) post (?:(?!The post ).){1,500}? (?:appeared first|first appeared) on "
    r"[^\n]{1,200}\Z",
    re.DOTALL,
)
_INVITATION = re.compile(
    r"(?:(?:^|(?<=[\s.!?…\]]))(?:(?:Read|READ|Learn) (?:[Mm]ore|MORE)|Continue [Rr]eading[^\n]{0,200})"
    r"|(?:^|(?<=[\n.!?…\]])|(?<=[.!?…\])\"”’]\s))(?i:read more|learn more|continue reading))"
    r"[\s»→>›….:]*\Z"
)
"""In small letters only where a sentence has ended: "they want to read more" is none."""
_BRACKETED = re.compile(r"\s*[\[(](?:…|\.\.\.)[\])]\Z")
_ROUNDS = 4
"""How often a text is gone over again when taking something out has brought more of it to light."""
_ENDED = re.compile(r"[.!?…。！？][\"'”’)\]]*\Z")


def plain_text(html: str) -> str:
    """Turn an HTML fragment into plain text: one line for each block, white space collapsed.

    No entity is left visible. Tails that a site adds to every entry are cut off. No account is mentioned:
    ``@name`` loses its ``@``.
    """
    return _finished(_layers(_read(_cut(html))))


def tidy_text(text: str) -> str:
    """Make what is plain text already fit to be posted: like ``plain_text``, but nothing in it is HTML."""
    return _finished(_cut(text).replace("\n", _BREAK))


def plain_title(html: str) -> str:
    """Turn a title, with or without HTML in it, into one line of plain text; no account is mentioned.

    Only real tags count as HTML: "Use of <Force>" keeps its words.
    """
    return _unmention(" ".join(_polish(_layers(_cut(html))).split()))


def summary_of(html: str, title: str) -> str:
    """Turn a summary into plain text; what only repeats the title is left out."""
    return beyond_title(plain_text(html), title)


def beyond_title(text: str, title: str) -> str:
    """Leave out of a plain text what only repeats the title."""
    first, _, rest = text.partition("\n")
    if _bare(first) == _bare(title):
        return rest
    return "" if _bare(title).startswith(_bare(text)) else text


def _finished(text: str) -> str:
    return _unmention(_without_tails(_polish(text)))


def _cut(html: str) -> str:
    """Cut to the limit in UTF-8; halves of characters go too."""
    return html.encode("utf-8", "ignore")[:MAX_BYTES].decode("utf-8", "ignore")


def _layers(text: str) -> str:
    """Take off escaping as long as tags or entities are visible, up to ``_LAYERS`` times."""
    for _ in range(_LAYERS):
        peeled = _read(text) if _TAG.search(text) else _unescape(text)
        if peeled == text:
            break
        text = peeled
    return text


def _unescape(text: str) -> str:
    return _ENTITY.sub(lambda match: entities.unescape(match[0]), text)


def _read(html: str) -> str:
    """Read the text of an HTML fragment, with a mark where a block begins or ends."""
    tree = LexborHTMLParser(html)
    tree.strip_tags(_SILENT)
    for block in tree.css(_BLOCKS):
        block.insert_before(_BREAK)
        block.insert_after(_BREAK)
    for cell in tree.css(_CELLS):
        cell.insert_after(" ")
    return tree.body.text() if tree.body else ""


def _polish(text: str) -> str:
    """Take out what cannot be seen, collapse white space, and compose characters (NFC)."""
    visible = _STRAY_JOINER.sub("", _INVISIBLE.sub("", text))
    lines = (" ".join(part.split()) for part in visible.split(_BREAK))
    return unicodedata.normalize("NFC", "\n".join(line for line in lines if line))


def _without_tails(text: str) -> str:
    """Cut off credits and invitations to read on; a text cut short in brackets ends with an ellipsis."""
    for _ in range(_ROUNDS):
        shorter = _INVITATION.sub("", _CREDIT.sub("", text)).rstrip()
        if _BRACKETED.search(shorter):
            shorter = _BRACKETED.sub("", shorter)
            shorter += "" if not shorter or _ENDED.search(shorter) else "…"
        if shorter == text:
            break
        text = shorter
    return text


def _unmention(text: str) -> str:
    """Take the sign off whatever X would read as a mention: a post must not call strangers."""
    for _ in range(_ROUNDS):
        found = mentions(text)
        if not found:
            return text
        signs = {mention.start for mention in found}
        text = "".join(character for at, character in enumerate(text) if at not in signs)
    return text.replace("@", "").replace("＠", "")


def _bare(text: str) -> str:
    """Reduce a text to its letters and digits, for comparing."""
    return "".join(re.findall(r"[^\W_]+", text)).casefold()
