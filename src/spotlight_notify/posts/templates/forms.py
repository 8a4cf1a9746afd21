"""Tell what form an aid has beside its kind, from its own words: what a reader does with it depends on that.

Only what is certain counts; of all else the kind alone says what to do.
"""

import re
from urllib.parse import urlsplit

from spotlight_notify.model.aids import Aid
from spotlight_notify.model.words import Kind
from spotlight_notify.text.names import folded_name
from spotlight_notify.text.recordings import says_recorded, text_version

RECORDING, EVENT, GUIDE, THEME, ORGANIZATION = "recording", "event", "guide", "theme", "organization"
CLASS = "class"
FORMS = (RECORDING, EVENT, CLASS, GUIDE, THEME, ORGANIZATION)
_GUIDE = re.compile(
    r"\b(?:guide|guidebook|handbook|manual|checklist|toolkit|workbook|pocket card|gu[ií]a)\b", re.IGNORECASE
)
_TAUGHT = re.compile(r"\b(?:class|course|session|enroll|register|instructor|attend)", re.IGNORECASE)
_OPENING = re.compile(r"(?:new )?(?:spotlight on safety|theme)\b.{0,3}[:–—-]|new theme\b", re.IGNORECASE)
_IN_A_PLACE = re.compile(
    r"\b(?:in[- ]person|on[- ]site|onsite|classroom|face[- ]to[- ]face|presencial(?:es)?"
    r"|at the (?:[A-Z][\w.'’-]* ){1,5}"
    r"(?:Center|Centre|Academy|Hotel|Building|Hall|Office|College|Station|Campus))\b"
)
_AT_A_DISTANCE = re.compile(
    r"\b(?:online|virtual(?:ly)?|webinar|hybrid|livestream(?:ed)?|zoom|en l[ií]nea)\b", re.IGNORECASE
)
_SAYS_KIND = {
    Kind.PODCAST: r"podcast|p[oó]dcast",
    Kind.WEBINAR: r"webinar|webcast|seminario web|webinario",
    Kind.TRAINING: r"training|course|class|capacitaci[oó]n|curso",
    Kind.POSTER: r"(?:printable )?poster|p[oó]ster|cartel|afiche",
    Kind.PUBLICATION: r"publication|publicaci[oó]n",
    Kind.ARTICLE: r"article|art[ií]culo",
}
_KIND_FIRST = {
    kind: re.compile(rf"[\[(]?(?:{names})[\])]?\s?[:|–—]\s*(?=\S)|[\[(](?:{names})[\])]\s*(?=\S)", re.I)
    for kind, names in _SAYS_KIND.items()
}


def form_of(aid: Aid) -> str | None:
    """Return an aid's form; None where its kind says it all."""
    said = f"{aid.title}\n{aid.summary}"
    if aid.kind in (Kind.WEBINAR, Kind.TRAINING) and aid.event_at is None and says_recorded(said):
        return RECORDING
    if aid.event_at is not None:
        taught_there = (
            aid.kind is Kind.TRAINING and _IN_A_PLACE.search(said) and not _AT_A_DISTANCE.search(said)
        )
        return CLASS if taught_there else EVENT
    if aid.kind is Kind.TRAINING and _GUIDE.search(aid.title) and not _TAUGHT.search(said):
        return GUIDE
    return _form_of_article(aid) if aid.kind is Kind.ARTICLE else None


def _form_of_article(aid: Aid) -> str | None:
    if _OPENING.match(aid.title) or (aid.theme and folded_name(aid.title) == folded_name(aid.theme)):
        return THEME
    parts = urlsplit(aid.link or "")
    return ORGANIZATION if parts.path in ("", "/") and not parts.query and parts.netloc else None


def without_kind(title: str, kind: Kind) -> str:
    """Take the kind's name off a title's beginning, since the post begins with it: "Podcast: Slow Down"."""
    return _KIND_FIRST[kind].sub("", title, count=1) if _KIND_FIRST[kind].match(title) else title


def is_pdf(link: str | None) -> bool:
    """Return whether a link leads to a PDF, as far as its address tells."""
    return urlsplit(link or "").path.lower().endswith(".pdf")


def text_version_of(aid: Aid) -> str | None:
    """Return what those have who cannot hear a recording, as far as its words or categories tell."""
    if aid.kind is not Kind.PODCAST and form_of(aid) != RECORDING:
        return None
    return text_version("\n".join((aid.title, aid.summary, *aid.categories)))


def spoken_size(size: int | None) -> str | None:
    """Return a file's size in words: "640 KB", "1.2 MB"; None where it is not known."""
    if not size:
        return None
    return f"{max(1, round(size / 1_000))} KB" if size < 999_500 else f"{size / 1_000_000:.3g} MB"
