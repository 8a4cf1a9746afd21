"""Find an aid's pictures and the words for them, and keep them, before any post is planned.

So a preview, an approval and the record speak of the same bytes that go out.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from spotlight_notify.model.aids import Aid, Image
from spotlight_notify.model.campaigns import Campaign, Channel, Plan
from spotlight_notify.model.errors import FetchError, FetchRefused, LedgerError, PictureRefused
from spotlight_notify.model.posts import Picture, WebPage
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Access, Cause, Kind, State
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import CleanUp, Clock, Illustrate, Pictures, ReadPage
from spotlight_notify.rules.planning import Writing, plan_delivery
from spotlight_notify.text.links import normalised_link

PDF = "application/pdf"
MULTIPLE_CHOICES = 300
NOT_READ = "the page it should show could not be read for its picture"
TOO_SLOW = "the site was too slow to look for its picture"
FOUND_AFTER_ALL = "its page answers again, so it has its picture"
LOGO = "it looks like the site's logo, and not like the aid's own picture"
_LOGO_NAME = re.compile(
    r"(?:^|[_.-])(?:site-?)?(?:logo|seal|favicon|icon|default|placeholder|og-?image|social|share)"
    r"(?:[_.-]|\d|$)",
    re.IGNORECASE,
)
ICON = 512
"""The longest side of a square, in pixels, that is taken for a site's sign: pictures for cards are wider."""
_LOGO_WORDS = re.compile(r"\b(?:logo|seal|emblem|logotipo)\b", re.IGNORECASE)


Place = tuple[Campaign, Channel]
"""Where a post goes."""

Trusts = Callable[[WebPage, str], bool]
"""Return whether the page that a link led to may speak for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Illustrating:
    """What illustrating needs. ``alt_texts``: words by the address of the picture, or of the aid.

    When a source gives no picture, aids of the kinds in ``from_page`` get the one that their page
    shows on cards, and aids that are PDFs get their first page (``from_pdf``). ``trusts`` says whether a page
    that a link led to may speak for the aid. ``most``: how many pictures are kept of an aid. The pages of
    aids of the kinds in ``event_pages`` say when they begin, where their source does not.
    """

    pictures: Pictures
    clean_up: CleanUp
    read_page: ReadPage
    clock: Clock
    alt_texts: Mapping[str, str]
    trusts: Trusts
    most: int
    from_page: Collection[Kind] = (Kind.POSTER,)
    from_pdf: bool = True
    event_pages: Collection[Kind] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TryingAgain:
    """What is needed to give a waiting post the picture that its page did not show at first."""

    ledger: Ledger
    campaigns: Sequence[Campaign]
    illustrate: Illustrate
    writing: Writing


def illustrate(aid: Aid, parts: Illustrating, *, hurry: bool = False) -> Aid:
    """Return the aid with its pictures: the source's own, else its page's, or a PDF's first page.

    Each image has the words for it, if anybody gives some, and the hash under which the ledger keeps it,
    or the trouble with it. One with words that cannot be fetched now has neither, and is tried again when
    its post is sent. Pictures without words are not fetched: nobody may post them. In a ``hurry`` nothing is.
    """
    aid = aid if hurry else _with_event(aid, parts)
    known = worded(replace(aid, images=tuple(i for i in aid.images if not _is_note(i, aid))), parts.alt_texts)
    if not any(map(_has_words, known.images)):
        found = worded(replace(aid, images=tuple(_found(aid, parts, hurry=hurry))), parts.alt_texts).images
        known = replace(known, images=_joined(known.images, found, aid)[: parts.most])
    if hurry:
        return known
    kept = (_kept(image, parts) if _may_be_kept(image) else image for image in known.images)
    own = {image.url for image in aid.images} | {aid.link}
    shown = (image if image.url in own else _no_icon(image, parts) for image in kept)
    return replace(known, images=tuple(shown)[: parts.most])


def _with_event(aid: Aid, parts: Illustrating) -> Aid:
    """Return the aid with the time that its page gives for its event, if it has none and may be asked."""
    wanted = aid.kind in parts.event_pages and aid.event_at is None and aid.access is Access.PUBLIC
    if not (wanted and aid.link):
        return aid
    try:
        page = parts.read_page(aid.link)
    except FetchError:
        return aid
    if page.status >= MULTIPLE_CHOICES or page.event_at is None or not parts.trusts(page, aid.link):
        return aid
    return replace(aid, event_at=page.event_at, event_found=True)


def missed_its_picture(aid: Aid) -> bool:
    """Return whether its page could not be read for its picture when it was new."""
    return any(_is_note(image, aid) for image in aid.images)


def illustrate_again(one: Delivery, parts: TryingAgain, now: datetime) -> bool:
    """Look once more for a picture that a waiting post lacks since its page was down, and rewrite it.

    A post that a person wrote or approved stays as it is. What the aid has now is kept first; then the post
    is changed, if nobody has moved it meanwhile. Tells whether it was.
    """
    place = _place_of(one, parts.campaigns)
    if place is None or one.state is not State.PENDING or not _lacks_pictures(one):
        return False
    known = parts.ledger.aid(one.aid_id)
    if not missed_its_picture(known.aid):
        return False
    aid = parts.illustrate(known.aid)
    if not any(image.digest for image in aid.images):
        return False
    with parts.ledger.recording(aid.source) as book:
        book.refresh(known.id, aid)
    plan = _again(one, plan_delivery(aid, *place, parts.writing, now, by_hand=True))
    return plan is not None and parts.ledger.rewrite(one, plan, reason=FOUND_AFTER_ALL, now=now)


def _place_of(one: Delivery, campaigns: Iterable[Campaign]) -> Place | None:
    places = ((campaign, channel) for campaign in campaigns for channel in campaign.channels)
    return next(
        (each for each in places if (each[0].name, each[1].name) == (one.campaign, one.channel)), None
    )


def _lacks_pictures(one: Delivery) -> bool:
    return one.post is not None and not one.post.images and not one.writers and not one.approval


def _again(one: Delivery, plan: Plan) -> Plan | None:
    """Keep when it goes, and that it goes unless the lint stops it; None if it has no picture yet."""
    if plan.state is State.SKIPPED or plan.post is None or not plan.post.images:
        return None
    plan = replace(plan, due_at=one.due_at, any_hour=one.any_hour)
    if plan.cause is Cause.RULE:
        return plan
    return replace(plan, state=one.state, cause=one.cause, reason=one.reason)


def worded(aid: Aid, alt_texts: Mapping[str, str]) -> Aid:
    """Put in the configuration's words: those for a picture; those for its aid on the first if none has."""
    words = {normalised_link(address): said for address, said in alt_texts.items()}
    images = [replace(image, alt=_words_for(image.url, words) or image.alt) for image in aid.images]
    if images and aid.link and not any(map(_has_words, images)):
        images[0] = replace(images[0], alt=_words_for(aid.link, words) or images[0].alt)
    return replace(aid, images=tuple(images))


def load_picture(image: Image, parts: Illustrating) -> Picture:
    """Return a picture's bytes from the ledger, or fetch, clean and keep it first."""
    picture = parts.pictures.kept_picture(image.digest) if image.digest else None
    picture_hash = image.digest
    if picture is None or picture_hash is None:
        picture = parts.clean_up(image.url)
        picture_hash = parts.pictures.keep_picture(picture, parts.clock())
    alt = image.alt or ""
    return Picture(content=picture.content, media_type=picture.media_type, alt=alt, digest=picture_hash)


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
        shared = parts.pictures.is_shown_elsewhere(page.image_url, link)
        trouble = LOGO if shared or is_logo(page.image_url, page.image_alt) else None
        yield Image(url=page.image_url, alt=page.image_alt, trouble=trouble)


def _joined(own: Sequence[Image], found: Sequence[Image], aid: Aid) -> tuple[Image, ...]:
    """Join a source's own pictures with what was found: no other picture stands in for its own."""
    if not own:
        return tuple(found)
    words = {image.url: image.alt for image in found}
    notes = (image for image in found if _is_note(image, aid))
    return (*notes, *(replace(image, alt=words.get(image.url) or image.alt) for image in own))


def is_logo(url: str, alt: str | None) -> bool:
    """Return whether a page's picture for cards is its site's and not the aid's, by its name or its words."""
    return bool(_LOGO_NAME.search(urlsplit(url).path.rpartition("/")[2]) or _LOGO_WORDS.search(alt or ""))


def _is_note(image: Image, aid: Aid) -> bool:
    """Return whether an image only notes that its aid's page could not be read."""
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


def _no_icon(image: Image, parts: Illustrating) -> Image:
    """Return a page's picture for cards; with a trouble if it is a small square, as a site's sign is."""
    picture = parts.pictures.kept_picture(image.digest) if image.digest else None
    if picture and picture.width == picture.height <= ICON:
        return replace(image, digest=None, trouble=LOGO)
    return image


def _may_be_kept(image: Image) -> bool:
    return _has_words(image) and image.trouble != LOGO


def _has_words(image: Image) -> bool:
    return bool((image.alt or "").strip())
