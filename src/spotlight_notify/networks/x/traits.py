"""X as a network: what holds for posts there."""

import re
from urllib.parse import SplitResult

from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Permalink
from spotlight_notify.networks.x.ids import is_post_id, posted_at

_PATH = re.compile(r"/(?:i/web|i|(?P<account>\w{1,15}))/status(?:es)?/(?P<id>\d+)(?:/.*)?", re.ASCII)


def _weight(text: str) -> int:
    from spotlight_notify.text.weights import weight  # costs more to load than all else that a list needs

    return weight(text)


def _permalink(url: str, parts: SplitResult) -> Permalink | None:
    found = _PATH.fullmatch(parts.path)
    if found is None or not is_post_id(found["id"]):
        return None
    return Permalink(url=url, post_id=found["id"], account=found["account"], posted_at=posted_at(found["id"]))


X = Network(
    name="x",
    title="X",
    limit=280,  # its configuration v3
    measure=_weight,
    max_pictures=4,
    links_bare_hosts=True,
    shortens_links=True,
    domains=("x.com", "twitter.com"),
    read_permalink=_permalink,
)
