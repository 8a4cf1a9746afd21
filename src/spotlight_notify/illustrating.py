"""Find an aid's pictures and the words for them, and keep them, before any post is planned.

So a preview, an approval and the record speak of the same bytes that go out.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from spotlight_notify.errors import FetchError, FetchRefused, LedgerError, PictureRefused
from spotlight_notify.model import Aid, Image, Kind, Picture, WebPage
from spotlight_notify.ports import CleanUp, Clock, Pictures, ReadPage
from spotlight_notify.text.links import normalised_link

PDF = "application/pdf"
MAX_IMAGES = 4
"""X takes no more in one post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Illustrating:
    """Hold what illustrating needs. ``alt_texts``: words by the address of the picture, or of the aid.

    When a source gives no picture with words, aids of the kinds in ``from_page`` get the one that their page
    shows on cards, and aids that are PDFs get their first page (``from_pdf``).
    """

    pictures: Pictures
    clean_up: CleanUp
    read_page: ReadPage
    clock: Clock
    alt_texts: Mapping[str, str]
    from_page: Collection[Kind] = (Kind.POSTER,)
    from_pdf: bool = True


def illustrate(aid: Aid, parts: Illustrating) -> Aid:
    """Return the aid with its pictures: the source's own, else its page's, or a PDF's first page.

    Each image has the words for it, if anybody gives some, and the digest under which the ledger keeps it,
    or the trouble with it. What cannot be had now has neither, and is tried again when its post is sent.
    Pictures without words are not fetched: nobody may post them.
    """
    words = {normalised_link(address): said for address, said in parts.alt_texts.items() if _is_link(address)}
    images = tuple(_worded(image, aid, words) for image in aid.images)
    if not any(map(_has_words, images)):
        images = (*(_worded(image, aid, words) for image in _found(aid, parts)), *images)
    kept = tuple(_kept(image, parts) if _has_words(image) else image for image in images[:MAX_IMAGES])
    return replace(aid, images=kept)


def load_picture(image: Image, parts: Illustrating) -> Picture:
    """Give a picture's bytes from the ledger, or fetch, clean and keep it first."""
    picture = parts.pictures.kept_picture(image.digest) if image.digest else None
    digest = image.digest
    if picture is None or digest is None:
        picture = parts.clean_up(image.url)
        digest = parts.pictures.keep_picture(picture, parts.clock())
    return Picture(content=picture.content, media_type=picture.media_type, alt=image.alt or "", digest=digest)


def _found(aid: Aid, parts: Illustrating) -> Iterator[Image]:
    """Look for a picture where the aid leads; a page that does not answer shows none."""
    link = aid.link or ""
    if parts.from_pdf and urlsplit(link).path.lower().endswith(".pdf"):
        yield Image(url=link)
    elif link and aid.kind in parts.from_page:
        yield from _shown_by(_page(link, parts), link, parts)


def _page(link: str, parts: Illustrating) -> WebPage | None:
    try:
        return parts.read_page(link)
    except FetchError:
        return None


def _shown_by(page: WebPage | None, link: str, parts: Illustrating) -> Iterator[Image]:
    if page is not None and page.media_type == PDF:
        if parts.from_pdf:
            yield Image(url=link)
    elif page is not None and page.image_url:
        yield Image(url=page.image_url, alt=page.image_alt)


def _worded(image: Image, aid: Aid, words: Mapping[str, str]) -> Image:
    """Put in the configuration's words: those for this picture, else its aid's if it has none."""
    mine = words.get(normalised_link(image.url)) if _is_link(image.url) else None
    others = words.get(normalised_link(aid.link)) if aid.link and not _has_words(image) else None
    return replace(image, alt=mine or others or image.alt)


def _kept(image: Image, parts: Illustrating) -> Image:
    if image.digest:
        return image
    try:
        picture = parts.clean_up(image.url)
        return replace(image, digest=parts.pictures.keep_picture(picture, parts.clock()), trouble=None)
    except (PictureRefused, FetchRefused) as refusal:
        return replace(image, trouble=str(refusal))
    except (FetchError, LedgerError):
        return image


def _has_words(image: Image) -> bool:
    return bool((image.alt or "").strip())


def _is_link(address: str) -> bool:
    return address.startswith(("http://", "https://"))
