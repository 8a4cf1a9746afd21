"""Where things stand: aids, deliveries, queues, sources, channels.

Fields ending in ``_at`` are aware UTC datetimes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from spotlight_notify.model.aids import DIGEST, ON_DEMAND, Aid, themes_of
from spotlight_notify.model.posts import Finding, Post, Receipt
from spotlight_notify.model.records.orders import Approval, Hold
from spotlight_notify.model.schedule import Posted, Waiting
from spotlight_notify.model.words import Cause, State


def marked(title: str, posted_as: str | None, key: str) -> str:
    """Name an aid by its title, or else its key; beside the title of its post, marked, if that is another."""
    is_same = posted_as is None or posted_as == title
    return (title or key) if is_same else f"{posted_as or key} [its aid is now: {title or key}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAid:
    """Join an aid to its row in the ledger; ``baseline`` aids were there at the first look.

    ``gone_at``: since when its source shows it no more; known only of what waited then. ``posted_as``: the
    title that a post of it was written under, where that is another.
    """

    id: int
    aid: Aid
    first_seen_at: datetime
    baseline: bool
    gone_at: datetime | None = None
    posted_as: str | None = None

    @property
    def named(self) -> str:
        """Return its title, marked where a post says another, or its source shows it no more."""
        mark = " [gone]" if self.gone_at else ""
        return marked(self.aid.title, self.posted_as, self.aid.key) + mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A delivery's row, with its aid's key, title, themes and end for the reader.

    ``writers``: the persons who wrote its post, in order; ``approval``: the last one given,
    whether or not it still fits. ``post_title``: its aid's title as its post was written, if known;
    ``digest_id``: the digest's delivery that tells of its aid instead. ``look_at``: when the network is asked
    about it, if it is unsure; None: not by itself.
    """

    id: int
    campaign: str
    channel: str
    aid_id: int
    source: str
    aid_key: str
    aid_title: str
    state: State
    reason: str | None
    due_at: datetime
    post: Post | None
    tries: int
    created_at: datetime
    changed_at: datetime
    receipt: Receipt | None
    findings: tuple[Finding, ...] = ()
    cause: Cause | None = None
    any_hour: bool = False
    theme: str | None = None
    other_themes: tuple[str, ...] = ()
    event_at: datetime | None = None
    expires_at: datetime | None = None
    writers: tuple[str, ...] = ()
    approval: "Approval | None" = None
    post_title: str | None = None
    digest_id: int | None = None
    look_at: datetime | None = None

    @property
    def themes(self) -> tuple[str, ...]:
        """List all themes of its aid, the main one first."""
        return themes_of(self.theme, self.other_themes)

    @property
    def named(self) -> str:
        """Return its aid's title, marked where that is not the one its post was written under."""
        return marked(self.aid_title, self.post_title, self.aid_key)

    @property
    def is_digest(self) -> bool:
        """Return whether its post tells of several aids."""
        return self.source == ON_DEMAND and self.aid_key.startswith(f"{DIGEST}:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What waits on a channel, in no order, and when posts went out there lately, ascending.

    ``waiting`` leaves out what is held; ``held`` says by which hold, by delivery.
    """

    waiting: tuple[Waiting, ...]
    posts: tuple[Posted, ...]
    held: Mapping[int, Hold]


MOVED = ""
"""The cursor of a source that was not looked at yet since its address was changed: no source writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """Where a source was left. ``baseline_at`` is None until the first look is complete.

    ``latest`` and ``since_at``: what the next baseline is to announce all the same: so many of its newest
    aids, or those published since then. ``alarm``: why its last poll was held for a person, until answered.
    ``notes``: what its last good look had to say of it, a sentence each.
    ``address``: what tells where it is (a digest), for programs alone; None if that was never said.
    """

    name: str
    cursor: str | None
    baseline_at: datetime | None
    next_poll_at: datetime
    polled_at: datetime | None
    succeeded_at: datetime | None
    failures: int
    error: str | None
    paused_reason: str | None
    latest: int = 0
    since_at: datetime | None = None
    alarm: str | None = None
    alarm_at: datetime | None = None
    notes: tuple[str, ...] = ()
    address: str | None = field(default=None, repr=False)

    @property
    def has_moved(self) -> bool:
        """Return whether nobody has seen yet if it is the same source at its new address."""
        return self.baseline_at is not None and self.cursor == MOVED

    def follows(self, left: "SourceStatus") -> bool:
        """Return whether a look that began at ``left`` still fits: same place, baseline and cursor."""
        here, there = ((each.address, each.baseline_at, each.cursor) for each in (self, left))
        return here == there


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelStatus:
    """A channel: paused by whom and why, throttled until when, and how far the ledger knows it.

    ``known_until_at``: until when it knew every post of its own there, or None if never. ``behind_at``: when
    the channel first showed one that it does not know, by the network's clock. Both are old in a ledger that
    was restored from a backup.
    """

    name: str
    network: str
    epoch: int
    due_at: datetime | None
    paused_at: datetime | None
    paused_reason: str | None
    known_until_at: datetime | None = None
    behind_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Count the deliveries of a campaign on a channel that are in one state."""

    campaign: str
    channel: str
    state: State
    count: int
