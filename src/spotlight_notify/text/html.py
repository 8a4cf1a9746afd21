"""Turn HTML into plain text that is fit to be posted."""

import html as entities
import re
import unicodedata
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser

from spotlight_notify.text.boilerplate import without_bylines
from spotlight_notify.text.entities import mentions
from spotlight_notify.text.fields import written
from spotlight_notify.text.invisible import without_unseen
from spotlight_notify.text.markup import ELEMENTS
from spotlight_notify.text.mojibake import mended
from spotlight_notify.text.repeats import beyond_title
from spotlight_notify.text.tails import without_tails

MAX_BYTES = 32 * 1024
"""A field is cut to this before anything else: what nests deeper than that is hostile, and slow to read."""
_SILENT = [
    "applet",
    "audio",
    "canvas",
    "embed",
    "head",
    "iframe",
    "noscript",
    "object",
    "script",
    "style",
    "svg",
    "template",
    "video",
]
"""Elements whose text is not for readers."""
_HIDDEN = (
    ":is([hidden],.visually-hidden,.element-invisible,.screen-reader-text,.sr-only,"
    '[style*="display:none" i],[style*="display: none" i])'
)
"""Elements that readers do not see, by the words of the great content management systems."""
_BLOCKS = (
    "address,article,aside,blockquote,br,caption,center,dd,details,dialog,div,dl,dt,fieldset,figcaption,figure,"
    "footer,form,h1,h2,h3,h4,h5,h6,header,hr,legend,li,main,menu,nav,ol,option,p,pre,section,summary,table,tr,ul"
)
_CELLS = "td,th"
_PLAIN = re.compile(r"[^<&\0]*")
"""What means the same as HTML and as text, and is most of what large feeds hold."""
_BREAK = "\x1e"
"""Stands for a break while white space is collapsed; to HTML the character means nothing."""
_TAG = re.compile(rf"<(?:!--|/?(?:{ELEMENTS})(?:\s*/?>|\s[^<>]*(?:>|=[^<>]*\Z)))", re.IGNORECASE)
"""A tag, or one with attributes that is cut off at the end; "a <b" and "<Force>" are words."""
_ENTITY = re.compile(r"&(?:#[0-9]{1,7};?|#[xX][0-9a-fA-F]{1,6};?|nbsp\b;?|[A-Za-z][A-Za-z0-9]{1,31};)")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL)
"""Escaped once too often it is no markup to XML, and a comment to HTML."""
_STYLED = re.compile(
    r"<(a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/])[^<>]*>?", re.IGNORECASE
)
"""A tag of the kind that HTML opens again in every block it was not closed in, with attributes."""
_MOST_STYLED = 300
"""With more of these a document is hostile: with ever other attributes they take a gigabyte (measured)."""
_LAYERS = 3
"""How many layers of escaping are taken off beyond the one that HTML has; real feeds have one."""
_ROUNDS = 4
"""How often a text is gone over again when taking a sign off has made another one a mention."""


def plain_text(html: str, authors: Iterable[str] = ()) -> str:
    """Turn an HTML fragment into plain text: one line for each block, white space collapsed.

    No entity is left visible. What a site adds to every entry is cut off: tails, and who wrote it, of these
    ``authors`` or of others. No account is mentioned: ``@name`` loses its ``@``.
    """
    return _finished(_layers(_read(_cut(html))), authors)


def tidy_text(text: str, authors: Iterable[str] = ()) -> str:
    """Make what is plain text already fit to be posted: like ``plain_text``, but nothing in it is HTML."""
    return _finished(_cut(text).replace("\n", _BREAK), authors)


def plain_title(html: str) -> str:
    """Turn a title, with or without HTML in it, into one line of plain text; no account is mentioned.

    Only real tags count as HTML: "Use of <Force>" keeps its words.
    """
    return _unmention(" ".join(_polish(_layers(_cut(html))).split()))


def summary_of(html: str, title: str) -> str:
    """Turn a summary into plain text; what only repeats the title is left out."""
    return beyond_title(plain_text(html), title)


def _finished(text: str, authors: Iterable[str]) -> str:
    return _unmention(without_tails(without_bylines(_polish(text), authors)))


def _cut(html: str) -> str:
    """Cut to the limit in UTF-8; halves of characters go too."""
    return html.encode("utf-8", "ignore")[:MAX_BYTES].decode("utf-8", "ignore")


def _layers(text: str) -> str:
    """Take off escaping as long as tags or entities are visible, up to ``_LAYERS`` times."""
    for _ in range(_LAYERS):
        bare = _CDATA.sub(r"\1", text)
        peeled = _read(bare) if _TAG.search(bare) else _unescape(bare)
        if peeled == text:
            break
        text = peeled
    return text


def _unescape(text: str) -> str:
    return _ENTITY.sub(lambda match: entities.unescape(match[0]), text)


def _read(html: str) -> str:
    """Read the text of an HTML fragment, with a mark where a block begins or ends."""
    if _PLAIN.fullmatch(html):
        return html
    tree = LexborHTMLParser(_calmed(_CDATA.sub(r"\1", html)))
    tree.strip_tags(_SILENT)
    for hidden in reversed(tree.css(_HIDDEN)):  # inner ones before those that hold them
        hidden.decompose()
    tree = written(tree)
    for block in tree.css(_BLOCKS):
        block.insert_before(_BREAK)
        block.insert_after(_BREAK)
    for cell in tree.css(_CELLS):
        cell.insert_after(" ")
    return tree.body.text() if tree.body else ""


def _calmed(html: str) -> str:
    """Take the attributes off a hostile document's formatting tags: of equal ones three are opened again."""
    return _STYLED.sub(r"<\1>", html) if len(_STYLED.findall(html)) > _MOST_STYLED else html


def _polish(text: str) -> str:
    """Mend what is garbled, take out what cannot be seen, collapse white space, compose characters (NFC)."""
    lines = (" ".join(part.split()) for part in without_unseen(mended(text)).split(_BREAK))
    return unicodedata.normalize("NFC", "\n".join(line for line in lines if line))


def _unmention(text: str) -> str:
    """Take the sign off whatever X would read as a mention: a post must not call strangers."""
    for _ in range(_ROUNDS):
        found = mentions(text)
        if not found:
            return text
        signs = {mention.start for mention in found}
        text = "".join(character for at, character in enumerate(text) if at not in signs)
    return text.replace("@", "").replace("＠", "")
