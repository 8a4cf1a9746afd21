"""Try layouts on specimens, so that a template's mistake shows before the first aid does."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from spotlight_notify.errors import TemplateError
from spotlight_notify.model import Access, Aid, Kind, Network
from spotlight_notify.templates.fields import (
    BLANKS,
    DIGEST_BLANKS,
    Fields,
    Listed,
    correction_fields,
    digest_fields,
    fields_of,
    listed,
)
from spotlight_notify.templates.layouts import Layout
from spotlight_notify.templates.limits import LIMITS, NAMES, measure
from spotlight_notify.text.entities import hashtags
from spotlight_notify.text.markup import visible_markup

_AT = datetime(2016, 3, 22, 18, tzinfo=UTC)
_HASHTAG = "#SpecimenHashtag"
_THEME_HASHTAG = "#SpecimenTheme"
_THEME = "De-Escalation"
_LINK = "https://example.gov/1"
_LONG_TITLE = " ".join(["An Integrated Approach to De-Escalation and Minimizing Use of Force"] * 5)
_CORRECTED = "It takes place on March 3."
_COUNT = 12
"""Aids in the larger of the digests that are tried."""


def try_layout(layout: Layout, network: Network) -> None:
    """Raise TemplateError if a template fails, or drops, garbles or crowds out what must be in a post."""
    for kind in Kind:
        _try_kind(layout, kind)
        bare = fields_of(_bare(kind), _HASHTAG) | _left_out(layout)
        _refuse_long(layout.templates[kind].name or "", layout.write(kind, bare), network)
    for shown, count in ((2, 2), (_COUNT, _COUNT), (1, _COUNT)):
        _try_digest(layout, shown, count)
    short = _digest(_aids(1), _COUNT, None) | _left_out(layout)
    _refuse_long(layout.digest.name or "", layout.write_digest(short), network)
    _try_correction(layout, network)


def _try_kind(layout: Layout, kind: Kind) -> None:
    bare = _bare(kind)
    timed = replace(bare, event_at=_AT, published_at=_AT)
    full = replace(timed, summary="In short.", theme=_THEME, access=Access.SIGN_IN)
    for aid, theme_hashtag in ((bare, None), (full, None), (full, _THEME_HASHTAG)):
        text = layout.write(kind, fields_of(aid, _HASHTAG, theme_hashtag))
        _check(layout.templates[kind].name or "", text, {"title": aid.title})


def _try_digest(layout: Layout, shown: int, count: int) -> None:
    """Try a digest of short titles, and one of very long ones."""
    name = layout.digest.name or ""
    for title, theme_hashtag in (("Keep Calm", None), (_LONG_TITLE, _THEME_HASHTAG)):
        aids = _aids(shown, title)
        text = layout.write_digest(_digest(aids, count, theme_hashtag))
        _check(name, text, {"theme": _THEME})
        if any(aid.title not in text for aid in aids):
            raise TemplateError(name, 0, "the post must have each title in it, whole: go through aids")
        if count > shown and not re.search(rf"\b{count - shown}\b", text):
            raise TemplateError(name, 0, "the post must say how many more there are: use {{ more }}")


def _try_correction(layout: Layout, network: Network) -> None:
    name = layout.correction.name or ""
    text = layout.write_correction(correction_fields(_CORRECTED, _LINK, _HASHTAG))
    _check(name, text, {"text": _CORRECTED})
    _refuse_long(name, text, network)


def _bare(kind: Kind) -> Aid:
    """Make an aid with nothing that can be missing."""
    return Aid(source="site", key="1", title="Keep Calm", link=_LINK, kind=kind)


def _left_out(layout: Layout) -> Fields:
    """Leave out what the layout lets go and a bare aid has: words that are only nice to have."""
    return {name: BLANKS[name] for name in DIGEST_BLANKS if name in layout.drop}


def _aids(count: int, title: str = "Keep Calm") -> tuple[Listed, ...]:
    """List aids of every kind, every other one behind a sign-in."""
    bare = [_bare(list(Kind)[number % len(Kind)]) for number in range(count)]
    return tuple(
        listed(replace(aid, title=f"{title}, Part {number}", access=list(Access)[number % len(Access)]))
        for number, aid in enumerate(bare, start=1)
    )


def _digest(aids: tuple[Listed, ...], count: int, theme_hashtag: str | None) -> Fields:
    fields = digest_fields(_THEME, aids, _LINK, _HASHTAG, theme_hashtag)
    return fields | {"more": count - len(aids), "count": count}


def _check(name: str, text: str, must: Mapping[str, str]) -> None:
    for field, value in (*must.items(), ("link", _LINK), ("hashtag", _HASHTAG)):
        if value not in text:
            message = f"the post must have the {field} in it, whole: use {{{{ {field} }}}}"
            raise TemplateError(name, 0, message)
    wanted = {tag for tag in (_HASHTAG, _THEME_HASHTAG) if tag in text}
    if not wanted <= {tag.text for tag in hashtags(text)}:
        raise TemplateError(name, 0, "the hashtag is no hashtag there: put white space before and after it")
    if shown := visible_markup(text):
        raise TemplateError(name, 0, f"posts are plain text, and people would see {shown} in it")


def _refuse_long(name: str, text: str, network: Network) -> None:
    size, limit = measure(text, network), LIMITS[network]
    if size > limit:
        message = (
            f"its own words leave no room: with a short title and nothing else the post is {size} long, "
            f"and {NAMES[network]} takes {limit}"
        )
        raise TemplateError(name, 0, message)
