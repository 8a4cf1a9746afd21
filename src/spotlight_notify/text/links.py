"""Read links: which are usable, which are the same; and add a campaign's tracking parameters to them."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from spotlight_notify.text.aliases import name_of

TRACKING_PREFIXES = ("utm_", "mc_", "_hs")
TRACKING_NAMES = frozenset({"fbclid", "gclid", "dclid", "msclkid", "igshid", "yclid", "mkt_tok", "ref_src"})
MAX_LINK = 2_048
"""The longest link taken from a source, in characters, as it is written and as it is posted."""
_DOMAINS = """
adf.ly amzn.to bit.do bit.ly bitly.com bl.ink buff.ly clck.ru conta.cc cutt.ly db.tt dlvr.it eepurl.com fb.me
goo.gl hubs.la hubs.li hubs.ly ift.tt is.gd j.mp lnk.to lnkd.in mcaf.ee ow.ly po.st qr.ae qr.net rb.gy
rebrand.ly s.id short.gy shorte.st shorturl.at snip.ly soo.gd su.pr t.co t.ly t2m.io tiny.cc tinyurl.com tr.im
trib.al urlz.fr v.gd wp.me x.co
"""
SHORTENERS = frozenset(_DOMAINS.split())
"""Domains as known in 2026-11, whose links nobody can see through.

Shorteners of one site's own, such as youtu.be or aka.ms, are not among them."""
_BREAKS = re.compile(r"[\t\r\n]")
_HOST = re.compile(r"[A-Za-z0-9._:-]+")
_BYTES = "surrogateescape"
"""Keeps escaped bytes that are no UTF-8 apart from each other."""


def usable_link(url: str | None) -> str | None:
    """Return the link, fit to be posted, if it is absolute http(s); else None.

    White space round it goes, unsafe characters are quoted, a host in other letters is written in punycode.
    A link with a user name or password in it is none.
    """
    trimmed = _BREAKS.sub("", url or "").strip()
    if not trimmed or len(trimmed) > MAX_LINK:
        return None
    try:
        parts = urlsplit(trimmed)
        port = "" if parts.port is None else f":{parts.port}"
        host = (parts.hostname or "").encode("idna").decode("ascii")
        if parts.scheme.lower() not in ("http", "https") or "@" in parts.netloc or not _HOST.fullmatch(host):
            return None
        if not parts.netloc.isascii():
            trimmed = urlunsplit(parts._replace(netloc=host + port))
        quoted = quote(trimmed, safe="%/:=&?~#+!$,;'@()*[]")
    except ValueError:
        return None
    return quoted if len(quoted) <= MAX_LINK else None


def absolute_link(base: str, address: str) -> str | None:
    """Return the usable link that an address on a page at ``base`` leads to; None if there is none."""
    try:
        return usable_link(urljoin(base, address)) if address else None
    except ValueError:
        return None


def normalised_link(url: str, *, keep_tracking: bool = False) -> str:
    """Return the form in which two links to the same page are equal.

    http and https, letter case of the host, default ports, fragments, tracking parameters, percent-encoding
    and a trailing slash make no difference; a fragment that is a route (``#/...``, ``#!...``) does.
    For comparing only: the result need not answer. Raises ValueError for what ``usable_link`` refuses.
    ``keep_tracking``: tracking parameters do make a difference.
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".")
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    path = unquote(parts.path, errors=_BYTES)
    pairs = parse_qsl(parts.query, True, errors=_BYTES)
    kept = [pair for pair in pairs if keep_tracking or not _tracks(pair[0])]
    plain_path = quote(path, safe="/:=&~+!$,;'@()*[]", errors=_BYTES).rstrip("/")
    route = parts.fragment if parts.fragment.startswith(("/", "!")) else ""
    return urlunsplit(("https", host + port, plain_path, urlencode(kept, errors=_BYTES), route))


def link_alias(url: str) -> str:
    """Return the alias by which an aid is known through its link; a very long one is hashed."""
    return name_of("link", normalised_link(url))


def place_alias(url: str) -> str:
    """Return the alias of a place within a page (``#poster-1``); empty where a link leads to none."""
    place = _place(url)
    return name_of("link", f"{normalised_link(url)}#{place}") if place else ""


def lead_to_other_places(one: str | None, other: str | None) -> bool:
    """Return whether of two links to one page each leads to a place within it, and not to the same."""
    places = {_place(link or "") for link in (one, other)}
    return all(places) and len(places) > 1


def _place(url: str) -> str:
    fragment = urlsplit(url.strip()).fragment
    is_none = fragment.startswith(("/", "!", ":~:")) or "=" in fragment
    return "" if is_none else unquote(fragment, errors=_BYTES)


def tracked(link: str, parameters: Mapping[str, str], own_domains: Iterable[str]) -> str:
    """Return a link with these parameters, if its host is one of the domains or below one; else as it is.

    ``link`` is one that ``usable_link`` gave; domains are in lower case. A parameter that is there already
    stays; the fragment stays at the end. A link that would get longer than MAX_LINK stays as it is.
    """
    parts = urlsplit(link)
    if not _is_within(parts.hostname or "", own_domains):
        return link
    there = {name.lower() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    added = urlencode({name: value for name, value in parameters.items() if name.lower() not in there})
    longer = _joined(link, added) if added else link
    return longer if len(longer) <= MAX_LINK else link


def shown(url: str) -> str:
    """Shorten an address to what may be shown in a message: no user, password, query or hidden character."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that is not valid"
    address = f"{parts.scheme}://{in_brackets(parts.hostname or '')}{port}{parts.path}"
    return "".join(filter(str.isprintable, address))[:300]


def in_brackets(host: str) -> str:
    """Write a host as it stands in an address: IPv6 in brackets, once."""
    return f"[{host.strip('[]')}]" if ":" in host else host


def _tracks(name: str) -> bool:
    return name.lower() in TRACKING_NAMES or name.lower().startswith(TRACKING_PREFIXES)


def _is_within(host: str, domains: Iterable[str]) -> bool:
    name = host.rstrip(".")
    return any(name == domain or name.endswith(f".{domain}") for domain in domains)


def _joined(link: str, added: str) -> str:
    """Put the parameters behind those that are there, and before the fragment; nothing else changes."""
    address, sign, fragment = link.partition("#")
    joint = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
    return f"{address}{joint}{added}{sign}{fragment}"


def shortener_of(host: str) -> str | None:
    """Return the link shortener that a host in lower case belongs to; None if it belongs to none."""
    return next((each for each in SHORTENERS if host == each or host.endswith(f".{each}")), None)
