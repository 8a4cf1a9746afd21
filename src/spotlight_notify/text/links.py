"""Read links: which are usable, and which are the same."""

from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

TRACKING_PREFIXES = ("utm_", "mc_", "_hs")
TRACKING_NAMES = frozenset({"fbclid", "gclid", "dclid", "msclkid", "igshid", "yclid", "mkt_tok", "ref_src"})
MAX_LINK = 2_048
"""The longest link taken from a source, in characters."""


def usable_link(url: str | None) -> str | None:
    """Return the link, trimmed and with unsafe characters quoted, if it is absolute http(s); else None."""
    trimmed = "".join((url or "").split("\n")).strip()
    if not trimmed or len(trimmed) > MAX_LINK:
        return None
    try:
        parts = urlsplit(trimmed)
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return None
    return quote(trimmed, safe="%/:=&?~#+!$,;'@()*[]")


def normalised_link(url: str) -> str:
    """Return the form in which two links to the same page are equal.

    http and https, letter case of the host, default ports, fragments, tracking parameters, percent-encoding
    and a trailing slash make no difference. For comparing only: the result need not answer.
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".")
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    path = quote(unquote(parts.path), safe="/:=&~+!$,;'@()*[]").rstrip("/")
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _tracks(pair[0])]
    return urlunsplit(("https", host + port, path, urlencode(kept), ""))


def link_alias(url: str) -> str:
    """Return the alias by which an aid is known through its link."""
    return f"link:{normalised_link(url)}"


def _tracks(name: str) -> bool:
    return name.lower() in TRACKING_NAMES or name.lower().startswith(TRACKING_PREFIXES)
