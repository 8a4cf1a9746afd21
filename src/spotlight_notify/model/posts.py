"""Describe posts, what goes into them, and what the networks show of them."""

from dataclasses import dataclass
from datetime import datetime

from spotlight_notify.model.aids import Image
from spotlight_notify.model.words import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The words, link, images and alt texts for one channel, exactly as they go out.

    ``text`` holds the link too; ``link`` names it again for networks that draw a card from it.
    ``reply_to``: the id of the post on the network that this one stands under; None for one of its own.
    """

    text: str
    link: str
    images: tuple[Image, ...] = ()
    reply_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture's bytes, ready to upload; ``media_type`` is read from the content.

    ``digest``: the SHA-256 (hex) under which the ledger keeps these bytes.
    """

    content: bytes
    media_type: str
    alt: str
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanPicture:
    """A picture that every network takes: JPEG or PNG, upright, without metadata; sides in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPage:
    """How a web page answered, and what it says about itself for the cards that networks draw.

    ``url`` is where the answer came from, redirects followed. ``image_url`` is absolute.
    ``hops``: the addresses that redirects passed on the way, without the one asked for and ``url``.
    ``media_type`` is what the answer claims to be, such as ``text/html``; empty when it does not say.
    ``event_at``: when the event begins that it tells of.
    """

    url: str
    status: int
    media_type: str = ""
    title: str | None = None
    image_url: str | None = None
    image_alt: str | None = None
    event_at: datetime | None = None
    hops: tuple[str, ...] = ()


CUT_AWAY = "cut-away"
"""The rule whose hint says what was left out of an aid's words: it is kept with the delivery."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule of the lint finds in a post; ``source`` says where the rule comes from."""

    rule: str
    level: Level
    message: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The network's confirmation of a post; ``url`` is None where the network gives none."""

    post_id: str
    url: str | None
    posted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a post announces, as far as that helps to recognise it on its channel.

    ``link``: the aid's link where it is the aid's own, else None: a site's or a theme's link is nobody's.
    ``dated_at``: when the aid was published, or first seen if its source does not say.
    """

    title: str = ""
    link: str | None = None
    dated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Permalink:
    """What the address of a post says: which post, and whose.

    ``account``: as it is written there, a name or a number; ``posted_at``: where the id tells it.
    ``is_telling``: a list of posts would show it by this name; some networks have other ids for people.
    """

    url: str
    post_id: str
    account: str | None = None
    posted_at: datetime | None = None
    is_telling: bool = True

    def names(self, receipt: Receipt) -> bool:
        """Return whether it is the address of this post, before whose id its account's may stand."""
        same_id = receipt.post_id == self.post_id or receipt.post_id.endswith(f"_{self.post_id}")
        return same_id or receipt.url == self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePost:
    """A post that is public on a network, as a look-up read it.

    ``text`` is as its author wrote it: unescaped, short links expanded. ``links`` are all it holds.
    ``reply_to``: the id of the post that this one stands under; None for one of its own.
    """

    receipt: Receipt
    text: str
    links: tuple[str, ...]
    reply_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What one look-up read of a channel's own posts, newest first.

    ``complete``: it reaches back to the moment asked for. ``read`` posts were paid for, where reading costs.
    ``at``: when it was read by the network's own clock (its Date header, whole seconds); None if not told.
    """

    posts: tuple[LivePost, ...]
    complete: bool
    read: int
    at: datetime | None = None
