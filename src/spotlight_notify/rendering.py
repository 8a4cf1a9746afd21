"""Write an aid's post for a network, within its limit, and let nothing garbled through the last gate."""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping

from spotlight_notify.errors import Refused, TemplateError
from spotlight_notify.model import Aid, Image, Network, Post
from spotlight_notify.templates import (
    BLANKS,
    Layout,
    Templates,
    fields_of,
    load_templates,
    packaged_templates,
)
from spotlight_notify.text.cutting import ELLIPSIS, cuts
from spotlight_notify.text.entities import hashtags, urls
from spotlight_notify.text.weights import weight

__all__ = ["LIMITS", "Templates", "gate", "load_templates", "measure", "packaged_templates", "render"]

LIMITS: Mapping[Network, int] = {Network.X: 280, Network.FACEBOOK: 63_206}
"""The longest post, as ``measure`` counts: X's configuration v3; Facebook's long-standing limit."""
MAX_IMAGES = 4
"""X takes no more in one post."""
_NONCHARACTERS = ("\ufeff", "\ufffe", "\uffff")
"""X refuses a post that has one of these anywhere."""
Fields = dict[str, object]
_NAMES: Mapping[Network, str] = {Network.X: "X", Network.FACEBOOK: "Facebook"}


def measure(text: str, network: Network) -> int:
    """Count a text as the network does: weighted for X, characters for Facebook."""
    return weight(text) if network is Network.X else len(text)


def render(templates: Templates, aid: Aid, hashtag: str, network: Network) -> Post:
    """Write an aid's post under a hashtag for a network.

    Fields that the layout names are cut shorter until the post fits; title, link and hashtag are in it
    whole. Images without alt text are left out. The post has passed ``gate``. Raises Refused with a sentence
    for a person when the aid lacks something, nothing fits, or the template fails on it.
    """
    link = _link_of(aid)
    try:
        text = _fitted(templates.layouts[network], aid, hashtag, network)
    except TemplateError as error:
        raise Refused(f"the template failed on this aid: {error}") from error
    if aid.title.strip() not in text:
        raise Refused("the template changed the title; it must be in the post as it is")
    post = Post(text=text, link=link, images=_described(aid.images))
    gate(post, hashtag, network)
    return post


def gate(post: Post, hashtag: str, network: Network) -> None:
    """Let a post through only if it is whole; else raise Refused with the reason.

    The hashtag is one to the network, with these capitals; the link is whole, and to X nothing more or less
    than that; the length is within the limit; no character is in it that X refuses.
    """
    size, limit = measure(post.text, network), LIMITS[network]
    if not post.text.strip():
        raise Refused("the post has no words")
    if size > limit:
        raise Refused(f"the post is {size} long, and {_NAMES[network]} takes {limit}")
    if hashtag not in {tag.text for tag in hashtags(post.text)}:
        raise Refused(f"the post lacks {hashtag} as a hashtag with exactly these capitals")
    if not _stands_whole(post.link, post.text, network):
        raise Refused(f"the link is not whole in the post, or {_NAMES[network]} would cut it: {post.link}")
    if any(character in post.text for character in _NONCHARACTERS):
        raise Refused("the post has an invisible character (U+FEFF, U+FFFE or U+FFFF) that X refuses")


def _link_of(aid: Aid) -> str:
    if not aid.title.strip():
        raise Refused("the aid has no title; give it one at its source")
    if not aid.link:
        raise Refused("the aid has no link that can be opened; give it one at its source")
    return aid.link


def _described(images: tuple[Image, ...]) -> tuple[Image, ...]:
    return tuple(image for image in images if (image.alt or "").strip())[:MAX_IMAGES]


def _fitted(layout: Layout, aid: Aid, hashtag: str, network: Network) -> str:
    """Write the fullest text that fits: what may be dropped is dropped only after all has been shrunk.

    The first that may be dropped goes earlier if that alone saves a sentence from being broken off.
    """
    limit = LIMITS[network]

    def fits(fields: Fields) -> bool:
        return measure(layout.write(aid.kind, fields), network) <= limit

    fields = _within(layout.longest, fields_of(aid, hashtag), network)
    tried: list[Fields] = []
    for name in (None, *layout.drop):
        fields = fields | {name: BLANKS[name]} if name else fields
        fitting = _shrunk(fields, layout.shrink, fits)
        if fitting is None:
            continue
        tried.append(fitting)
        if name or not _broken(fitting, fields, layout.shrink):
            break
    if not tried:
        raise _too_long(layout, aid, fields, network)
    best = tried[-1] if not _broken(tried[-1], fields, layout.shrink) else tried[0]
    return layout.write(aid.kind, best)


def _within(longest: Mapping[str, int], fields: Fields, network: Network) -> Fields:
    """Put in the longest forms that are no longer than the layout wants them at most."""
    for name, most in longest.items():
        fields = _with_longest_form(fields, name, lambda tried: measure(str(tried[name]), network) <= most)  # noqa: B023
    return fields


def _broken(fitting: Fields, fields: Fields, shrink: tuple[str, ...]) -> bool:
    """Tell whether a sentence was broken off, or nothing was left of a field."""
    return any(fields[n] and (not fitting[n] or str(fitting[n]).endswith(ELLIPSIS)) for n in shrink)


def _too_long(layout: Layout, aid: Aid, fields: Fields, network: Network) -> Refused:
    blank = fields | {name: BLANKS[name] for name in layout.shrink}
    least = measure(layout.write(aid.kind, blank), network)
    return Refused(
        f"with nothing but what must be in it the post is {least} long, and {_NAMES[network]} takes "
        f"{LIMITS[network]}: shorten the title at its source, or post this aid by hand"
    )


def _shrunk(fields: Fields, shrink: tuple[str, ...], fits: Callable[[Fields], bool]) -> Fields | None:
    """Find the longest forms of these fields that fit; None when not even nothing does."""
    if fits(fields):
        return fields
    for name in shrink:
        fields = _with_longest_form(fields, name, fits)
        if fits(fields):
            return fields
    return None


def _with_longest_form(fields: Fields, name: str, fits: Callable[[Fields], bool]) -> Fields:
    """Put in the longest form of a field's text that fits, or nothing if none does.

    A shorter form is nearly always lighter, so halving finds the place. What is found fits for certain,
    since ``bisect_left`` only ends at what it has asked about.
    """
    text = str(fields[name] or "")
    forms = cuts(text)
    place = bisect_left(forms, True, key=lambda cut: fits(fields | {name: cut.of(text)}))
    return fields | {name: forms[place].of(text) if place < len(forms) else BLANKS[name]}


def _stands_whole(link: str, text: str, network: Network) -> bool:
    """Tell whether the link stands between white space, and X would link all of it if it links it at all."""
    places = [(m.start(), m.end()) for m in re.finditer(rf"(?<!\S){re.escape(link)}(?!\S)", text)]
    if network is not Network.X:
        return bool(places)
    seen = [(url.start, url.end) for url in urls(text)]
    return any(
        all(url == place or url[1] <= place[0] or place[1] <= url[0] for url in seen) for place in places
    )
