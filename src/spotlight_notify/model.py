"""Hold the nouns: frozen values that every room understands.

Fields ending in ``_at`` are aware UTC datetimes; fields ending in ``_url`` are absolute.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

ON_DEMAND = "on-demand"
"""The source of aids that a person announced by title and link; no configured source may take its name."""


class Network(StrEnum):
    """Name a network that posts go to."""

    FACEBOOK = "facebook"
    X = "x"


class Kind(StrEnum):
    """Name what an aid is."""

    ARTICLE = "article"
    POSTER = "poster"
    PUBLICATION = "publication"
    WEBINAR = "webinar"
    PODCAST = "podcast"
    TRAINING = "training"


class Access(StrEnum):
    """Name who may open an aid."""

    PUBLIC = "public"
    SIGN_IN = "sign-in"


class State(StrEnum):
    """Name where a delivery is; docs/design.md draws the moves."""

    PROPOSED = "proposed"
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNSURE = "unsure"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class Level(StrEnum):
    """Name how grave a finding is: errors stop a post, warnings are recorded, hints show in a preview."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Outcome(StrEnum):
    """Name how one attempt ended."""

    SENT = "sent"
    REJECTED = "rejected"
    THROTTLED = "throttled"
    UNAUTHORIZED = "unauthorized"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"
    STRANDED = "stranded"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Hold a picture's bytes, ready to upload; ``media_type`` is read from the content.

    ``digest``: the SHA-256 (hex) under which the ledger keeps these bytes.
    """

    content: bytes
    media_type: str
    alt: str
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanPicture:
    """Hold a picture that every network takes: JPEG or PNG, upright, without metadata; sides in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPage:
    """Tell how a web page answered, and what it says about itself for the cards that networks draw.

    ``url`` is where the answer came from, redirects followed. ``image_url`` is absolute.
    ``hops``: the addresses that redirects passed on the way, without the one asked for and ``url``.
    ``media_type`` is what the answer claims to be, such as ``text/html``; empty when it does not say.
    """

    url: str
    status: int
    media_type: str = ""
    title: str | None = None
    image_url: str | None = None
    image_alt: str | None = None
    hops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Tell what a rule of the lint finds in a post; ``source`` says where the rule comes from."""

    rule: str
    level: Level
    message: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """Say what is known of a theme beside its name: a hashtag of its own (with ``#``), its page."""

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
    """

    source: str
    key: str
    title: str
    link: str | None
    summary: str = ""
    kind: Kind = Kind.ARTICLE
    theme: str | None = None
    access: Access = Access.PUBLIC
    images: tuple[Image, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    event_at: datetime | None = None
    expires_at: datetime | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Hold the words, link, images and alt texts for one channel, exactly as they go out.

    ``text`` holds the link too; ``link`` names it again for networks that draw a card from it.
    """

    text: str
    link: str
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Hold the network's confirmation of a post; ``url`` is None where the network gives none."""

    post_id: str
    url: str | None
    posted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LivePost:
    """Show a post that is public on a network, as a look-up read it.

    ``text`` is as its author wrote it: unescaped, short links expanded. ``links`` are all it holds.
    """

    receipt: Receipt
    text: str
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Hold what one look-up read of a channel's own posts, newest first.

    ``complete``: it reaches back to the moment asked for. ``read`` posts were paid for, where reading costs.
    """

    posts: tuple[LivePost, ...]
    complete: bool
    read: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Name one configured destination: this Page, that X account."""

    name: str
    network: Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """Say which sources are announced on which channels under which hashtag (with its ``#``).

    ``theme_hashtags``: a theme's own hashtag stands beside it. ``tracking``: parameters that are added to
    links below ``own_domains``, and to no others.
    """

    name: str
    sources: tuple[str, ...]
    channels: tuple[Channel, ...]
    hashtag: str
    theme_hashtags: bool = False
    tracking: Mapping[str, str] = field(default_factory=dict)
    own_domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Say how an entry's or row's kind, theme and access are read.

    Keys of the mappings are compared without regard to case. The first that matches decides, in this
    order: what the source states outright, category, title prefix, link path, link suffix, default.
    A title prefix such as ``[Podcast]`` is taken off the title.
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
    sign_in_categories: tuple[str, ...] = ()
    sign_in_title_prefixes: tuple[str, ...] = ()
    sign_in_link_paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Hold what one look at a source showed.

    ``aids``: oldest first, unique by key; may hold aids that are known already.
    ``cursor``: where the source was left, opaque to all but it; kept together with the aids, or not at all.
    ``unchanged``: nothing was read because nothing had changed (``aids`` is empty).
    ``more``: there is more to read now; look again with the new cursor.
    ``wait``: the source asks not to be looked at again before this has passed.
    ``warnings``: one clear sentence each, about entries or rows that were passed over or mended.
    """

    aids: tuple[Aid, ...]
    cursor: str
    unchanged: bool = False
    more: bool = False
    wait: timedelta | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Promise an aid to a channel: a delivery that is not in the ledger yet.

    ``post`` is None only when it could not be rendered; ``reason`` says why a plan is not pending.
    """

    campaign: str
    channel: str
    state: State
    due_at: datetime
    post: Post | None
    reason: str | None = None
    findings: tuple[Finding, ...] = ()
