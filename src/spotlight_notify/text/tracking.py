"""Add a campaign's parameters to the links of its own sites, which then can tell who came from a post."""

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from spotlight_notify.text.links import MAX_LINK


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


def _is_within(host: str, domains: Iterable[str]) -> bool:
    name = host.rstrip(".")
    return any(name == domain or name.endswith(f".{domain}") for domain in domains)


def _joined(link: str, added: str) -> str:
    """Put the parameters behind those that are there, and before the fragment; nothing else changes."""
    address, sign, fragment = link.partition("#")
    joint = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
    return f"{address}{joint}{added}{sign}{fragment}"
