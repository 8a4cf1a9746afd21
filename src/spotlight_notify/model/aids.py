"""Describe aids, and how they are read from where they are published."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo

from spotlight_notify.model.words import TIMED, Access, Kind
from spotlight_notify.text.said_times import event_time

ON_DEMAND = "on-demand"
"""The source of aids that a person announced by title and link; no configured source may take its name."""

FORMER = "former"
"""What the keys of aids begin with whose place at their source another one has taken."""

DIGEST, CORRECTION, SUCCESSOR = "digest", "correction", "successor"
"""What the keys of aids begin with that were made by an order, to carry a post of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """Name a picture of an aid. ``alt`` is None when nobody gives words for it.

    ``digest``: the SHA-256 (hex) under which the ledger keeps it, ready to upload; None until it is kept.
    ``trouble``: why it cannot be shown, now or later, in words for a person; else None.
    """

    url: str
    alt: str | None = None
    digest: str | None = None
    trouble: str | None = None


def with_known(said: Image, known: Image | None) -> Image:
    """Add what is known of the picture at this address to what its source says of it.

    A trouble lasts as long as the words do: it may have been the words.
    """
    if known is None or said.digest or said.trouble:
        return said
    alt = known.alt if said.alt is None else said.alt
    trouble = known.trouble if alt == known.alt else None
    return replace(said, alt=alt, digest=known.digest, trouble=trouble)


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """What is known of a theme beside its name: a hashtag of its own (with ``#``), its page."""

    name: str
    hashtag: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aid:
    """Describe a digital aid in plain text.

    ``key`` is its identity within ``source``. ``aliases`` are all the identities it is known by there,
    the key's own among them, such as ``guid:...``, ``link:...`` (normalised) or ``hash:...``; a ``link:``
    alias is present only where the link really is the aid's own.
    ``link`` is absolute http(s), or None where the source gives none; ``title`` may be empty.
    ``theme`` is the main one, ``other_themes`` stand beside it, in the source's order. ``categories`` are the
    source's own words, as it lists them. ``file_size``: that of the file which the link leads to, in bytes.
    ``event_found``: its page or a person, and not its source, says when it begins. ``short`` is a summary for
    posts in which ``summary`` has no room, ``language`` that of its words ("es"); empty and None where nobody
    says.
    """

    source: str
    key: str
    title: str
    link: str | None
    summary: str = ""
    short: str = ""
    language: str | None = None
    file_size: int | None = None
    kind: Kind = Kind.ARTICLE
    theme: str | None = None
    other_themes: tuple[str, ...] = ()
    access: Access = Access.PUBLIC
    images: tuple[Image, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    event_at: datetime | None = None
    event_found: bool = False
    expires_at: datetime | None = None
    aliases: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """List what it is known by, what tells most first: a row's number is no more than its place."""
        names = (self.key, *self.aliases)
        return (*self.link_aliases, *names) if self.key.startswith("row:") else names

    @property
    def link_aliases(self) -> tuple[str, ...]:
        """List the names that are made of its own links."""
        return tuple(name for name in self.aliases if name.startswith("link:"))

    @property
    def themes(self) -> tuple[str, ...]:
        """List all its themes, the main one first."""
        return themes_of(self.theme, self.other_themes)

    @property
    def over_at(self) -> datetime | None:
        """Return when it is over: its event begins, or it expires."""
        return min((at for at in (self.event_at, self.expires_at) if at), default=None)


def with_said_event(aid: Aid, zone: tzinfo | None) -> Aid:
    """Return a webinar or training with the time that its own words name, where its source gives none."""
    if aid.kind not in TIMED or aid.event_at is not None:
        return aid
    at = event_time(f"{aid.title}\n{aid.summary}", zone, aid.published_at)
    return replace(aid, event_at=at) if at else aid


def themes_of(theme: str | None, others: tuple[str, ...]) -> tuple[str, ...]:
    """Join a main theme, if there is one, with those beside it."""
    return others if theme is None else (theme, *others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How an entry's or row's kind, themes and access are read.

    How the keys of the mappings are spelt makes no difference. The first that matches decides, in this
    order: what the source states outright, category, title prefix, link path, link suffix, default.
    All categories that name a theme count. A title prefix such as ``[Podcast]`` is taken off the title.
    ``known_themes``: names that are one theme each, whatever commas they have.
    """

    kind_categories: Mapping[str, Kind] = field(default_factory=dict)
    kind_title_prefixes: Mapping[str, Kind] = field(default_factory=dict)
    kind_link_paths: Mapping[str, Kind] = field(default_factory=dict)
    kind_link_suffixes: Mapping[str, Kind] = field(default_factory=dict)
    default_kind: Kind = Kind.ARTICLE
    theme_categories: Mapping[str, str] = field(default_factory=dict)
    theme_category_prefix: str | None = None
    theme_link_paths: Mapping[str, str] = field(default_factory=dict)
    default_theme: str | None = None
    known_themes: tuple[str, ...] = ()
    sign_in_categories: tuple[str, ...] = ()
    sign_in_title_prefixes: tuple[str, ...] = ()
    sign_in_link_paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look at a source showed.

    ``aids``: oldest first, unique by key; may hold aids that are known already, in their present words.
    ``gone``: keys of waiting aids that are surely not published there any more, none of them in ``aids``.
    ``cursor``: where the source was left, opaque to all but it; kept together with the aids, or not at all.
    None: nowhere yet.
    ``unchanged``: nothing was read because nothing had changed (``aids`` and ``gone`` are empty).
    ``more``: there is more to read now; look again with the new cursor.
    ``whole``: the aids are all that the source shows now, so that what is not among them is gone from it.
    ``wait``: the source asks not to be looked at again before this has passed.
    ``warnings``: one clear sentence each, about entries or rows that were passed over or mended, and about
    the source itself. They are kept with the source until the next look; what is said again is told once.
    """

    aids: tuple[Aid, ...]
    cursor: str | None
    unchanged: bool = False
    more: bool = False
    whole: bool = False
    wait: timedelta | None = None
    warnings: tuple[str, ...] = ()
    gone: frozenset[str] = frozenset()
