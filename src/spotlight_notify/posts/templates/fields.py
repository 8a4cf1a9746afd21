"""The fields that a template may use, and what stands for each thing when it is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spotlight_notify.model.aids import Aid
from spotlight_notify.model.words import Access, Kind
from spotlight_notify.posts.templates.forms import form_of, is_pdf, spoken_size, text_version_of
from spotlight_notify.text.language import ENGLISH
from spotlight_notify.text.names import folded_name

Fields = dict[str, Any]
BLANKS: Mapping[str, object] = {
    "summary": "",
    "theme": None,
    "source": "",
    "event_at": None,
    "published_at": None,
    "roomy": False,
}
"""Fields that a post can do without.

``roomy`` is no fact of the aid: it is true as long as there is room for words that are only nice to have.
"""
SHRINKABLE = ("summary", "theme", "source")
"""Fields that may be cut shorter. Title, link and hashtag are whole or the post is refused."""
TITLES = "titles"
"""The name under which a layout says how long the titles in a digest may be together."""
FIELDS = frozenset(
    {
        *("title", "link", "hashtag", "theme_hashtag", "kind", "form", "language", "pdf", "pdf_size"),
        *("text_version", "sign_in", *BLANKS),
    }
)
"""What a template for one aid may say. ``theme_hashtag`` is None when there is none, or no room; ``form`` is
None when the kind says it all; ``text_version`` ("transcript", "caption") when a recording is known to have
one that its summary does not tell of."""
DIGEST_FIELDS = frozenset(
    {"theme", "aids", "more", "count", "link", "hashtag", "theme_hashtag", "language", "roomy"}
)
"""What a template for several aids may say: ``more`` of the ``count`` aids are not among ``aids``."""
CORRECTION_FIELDS = frozenset({"text", "link", "hashtag"})
"""What a template for a correction may say: it stands under the post that it corrects."""
DIGEST_BLANKS = ("roomy",)
"""Those of BLANKS that a digest has, and can do without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An aid in a digest."""

    title: str
    kind: Kind
    sign_in: bool


def fields_of(aid: Aid, hashtag: str, theme_hashtag: str | None = None, *, language: str = ENGLISH) -> Fields:
    """List what a template may say about an aid; a theme that its title names is not said again."""
    title, theme = aid.title.strip(), (aid.theme or "").strip()
    return {
        "title": title,
        "link": aid.link,
        "hashtag": hashtag,
        "theme_hashtag": theme_hashtag,
        "kind": aid.kind.value,
        "form": form_of(aid),
        "language": language,
        "pdf": is_pdf(aid.link),
        "pdf_size": spoken_size(aid.file_size) if is_pdf(aid.link) else None,
        "text_version": text_version_of(aid),
        "sign_in": aid.access is Access.SIGN_IN,
        "summary": aid.summary.strip(),
        "theme": None if folded_name(theme) in folded_name(title) else theme,
        "source": aid.source,
        "event_at": aid.event_at,
        "published_at": aid.published_at,
        "roomy": True,
    }


def listed(aid: Aid) -> Listed:
    """Return an aid as one of several."""
    return Listed(title=aid.title.strip(), kind=aid.kind, sign_in=aid.access is Access.SIGN_IN)


def digest_fields(
    theme: str,
    aids: Sequence[Listed],
    link: str,
    hashtag: str,
    theme_hashtag: str | None = None,
    *,
    language: str = ENGLISH,
) -> Fields:
    """List what a template may say about several aids, all of them in one language, or else English."""
    return {
        "theme": theme,
        "aids": tuple(aids),
        "more": 0,
        "count": len(aids),
        "link": link,
        "hashtag": hashtag,
        "theme_hashtag": theme_hashtag,
        "language": language,
        "roomy": True,
    }


def correction_fields(text: str, link: str, hashtag: str) -> Fields:
    """List what a template may say in a correction; all of it is whole, or the correction is refused."""
    return {"text": text, "link": link, "hashtag": hashtag}
