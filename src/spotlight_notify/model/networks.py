"""The traits of a network: all that writing, checking and showing posts must know about it."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from spotlight_notify.model.posts import Permalink


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A network that posts go to, with what holds for posts there.

    ``name``: its name in configurations, template files and the ledger. ``title``: what people call it.
    ``limit``: the longest post, as ``measure`` counts a text. ``max_pictures``: the most that one post takes.
    ``links_bare_hosts``: it makes links of bare host names, and of no more of an address than it knows.
    ``shortens_links``: people see a link without its scheme, and cut.
    ``deletes_replies``: what stands under a post goes with it, and cannot be looked for any more.
    ``domains``: those of its posts' addresses; ``read_permalink`` reads such an address.
    """

    name: str
    title: str
    limit: int
    measure: Callable[[str], int] = len
    max_pictures: int
    links_bare_hosts: bool = False
    shortens_links: bool = False
    deletes_replies: bool = False
    domains: tuple[str, ...] = ()
    read_permalink: Callable[[str, SplitResult], Permalink | None] = lambda url, parts: None

    def __str__(self) -> str:
        return self.name

    def has(self, url: str) -> bool:
        """Return whether an address is below one of its domains; "www" and "m" make no difference."""
        host = _split(url).hostname or ""
        return any(host == domain or host.endswith(f".{domain}") for domain in self.domains)

    def permalink(self, url: str) -> Permalink | None:
        """Return what the address of one of its posts says; None for any other address."""
        return self.read_permalink(url, _split(url)) if self.has(url) else None


def _split(url: str) -> SplitResult:
    """Return the parts of a web address; those of an empty one for anything else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return urlsplit("")
    return parts if parts.scheme.lower() in ("http", "https") else urlsplit("")
