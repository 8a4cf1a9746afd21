"""Which aid a person means, and what they say about it."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from spotlight_notify.model.advice import Deed, Field, Said, advise, do
from spotlight_notify.model.aids import ON_DEMAND, Aid, Image, with_said_event
from spotlight_notify.model.errors import BadRequest, PictureRefused, Refused, UnknownName
from spotlight_notify.model.posts import CleanPicture
from spotlight_notify.model.words import Access, Kind
from spotlight_notify.operations.announce.orders import is_made, original_of
from spotlight_notify.operations.announce.times import instant, read_time
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import Illustrate, Pictures
from spotlight_notify.text.clock_times import NoSuchTime, read_clock_time
from spotlight_notify.text.html import MAX_TITLE, plain_title
from spotlight_notify.text.language import language_named
from spotlight_notify.text.links import link_alias, usable_link
from spotlight_notify.text.times import utc_minute

TITLE, URL, THEME, IMAGE, ALT = Field("title"), Field("url"), Field("theme"), Field("image"), Field("alt")
LANGUAGE, STARTS, EXPIRES = Field("language"), Field("starts"), Field("expires")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True, slots=True, kw_only=True)
class AidRequest:
    """An aid that is meant: a known one by ``words``, or a new one by its title and link.

    A ``theme`` alone means a digest of what of it is not announced yet.
    ``image`` is the address of a picture, or the path of a file; ``digest`` is set once that file is kept.
    ``starts`` and ``expires`` are times as people type them. Title, summaries, theme and the words for the
    picture are made plain as a source's are.
    """

    words: str | None = None
    title: str | None = None
    url: str | None = None
    summary: str = ""
    short: str = ""
    language: str | None = None
    starts: str | None = None
    expires: str | None = None
    kind: str | None = None
    theme: str | None = None
    sign_in: bool = False
    image: str | None = None
    alt: str | None = None
    digest: str | None = None

    def __post_init__(self) -> None:
        """Make the words plain; BadRequest where not exactly one aid is named, or a picture has no words."""
        for name in ("title", "summary", "short", "theme", "alt"):
            object.__setattr__(self, name, _plain(getattr(self, name)))
        if self.is_digest:
            return
        if bool(self.words) == bool(self.title or self.url):
            known = "name a known AID by number, key or link, or a new one by "
            digest = advise(", or only a ", THEME, " for a digest of its aids")
            raise BadRequest(advise(known, TITLE, " and ", URL, digest))
        if not self.words and not (self.title and self.url):
            raise BadRequest(advise("a new aid needs both ", TITLE, " and ", URL))
        if self.image and self.alt is None:
            raise BadRequest(advise(IMAGE, " needs ", ALT, ": words for those who cannot see the picture"))
        _refuse_alt(self.alt)

    @property
    def is_digest(self) -> bool:
        """Return whether nothing but a theme is named."""
        others = (each.name for each in fields(self) if each.name not in ("theme", "digest"))
        return bool((self.theme or "").strip()) and not any(getattr(self, name) for name in others)

    @property
    def has_own_words(self) -> bool:
        """Return whether the person wrote some of what is to be posted."""
        return bool(self.title or self.summary or self.short or self.alt)

    def at_home(self, folder: Path) -> "AidRequest":
        """Return this with its picture's file, if it has one, meant from a folder."""
        if not self.image or _ADDRESS.match(self.image):
            return self
        return replace(self, image=str(folder / self.image))

    def kept(self, keep: Callable[[Path], str]) -> "AidRequest":
        """Return this with its picture's file kept under the digest that ``keep`` gives; else as it is.

        Refused when the file cannot be read, or is no picture that may be posted.
        """
        if not self.image or self.digest or _ADDRESS.match(self.image):
            return self
        try:
            return replace(self, digest=keep(Path(self.image)))
        except PictureRefused as refusal:
            raise Refused(f"{self.image}: {refusal}") from refusal

    def aid(self, ledger: Ledger, zone: ZoneInfo, now: datetime) -> Aid:
        """Find the aid and put in what the person said; what they left out stays.

        Times are meant in the zone. BadRequest for one that is none, and an expiry before the beginning.
        """
        said: dict[str, Any] = {
            "title": self.title,
            "summary": self.summary,
            "short": self.short,
            "language": _language(self.language),
            "event_at": _moment(self.starts, STARTS, zone, now),
            "expires_at": _moment(self.expires, EXPIRES, zone, now),
            "kind": Kind(self.kind) if self.kind else None,
            "theme": self.theme,
            "access": Access.SIGN_IN if self.sign_in else None,
            "images": self._own_image(),
        }
        found = self.found(ledger)
        if self.expires and found.source != ON_DEMAND:
            raise BadRequest(
                advise(EXPIRES, f" is for a new aid; source {found.source} says when its own do")
            )
        told = replace(found, **{name: value for name, value in said.items() if value})
        told = replace(told, event_found=True) if self.starts else told
        told = with_said_event(told, zone)
        if self.expires and told.event_at and told.expires_at and told.expires_at < told.event_at:
            begins = utc_minute(told.event_at)
            raise BadRequest(advise(EXPIRES, f": it expires before its event begins at {begins}"))
        return self._worded(told)

    def found(self, ledger: Ledger) -> Aid:
        """Find the known aid, or make the new one, bare; one that is known by its link is not made again."""
        if self.words:
            return self._known(ledger)
        link = _link(self.url or "", URL)
        found = ledger.find_aids(link)
        return found[-1].aid if found else _new(link)

    def illustrated(self, aid: Aid, illustrate: Illustrate) -> Aid:
        """Return the aid with its pictures; its words (alt) hold for one that its page shows, too.

        Refused when there are words but no picture to describe.
        """
        found = illustrate(aid)
        if self.alt and not found.images:
            raise Refused(advise("there is no picture that ", ALT, " could describe; name one by ", IMAGE))
        worded = self._worded(found)
        return found if worded == found else self._worded(illustrate(worded))

    def _known(self, ledger: Ledger) -> Aid:
        all_found = [original_of(known, ledger) for known in ledger.find_aids(self.words or "")]
        found = [known for known in all_found if not is_made(known.aid)]
        if not all_found:
            hint = _perhaps_a_key(self.words or "", ledger)
            raise UnknownName(advise(f"no aid {self.words} is known", hint))
        if not found:
            title = all_found[0].aid.title
            raise Refused(f"{self.words} is no aid of a source but {title}: it has its own deliveries")
        if len({known.aid.link for known in found}) > 1:
            numbers = ", ".join(str(known.id) for known in found)
            raise Refused(f"{self.words} fits several aids: {numbers}. Name one by its number.")
        return found[-1].aid

    def _own_image(self) -> tuple[Image, ...]:
        if self.digest:
            return (Image(url=f"urn:sha256:{self.digest}", alt=self.alt, digest=self.digest),)
        return (Image(url=_link(self.image, IMAGE), alt=self.alt),) if self.image else ()

    def _worded(self, aid: Aid) -> Aid:
        """Put the words for the picture to the aid's first image."""
        if not self.alt or not aid.images:
            return aid
        return replace(aid, images=(replace(aid.images[0], alt=self.alt), *aid.images[1:]))


def _perhaps_a_key(words: str, ledger: Ledger) -> Said:
    """Return how to name a key that is written like a number."""
    if words.isdigit() and ledger.find_aids(f"key:{words}"):
        return f" by that number; the key {words} is written key:{words}"
    return advise("; see: ", do(Deed.SEE_AIDS))


def _language(name: str | None) -> str | None:
    if name and language_named(name) is None:
        raise BadRequest(advise(LANGUAGE, f": there are no templates in {name}; there are in en and es"))
    return language_named(name) if name else None


def _moment(words: str | None, field: Field, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Read a time; a date of expiry alone is good to its end."""
    if not words:
        return None
    try:
        read = read_clock_time(words)
        if read.clock is None and field is EXPIRES:
            return instant(replace(read, clock=time.max.replace(microsecond=0)), zone, now)
        return instant(read_time(words), zone, now)
    except NoSuchTime as error:
        raise BadRequest(advise(field, f": {error}")) from error


def _plain(words: str | None) -> str | None:
    return words if words is None else plain_title(words)


def _refuse_alt(alt: str | None) -> None:
    if alt is not None and not alt:
        raise BadRequest(advise(ALT, ": say in words what the picture shows"))
    if alt and len(alt) > MAX_TITLE:
        raise BadRequest(advise(ALT, f": {len(alt)} characters are too long; networks take {MAX_TITLE}"))


def _new(link: str) -> Aid:
    alias = link_alias(link)
    return Aid(source=ON_DEMAND, key=alias, aliases=(alias,), title="", link=link)


def _link(url: str, field: Field) -> str:
    link = usable_link(url)
    if link is None:
        raise BadRequest(advise(field, f": {url} is no whole http(s) link"))
    return link


@dataclass(frozen=True, slots=True)
class Album:
    """The pictures that the ledger keeps, and beside them, in memory, new ones that are not on record."""

    ledger: Ledger
    new: dict[str, CleanPicture] = field(default_factory=dict)

    def keep_picture(self, picture: CleanPicture, now: datetime) -> str:
        """Keep a picture in memory and return its hash, the same that the ledger would give it."""
        digest = hashlib.sha256(picture.content).hexdigest()
        self.new[digest] = picture
        return digest

    def kept_picture(self, digest: str) -> CleanPicture | None:
        """Return the picture of this hash; None when neither this nor the ledger keeps it."""
        return self.new.get(digest) or self.ledger.kept_picture(digest)

    def is_shown_elsewhere(self, url: str, link: str) -> bool:
        """Return whether an aid that is on record, with another link, has the picture at this address."""
        return self.ledger.is_shown_elsewhere(url, link)


def kept_in(
    album: Pictures, wanted: AidRequest, clean: Callable[[Path], CleanPicture], now: datetime
) -> AidRequest:
    """Clean the picture that was given as a file, if one was, and keep it in the album."""
    return wanted.kept(lambda path: album.keep_picture(clean(path), now))
