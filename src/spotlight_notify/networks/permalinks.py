"""Read the addresses at which people see posts on X and Facebook: whose post it is, and which."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import SplitResult, parse_qs, urlsplit

from spotlight_notify.model.posts import Permalink
from spotlight_notify.model.words import Network
from spotlight_notify.networks.x.ids import is_post_id, posted_at

HOSTS: Mapping[Network, tuple[str, ...]] = {
    Network.X: ("x.com", "twitter.com"),
    Network.FACEBOOK: ("facebook.com", "fb.com"),
}
"""The domains of each network's posts; what stands before them ("www", "m") makes no difference."""

_X_PATH = re.compile(r"/(?:i/web|i|(?P<account>\w{1,15}))/status(?:es)?/(?P<id>\d+)(?:/.*)?", re.ASCII)
_PAGE_PATH = re.compile(
    r"/(?P<account>[\w.-]+)/(?:posts|videos|photos)/(?:[^/]+/)*?(?P<id>\d+|pfbid\w+)/?", re.ASCII
)
_WHOLE_ID = re.compile(r"/(?P<account>\d+)_(?P<id>\d+)/?", re.ASCII)


def network_of(url: str) -> Network | None:
    """Tell which network's host an address has, if either's."""
    host = _split(url).hostname or ""
    for network, domains in HOSTS.items():
        if any(host == domain or host.endswith(f".{domain}") for domain in domains):
            return network
    return None


def read_permalink(url: str, network: Network) -> Permalink | None:
    """Read the address of a post on a network; None for all that is none."""
    if network_of(url) is not network:
        return None
    return READERS[network](url, _split(url))


def _on_x(url: str, parts: SplitResult) -> Permalink | None:
    found = _X_PATH.fullmatch(parts.path)
    if found is None or not is_post_id(found["id"]):
        return None
    return Permalink(url=url, post_id=found["id"], account=found["account"], posted_at=posted_at(found["id"]))


def _on_facebook(url: str, parts: SplitResult) -> Permalink | None:
    if found := _WHOLE_ID.fullmatch(parts.path) or _PAGE_PATH.fullmatch(parts.path):
        return Permalink(url=url, post_id=found["id"], account=found["account"])
    given = {name: values[0] for name, values in parse_qs(parts.query).items()}
    post_id = given.get("story_fbid") or given.get("fbid")
    return Permalink(url=url, post_id=post_id, account=given.get("id")) if post_id else None


READERS: Mapping[Network, Callable[[str, SplitResult], Permalink | None]] = {
    Network.X: _on_x,
    Network.FACEBOOK: _on_facebook,
}


def _split(url: str) -> SplitResult:
    """Split a web address; one without a host for what is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return urlsplit("")
    return parts if parts.scheme.lower() in ("http", "https") else urlsplit("")
