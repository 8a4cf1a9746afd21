"""Turn HTML into plain text that is fit to be posted."""

import html as entities
import re
import unicodedata
from collections.abc import Iterable
from html.entities import html5

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spotlight_notify.text.boilerplate import without_bylines, without_footers
from spotlight_notify.text.cutting import shortened
from spotlight_notify.text.entities import mentions
from spotlight_notify.text.invisible import without_invisible
from spotlight_notify.text.mojibake import repaired

ELEMENTS = (
    r"a|abbr|applet|article|aside|audio|b|big|blockquote|br|button|canvas|caption|center|cite|code|col|colgroup|dd|"
    r"del|details|dfn|div|dl|dt|em|embed|fieldset|figcaption|figure|font|footer|form|frame|frameset|h[1-6]|header|hr|"
    r"i|iframe|img|input|ins|kbd|label|li|main|map|mark|marquee|nav|nobr|noscript|o:p|object|ol|option|p|param|"
    r"picture|pre|q|s|samp|script|section|select|small|source|span|strike|strong|style|sub|summary|sup|svg|table|"
    r"tbody|td|template|textarea|tfoot|th|thead|time|tr|track|tt|u|ul|var|video|wbr"
)
"""Names of elements, as a part of a regular expression."""
_BODY = ".field--name-body,.field-name-body,.views-field-body"
"""Drupal's own text of a page, 7 and later, as a field or as a column of a view."""
_ABOUT = ",".join(
    [
        *(
            f".{kind}-{name}"
            for kind in ("field--name", "field-name", "views-field")
            for name in ("title", "uid", "created", "changed", "author", "name")
        ),
        ".field-name-post-date,.field--name-links,.field__label,.field-label,.views-label,.links.inline",
        ".submitted,.username,.node__meta,.node__submitted,.byline,.author,.entry-meta,.post-meta,[rel~=author]",
        "[class$='-author'],[class*='-author ']",
        "[typeof~='schema:Person'],[typeof~='sioc:UserAccount'],[about^='/user/'],a[title*='user profile']",
    ]
)
"""What is said about a text: its title again, who put it there and when, the labels of fields."""
_STAMP = re.compile(
    r"(?:[^\W\d_]{2,9}, )?(?:\d\d/\d\d/\d{4}|\d{4}-\d\d-\d\d|[^\W\d_]{3,9} \d{1,2}, \d{4}|"
    r"\d{1,2} [^\W\d_]{3,9} \d{4}) - \d\d:\d\d"
)
"""A date as Drupal writes it below a title."""
MAX_TITLE = 1_000
"""The longest title, or words for a picture, in characters: X takes no more (OpenAPI 2.167)."""
MAX_HTML = 32 * 1024
"""A field is cut to this, in bytes, before anything else: hostile nesting costs the square of it."""
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
_SHOWN_ENTITY = re.compile(r"&(#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
_SHOWN_TAG = re.compile(rf"<(?:!--|/?(?:{ELEMENTS})\b[^<>]*>)", re.IGNORECASE)
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


def short_title(html: str) -> str:
    """Turn a title into one line of plain text within MAX_TITLE."""
    return shortened(plain_title(html), MAX_TITLE)


def visible_markup(text: str) -> str | None:
    """Return the first entity, else the first tag, that readers would see as such; None if there is none.

    Only real ones count: "AT&T; more" and "Use of <Force>" are words.
    """
    for entity in _SHOWN_ENTITY.finditer(text):
        if entity[1][0] == "#" or entity[1] in html5:
            return entity[0]
    tag = _SHOWN_TAG.search(text)
    return tag[0] if tag else None


def _authored(tree: LexborHTMLParser) -> LexborHTMLParser:
    """Return the body among a content management system's fields; without one, all but what is about it."""
    kept = "".join(node.html or "" for node in tree.css(_BODY) if node.text(strip=True))
    if kept:
        tree = LexborHTMLParser(kept)
    for node in reversed(tree.css(_ABOUT)):  # inner ones before those that hold them
        node.decompose()
    _drop_stamp(tree)
    return tree


def _drop_stamp(tree: LexborHTMLParser) -> None:
    """Drop the spans at the beginning that a theme without classes makes of title, author and date."""
    spans: list[LexborNode] = []
    child = tree.body.child if tree.body else None
    while child is not None and (child.tag == "span" or not child.text(strip=True)):
        if child.tag == "span":
            spans.append(child)
        child = child.next
    dated = [at for at, span in enumerate(spans) if _STAMP.fullmatch(" ".join(span.text().split()))]
    for span in spans[: dated[-1] + 1] if dated else ():
        span.decompose()


def _finished(text: str, authors: Iterable[str]) -> str:
    return _unmention(without_footers(without_bylines(_polish(text), authors)))


def _cut(html: str) -> str:
    """Cut to the limit in UTF-8; halves of characters go too."""
    return html.encode("utf-8", "ignore")[:MAX_HTML].decode("utf-8", "ignore")


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
    tree = _authored(tree)
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
    lines = (" ".join(part.split()) for part in without_invisible(repaired(text)).split(_BREAK))
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
