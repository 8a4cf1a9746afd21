"""What a preview says of each channel's post."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spotlight_notify.model.advice import Said
from spotlight_notify.model.aids import Aid, Image
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import CleanPicture, Finding
from spotlight_notify.model.words import State


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Why a post goes without a picture; ``url`` is None when there is none at all."""

    url: str | None
    reason: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCard:
    """What a network would draw from a link: what its page says (``from_page``), else the aid's words.

    ``title`` is None where the page gives none, and the network chooses.
    """

    host: str
    title: str | None
    image_url: str | None = None
    image_alt: str | None = None
    from_page: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One channel's post: its length as the network counts, its price in dollars where there is one.

    ``state``: pending if it would go out, proposed if a person would be asked first, skipped if it is over;
    ``trouble`` says why. ``text`` is None when there is no post at all, ``card`` when it shows pictures.
    """

    campaign: str
    channel: str
    network: Network
    text: str | None
    link: str | None
    images: tuple[Image, ...]
    left_out: tuple[LeftOut, ...]
    length: int | None
    limit: int
    price: float | None
    findings: tuple[Finding, ...]
    state: State
    trouble: str | None
    card: LinkCard | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Previews:
    """An aid's previews, and the pictures they show by their hash.

    ``too_few``: why there is no digest in other places, if so.
    """

    aid: Aid
    posts: tuple[Preview, ...]
    pictures: Mapping[str, CleanPicture]
    too_few: str | None = None


def posted_images(images: Sequence[Image]) -> tuple[Image, ...]:
    """Return the images that can be shown."""
    return tuple(image for image in images if not image.trouble)
