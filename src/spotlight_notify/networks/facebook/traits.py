"""Facebook as a network: what holds for the posts of a Page."""

import re
from urllib.parse import SplitResult, parse_qs

from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Permalink

_PAGE_PATH = re.compile(
    r"/(?P<account>[\w.-]+)/(?:posts|videos|photos)/(?:[^/]+/)*?(?P<id>\d+|pfbid\w+)/?", re.ASCII
)
_WHOLE_ID = re.compile(r"/(?P<account>\d+)_(?P<id>\d+)/?", re.ASCII)


def _permalink(url: str, parts: SplitResult) -> Permalink | None:
    if found := _WHOLE_ID.fullmatch(parts.path) or _PAGE_PATH.fullmatch(parts.path):
        return _named(url, found["id"], found["account"])
    given = {name: values[0] for name, values in parse_qs(parts.query).items()}
    post_id = given.get("story_fbid") or given.get("fbid")
    return _named(url, post_id, given.get("id")) if post_id else None


def _named(url: str, post_id: str, account: str | None) -> Permalink:
    for_people = post_id.startswith("pfbid")  # Graph lists posts by other ids
    return Permalink(url=url, post_id=post_id, account=account, is_telling=not for_people)


FACEBOOK = Network(
    name="facebook",
    title="Facebook",
    limit=63_206,
    max_pictures=4,  # more work in principle, but five and more with long texts were seen to fail with code 1
    deletes_replies=True,
    domains=("facebook.com", "fb.com"),
    read_permalink=_permalink,
)
