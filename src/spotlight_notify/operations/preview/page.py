"""Draw previews as the networks would, roughly, on one page that asks for nothing outside itself."""

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from spotlight_notify import __version__
from spotlight_notify.model.advice import Said
from spotlight_notify.model.posts import CleanPicture
from spotlight_notify.operations.preview.values import Preview, Previews, posted_images
from spotlight_notify.rules.pricing import dollars
from spotlight_notify.text.entities import Fragment, as_shown, fragments
from spotlight_notify.text.invisible import visible

MARK = b'<meta name="generator" content="spotlight-notify preview">'
"""What a page of ours has near its beginning, so that it may be overwritten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture: ``source`` is its bytes as a data: address, or empty where they are not to be had."""

    source: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A preview and what its network would draw."""

    preview: Preview
    anchor: str
    network: str
    text: tuple[Fragment, ...]
    pictures: tuple[Shown, ...]
    price: str | None


def page_of(previews: Previews, made_at: datetime, word: Callable[[Said], str] = str) -> str:
    """Return the page, with advice as ``word`` writes it.

    All that is told is escaped and shown, and its policy lets in nothing but its style.
    """
    return drawn(
        "preview.html",
        made_at,
        word,
        aid=previews.aid,
        cards=[_card(number, post, previews.pictures) for number, post in enumerate(previews.posts, 1)],
        campaigns={post.campaign for post in previews.posts},
    )


def drawn(template: str, made_at: datetime, word: Callable[[Said], str] = str, **values: object) -> str:
    """Return a page from a template of ours, with the style sheet and policy that all pages share."""
    templates = Environment(
        loader=PackageLoader("spotlight_notify.operations.preview"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["words"] = word
    style = (files("spotlight_notify.operations.preview") / "templates" / "preview.css").read_text("utf-8")
    page = templates.get_template(template).render(
        style=style, policy=_policy(style), made_at=made_at.astimezone(UTC), version=__version__, **values
    )
    return visible(page, of_lines=True)


def _policy(style: str) -> str:
    """Allow this very style sheet and pictures inside the page; nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _card(number: int, preview: Preview, pictures: Mapping[str, CleanPicture]) -> Card:
    return Card(
        preview=preview,
        anchor=f"post-{number}",
        network=preview.network.title,
        text=shown_text(preview),
        pictures=tuple(
            _shown(image.alt or "", pictures.get(image.digest or ""))
            for image in posted_images(preview.images)
        ),
        price=dollars(preview.price) if preview.price is not None else None,
    )


def shown_text(preview: Preview) -> tuple[Fragment, ...]:
    """Return a post's text in pieces, links as its network shows them."""
    shortens = preview.network.shortens_links
    return tuple(as_shown(piece, shortens_links=shortens) for piece in fragments(preview.text or ""))


def _shown(alt: str, picture: CleanPicture | None) -> Shown:
    if picture is None:
        return Shown(source="", alt=alt, width=0, height=0)
    content = base64.b64encode(picture.content).decode()
    return Shown(
        source=f"data:{picture.media_type};base64,{content}",
        alt=alt,
        width=picture.width,
        height=picture.height,
    )
