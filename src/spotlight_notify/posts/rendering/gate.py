"""Let nothing garbled through the last gate before a send."""

import re

from spotlight_notify.model.aids import Image
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.text.entities import hashtags, urls
from spotlight_notify.text.html import MAX_TITLE, visible_markup
from spotlight_notify.text.invisible import without_invisible

_NONCHARACTERS = ("\ufeff", "\ufffe", "\uffff")
"""X refuses a post that has one of these anywhere."""


def gate(post: Post, hashtag: str, network: Network) -> None:
    """Let a post through only if it is whole; else raise Refused with the reason.

    The hashtag is one to the network, with these capitals; the link is whole, and to X nothing more or less
    than that; the length is within the limit; no character is in it that X refuses, and no entity or tag.
    Each picture has words, 1 to 1,000 characters, in which nothing is hidden, turned or left of HTML.
    """
    size, limit = network.measure(post.text), network.limit
    if not post.text.strip():
        raise Refused("the post has no words")
    if size > limit:
        raise Refused(f"the post is {size} long, and {network.title} takes {limit}")
    if hashtag not in {tag.text for tag in hashtags(post.text)}:
        raise Refused(f"the post lacks {hashtag} as a hashtag with exactly these capitals")
    if not _stands_whole(post.link, post.text, network):
        raise Refused(f"the link is not whole in the post, or {network.title} would cut it: {post.link}")
    if any(character in post.text for character in _NONCHARACTERS):
        raise Refused("the post has an invisible character (U+FEFF, U+FFFE or U+FFFF) that X refuses")
    if shown := visible_markup(post.text.replace(post.link, "")):
        raise Refused(f"people would see {shown} in the post; take it out of the aid's words at its source")
    for image in post.images:
        _refuse_bad_words(image)


def _refuse_bad_words(image: Image) -> None:
    """Refuse a picture whose words are missing, too long, or not what they seem."""
    alt, its = image.alt or "", f"the words for the picture {image.url}"
    if not alt.strip():
        raise Refused(f"{its} are missing; say what it shows")
    if len(alt) > MAX_TITLE:
        raise Refused(f"{its} are {len(alt)} characters long, and networks take {MAX_TITLE}")
    if without_invisible(alt) != alt:
        raise Refused(f"{its} have a hidden character, or one that turns their direction; write them anew")
    if shown := visible_markup(alt):
        raise Refused(f"people would hear {shown} in {its}; take it out")


def _stands_whole(link: str, text: str, network: Network) -> bool:
    """Return whether the link stands between white space, and its network links all of it or none."""
    places = [(m.start(), m.end()) for m in re.finditer(rf"(?<!\S){re.escape(link)}(?!\S)", text)]
    if not network.links_bare_hosts:
        return bool(places)
    seen = [(url.start, url.end) for url in urls(text)]
    return any(
        all(url == place or url[1] <= place[0] or place[1] <= url[0] for url in seen) for place in places
    )
