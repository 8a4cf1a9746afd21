"""Pictures as they were uploaded, and posts as a follower sees them, cut into words, hashtags and links."""

from dataclasses import dataclass, replace
from datetime import datetime

from spotlight_notify.model.networks import Network
from spotlight_notify.networks.facebook.traits import FACEBOOK
from spotlight_notify.networks.x.traits import X
from spotlight_notify.text.entities import hashtags, urls

STOOD_IN_FOR = {network.name: network for network in (FACEBOOK, X)}
"""The networks that have a stand-in here, by name."""
MAX_SHOWN = 27
"""How much of a link X shows before the ellipsis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An uploaded picture; ``alt`` is None until words for it are sent."""

    id: str
    content: bytes
    media_type: str
    alt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownImage:
    """A picture of a live post; ``path`` is where the sandbox serves it, ``size`` is in bytes."""

    path: str
    alt: str | None
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPost:
    """Show a post with its text as its author wrote it; ``link`` is the one a card is drawn from.

    ``deleted_at`` is None while it is live; ``reply_to`` is the post that it stands under, if any.
    """

    network: Network
    id: str
    text: str
    link: str | None
    images: tuple[ShownImage, ...]
    posted_at: datetime
    deleted_at: datetime | None = None
    reply_to: str | None = None


def show_image(upload: Upload, stand_in: str) -> ShownImage:
    """Show an upload to the stand-in of this name."""
    path = f"/{stand_in}/pictures/{upload.id}"
    return ShownImage(path=path, alt=upload.alt, media_type=upload.media_type, size=len(upload.content))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """A piece of text; ``kind`` is "words", "hashtag" or "link", ``href`` is for links alone."""

    kind: str
    text: str
    href: str = ""


def fragments(text: str) -> tuple[Fragment, ...]:
    """Cut a text; the pieces in order make the whole text again."""
    marked = [("link", url) for url in urls(text)] + [("hashtag", tag) for tag in hashtags(text)]
    pieces: list[Fragment] = []
    done = 0
    for kind, entity in sorted(marked, key=lambda pair: pair[1].start):
        pieces.append(Fragment(kind="words", text=text[done : entity.start]))
        href = entity.text if "://" in entity.text else f"https://{entity.text}"
        pieces.append(Fragment(kind=kind, text=entity.text, href=href if kind == "link" else ""))
        done = entity.end
    pieces.append(Fragment(kind="words", text=text[done:]))
    return tuple(piece for piece in pieces if piece.text)


def as_shown(piece: Fragment, network: Network) -> Fragment:
    """Return a piece as its network shows it: some show links without scheme, and cut."""
    shortened = piece.kind == "link" and network.shortens_links
    return replace(piece, text=display_url(piece.href)) if shortened else piece


def display_url(url: str) -> str:
    """Return a link as X shows it: no scheme, cut."""
    words = url.partition("://")[2].removeprefix("www.")
    return words if len(words) <= MAX_SHOWN else f"{words[:MAX_SHOWN]}…"


def bears(text: str, hashtag: str) -> bool:
    """Return whether a text holds the hashtag (with its ``#``) as a real one, in any letter case."""
    return any(tag.text.casefold() == hashtag.casefold() for tag in hashtags(text))
