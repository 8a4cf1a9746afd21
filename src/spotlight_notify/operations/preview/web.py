"""What the web says of a preview: whether its link may go out, and what networks draw from its page."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from spotlight_notify.model.errors import FetchError, LinkDoubtful
from spotlight_notify.model.posts import Finding, WebPage
from spotlight_notify.model.words import Level, State
from spotlight_notify.operations.preview.values import LeftOut, LinkCard, Preview
from spotlight_notify.ports.parts import CheckLink, Illustrate
from spotlight_notify.text.links import shown

OURS = "this project"
LEVELS = tuple(Level)
FOUND = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """What a preview asks of the web. Each page is read once, and ``page_at`` shows what it said."""

    illustrate: Illustrate
    check_link: CheckLink
    page_at: Callable[[str], WebPage | None]


def with_web(preview: Preview, looked: WebPage | None, web: Web) -> Preview:
    """Ask a preview's link as sending would, and return it with what was found, its trouble and its card.

    ``looked``: the page at which a picture was looked for, if one was.
    """
    link = preview.link
    if link is None:
        return preview
    asked = _asked(preview, link, web)
    page = web.page_at(link) or looked
    return replace(
        asked,
        left_out=tuple(_told(left_out, looked) for left_out in preview.left_out),
        card=_card_of(page) if preview.card and page and page.status in FOUND else preview.card,
    )


def _asked(preview: Preview, link: str, web: Web) -> Preview:
    try:
        return _with(preview, *web.check_link(link, preview.network))
    except LinkDoubtful as doubt:
        found = _with(preview, _finding("link-doubtful", Level.ERROR, str(doubt)))
        trouble = [preview.trouble, f"it would be asked about: {doubt}"]
        state = State.SKIPPED if preview.state is State.SKIPPED else State.PROPOSED
        return replace(found, state=state, trouble="; ".join(filter(None, trouble)))
    except FetchError as error:
        message = f"the post would wait for its link, and be asked about in the end: {error}"
        return _with(preview, _finding("link-silent", Level.WARNING, message))


def _with(preview: Preview, *findings: Finding) -> Preview:
    """Put in what was found beside the rest, gravest first."""
    found = sorted((*preview.findings, *findings), key=lambda finding: LEVELS.index(finding.level))
    return replace(preview, findings=tuple(found))


def _finding(rule: str, level: Level, message: str) -> Finding:
    return Finding(rule=rule, level=level, message=message, source=OURS)


def _told(left_out: LeftOut, looked: WebPage | None) -> LeftOut:
    """Return why there is no picture at all, when the page was looked at for one."""
    if left_out.url is not None or looked is None:
        return left_out
    if looked.image_url:
        place = shown(looked.url)
        return replace(
            left_out, reason=f"the aid has none, and {place} may not speak for it: it is elsewhere"
        )
    return replace(left_out, reason="the aid has none, and its page names none (og:image)")


def _card_of(page: WebPage) -> LinkCard:
    return LinkCard(
        host=urlsplit(page.url).hostname or "",
        title=page.title,
        image_url=page.image_url,
        image_alt=page.image_alt,
        from_page=True,
    )
