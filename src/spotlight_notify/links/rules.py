"""Judge a link by its address, and by how its page answered. Pure: nothing is fetched here."""

import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from spotlight_notify.links.pages import HTML
from spotlight_notify.model.errors import FetchError, LinkDoubtful
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Finding, WebPage
from spotlight_notify.model.words import Level
from spotlight_notify.text.links import shortener_of, shown
from spotlight_notify.wire.fetching import host_of, is_below

OURS = "this project"
WEBMASTERS = "developers.facebook.com/docs/sharing/webmasters"
UNCHECKED = frozenset({401, 403, 405, 406, 407, 429, 999})
"""Answers that sites give to programs though people may see the page; 999 is LinkedIn's."""
LATER = frozenset({408, 425, *range(500, 600)})
"""Answers that may be better another time."""
FOUND = range(200, 300)
_FRONT = re.compile(
    r"(?:/[a-z]{2}(?:[-_][a-z]{2})?)?(?:/(?:index|default|home)(?:\.[a-z]{2,5})?)?/?", re.IGNORECASE
)
"""Paths of front pages, in a language too: ``/``, ``/en/``, ``/en-us/index.html``."""


def refuse_place(url: str, domains: Collection[str], *, subject: str = "") -> None:
    """Raise LinkDoubtful unless links may lead to this address.

    ``domains``: the only ones allowed, with all below them; if there are none, any but link shorteners.
    ``subject``: how the message begins, if not with the link itself.
    """
    subject = subject or f"the link {shown(url)}"
    host = host_of(url)
    shortener = shortener_of(host)
    if shortener:
        raise LinkDoubtful(
            f"{subject} belongs to the link shortener {shortener} and may lead anywhere tomorrow: "
            "give the page's own address at its source"
        )
    if domains and not _is_below_any(host, domains):
        raise LinkDoubtful(
            f"{subject} is not on an allowed domain: mend it at its source, or add {host} to domains "
            "in [links]"
        )


def judge(url: str, page: WebPage, domains: Collection[str], network: Network) -> tuple[Finding, ...]:
    """Return what is wrong with a link whose page answered: nothing, or warnings.

    Raises LinkDoubtful when a person must look first, and FetchError when it may be better another time.
    """
    ways = [("leads through", hop) for hop in page.hops]
    ways += [("leads to", page.url)] if page.url != url else []
    for leads, place in ways:
        refuse_place(place, domains, subject=f"the link {shown(url)} {leads} {shown(place)}, which")
        _refuse_downgrade(url, place, leads)
    _refuse_status(url, page.status)
    return tuple(_findings(url, page, network))


def may_picture(page: WebPage, asked: str, domains: Collection[str]) -> bool:
    """Return whether the page that the address ``asked`` led to may say how an aid looks.

    Everywhere that redirects went must lie below ``domains``; if there are none, on the host asked or on one
    above or below it, ``www.`` aside. A shortener's page never may.
    """
    hosts = [host_of(place) for place in (*page.hops, page.url)]
    if any(shortener_of(host) for host in hosts):
        return False
    if domains:
        return all(_is_below_any(host, domains) for host in hosts)
    own = host_of(asked).removeprefix("www.")
    return all(_is_kin(host.removeprefix("www."), own) for host in hosts)


def _is_kin(host: str, other: str) -> bool:
    """Return whether one of two hosts is the other or lies below it; a top-level domain is nobody's kin."""
    return host == other or any(
        "." in above and is_below(below, above) for below, above in ((host, other), (other, host))
    )


def _is_below_any(host: str, domains: Collection[str]) -> bool:
    return any(is_below(host, domain) for domain in domains)


def _refuse_downgrade(url: str, place: str, leads: str) -> None:
    """Stop what begins encrypted and goes on in the clear: there anybody on the way can change the page.

    Nobody means it to be so, and a site that asks its readers to sign in must not do it.
    """
    if url.lower().startswith("https:") and place.lower().startswith("http:"):
        raise LinkDoubtful(
            f"the link {shown(url)} begins with https and {leads} {shown(place)}, which is not encrypted: "
            "mend the redirect at the site, then retry the delivery"
        )


def _refuse_status(url: str, status: int) -> None:
    if status in LATER:
        raise FetchError(shown(url), f"the page answers {status}", sent=True)
    if status not in FOUND and status not in UNCHECKED:
        raise LinkDoubtful(
            f"the link {shown(url)} answers {status}: mend it at its source, or retry the delivery once the "
            "page is there"
        )


def _findings(url: str, page: WebPage, network: Network) -> Iterator[Finding]:
    if page.status in UNCHECKED:
        yield _warning(
            "link-unchecked",
            f"the link could not be checked: {shown(page.url)} answers programs with {page.status}; "
            "open it once in a browser",
        )
    if _is_front(page.url) and not urlsplit(page.url).fragment and not _is_front(url):
        yield _warning(
            "link-front-page",
            f"the link leads to the front page {shown(page.url)}, as when a page is gone; "
            "open it once in a browser",
        )
    if page.status in FOUND and page.media_type in HTML:
        yield from _about_card(page, network.title)


def _about_card(page: WebPage, network: str) -> Iterator[Finding]:
    if not page.title:
        yield _warning(
            "card-title",
            f"{shown(page.url)} has no og:title, so {network} chooses the title of the card; "
            "add the tag to the page",
            WEBMASTERS,
        )
    if not page.image_url:
        yield _warning(
            "card-image",
            f"{shown(page.url)} has no og:image, so {network} shows a card without a picture, or one of its "
            "choice; add the tag to the page",
            WEBMASTERS,
        )


def _warning(rule: str, message: str, source: str = OURS) -> Finding:
    return Finding(rule=rule, level=Level.WARNING, message=message, source=source)


def _is_front(url: str) -> bool:
    parts = urlsplit(url)
    return not parts.query and bool(_FRONT.fullmatch(parts.path))
