"""Find an aid's pictures and the words for them, and keep them, before any post is planned.

So a preview, an approval and the record speak of the same bytes that go out.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from spotlight_notify.errors import FetchError, FetchRefused, LedgerError, PictureRefused
from spotlight_notify.model import Access, Aid, Image, Kind, Picture, WebPage
from spotlight_notify.ports import CleanUp, Clock, Pictures, ReadPage
from spotlight_notify.text.links import normalised_link

PDF = "application/pdf"
MULTIPLE_CHOICES = 300
NOT_READ = "the page it should show could not be read for its picture"
TOO_SLOW = "the site was too slow to look for its picture"
MAX_IMAGES = 4
"""X takes no more in one post."""


Trusts = Callable[[WebPage, str], bool]
"""Tell whether the page that a link led to may speak for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Illustrating:
    """Hold what illustrating needs. ``alt_texts``: words by the address of the picture, or of the aid.

    When a source gives no picture with words, aids of the kinds in ``from_page`` get the one that their page
    shows on cards, and aids that are PDFs get their first page (``from_pdf``). ``trusts`` says whether a page
    that a link led to may speak for the aid.
    """

    pictures: Pictures
    clean_up: CleanUp
    read_page: ReadPage
    clock: Clock
    alt_texts: Mapping[str, str]
    trusts: Trusts
    from_page: Collection[Kind] = (Kind.POSTER,)
    from_pdf: bool = True


def illustrate(aid: Aid, parts: Illustrating, *, hurry: bool = False) -> Aid:
    """Return the aid with its pictures: the source's own, else its page's, or a PDF's first page.

    Each image has the words for it, if anybody gives some, and the digest under which the ledger keeps it,
    or the trouble with it. A picture with words that cannot be had now has neither, and is tried again when
    its post is sent. Pictures without words are not fetched: nobody may post them. In a ``hurry`` nothing is.
    """
    known = worded(replace(aid, images=tuple(i for i in aid.images if not _is_note(i, aid))), parts.alt_texts)
    if not any(map(_has_words, known.images)):
        found = worded(replace(aid, images=tuple(_found(aid, parts, hurry=hurry))), parts.alt_texts).images
        places = {image.url for image in found}
        images = (*found, *(image for image in known.images if image.url not in places))
        known = replace(known, images=images[:MAX_IMAGES])
    if hurry:
        return known
    kept = tuple(_kept(image, parts) if _has_words(image) else image for image in known.images)
    return replace(known, images=kept[:MAX_IMAGES])


def worded(aid: Aid, alt_texts: Mapping[str, str]) -> Aid:
    """Put in the configuration's words: those for a picture; those for its aid on the first if none has."""
    words = {normalised_link(address): said for address, said in alt_texts.items()}
    images = [replace(image, alt=_words_for(image.url, words) or image.alt) for image in aid.images]
    if images and aid.link and not any(map(_has_words, images)):
        images[0] = replace(images[0], alt=_words_for(aid.link, words) or images[0].alt)
    return replace(aid, images=tuple(images))


def load_picture(image: Image, parts: Illustrating) -> Picture:
    """Give a picture's bytes from the ledger, or fetch, clean and keep it first."""
    picture = parts.pictures.kept_picture(image.digest) if image.digest else None
    digest = image.digest
    if picture is None or digest is None:
        picture = parts.clean_up(image.url)
        digest = parts.pictures.keep_picture(picture, parts.clock())
    return Picture(content=picture.content, media_type=picture.media_type, alt=image.alt or "", digest=digest)


def _found(aid: Aid, parts: Illustrating, *, hurry: bool) -> Iterator[Image]:
    """Look for a picture where the aid leads, or note why nobody could."""
    link = aid.link or ""
    if parts.from_pdf and urlsplit(link).path.lower().endswith(".pdf"):
        yield Image(url=link)
    elif link and aid.kind in parts.from_page and aid.access is Access.PUBLIC:
        if hurry:
            yield Image(url=link, trouble=TOO_SLOW)
        else:
            yield from _shown_by(link, parts)


def _shown_by(link: str, parts: Illustrating) -> Iterator[Image]:
    try:
        page = parts.read_page(link)
    except FetchError as error:
        yield Image(url=link, trouble=f"{NOT_READ} ({error.message})")
        return
    if page.status >= MULTIPLE_CHOICES:
        yield Image(url=link, trouble=f"{NOT_READ} (it answered {page.status})")
    elif not parts.trusts(page, link):
        return
    elif page.media_type == PDF and parts.from_pdf:
        yield Image(url=link)
    elif page.image_url:
        yield Image(url=page.image_url, alt=page.image_alt)


def _is_note(image: Image, aid: Aid) -> bool:
    """Tell whether an image only notes that its aid's page could not be read."""
    return (
        image.url == aid.link and image.trouble is not None and image.trouble.startswith((NOT_READ, TOO_SLOW))
    )


def _words_for(address: str, words: Mapping[str, str]) -> str | None:
    try:
        return words.get(normalised_link(address))
    except ValueError:
        return None


def _kept(image: Image, parts: Illustrating) -> Image:
    if image.digest:
        return image
    try:
        picture = parts.clean_up(image.url)
        return replace(image, digest=parts.pictures.keep_picture(picture, parts.clock()), trouble=None)
    except PictureRefused as refusal:
        return replace(image, trouble=str(refusal))
    except FetchRefused as refusal:
        return replace(image, trouble=refusal.message)
    except (FetchError, LedgerError):
        return image


def _has_words(image: Image) -> bool:
    return bool((image.alt or "").strip())
