"""Hold what the ledger hands out: frozen values, one for each kind of row, and what is written back.

Fields ending in ``_at`` are aware UTC datetimes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from spotlight_notify.model import (
    DIGEST,
    ON_DEMAND,
    Aid,
    Cause,
    Finding,
    Network,
    Outcome,
    Post,
    Receipt,
    Scope,
    State,
    themes_of,
)
from spotlight_notify.timing import Posted, Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Show that a person approved a post: exactly the one of this ``digest`` (see ``approving.digest_of``).

    ``until_at``: when it ends by itself, or None.
    """

    digest: str
    who: str
    approved_at: datetime
    until_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Show a person's order that nothing of a scope is sent: who, when, why; and how it ended, if it has.

    ``until_at``: when it ends by itself, or None. ``lifted_at``: when a person ended it.
    """

    id: int
    scope: Scope
    reason: str
    who: str
    placed_at: datetime
    until_at: datetime | None
    lifted_at: datetime | None = None
    lifted_by: str | None = None
    lift_reason: str | None = None

    def holds_at(self, now: datetime) -> bool:
        """Tell whether it is in force."""
        return self.lifted_at is None and (self.until_at is None or now < self.until_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Takedown:
    """Show that a post was ordered off its network: who, when, why; ``done_at`` is None until it is gone."""

    delivery_id: int
    who: str
    reason: str
    ordered_at: datetime
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAid:
    """Join an aid to its row in the ledger; ``baseline`` aids were there at the first look."""

    id: int
    aid: Aid
    first_seen_at: datetime
    baseline: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Show a delivery's row, with its aid's key, title and themes for the reader.

    ``edited_by``: who wrote or changed its post last, if a person did; ``approval``: the last one given,
    whether or not it still fits.
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
    edited_by: str | None = None
    approval: "Approval | None" = None

    @property
    def themes(self) -> tuple[str, ...]:
        """List all themes of its aid, the main one first."""
        return themes_of(self.theme, self.other_themes)

    @property
    def is_digest(self) -> bool:
        """Tell whether its post tells of several aids."""
        return self.source == ON_DEMAND and self.aid_key.startswith(f"{DIGEST}:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Show what waits on a channel, in no order, and when posts went out there lately, ascending.

    ``waiting`` leaves out what is held; ``held`` says by which hold, by delivery.
    """

    waiting: tuple[Waiting, ...]
    posts: tuple[Posted, ...]
    held: Mapping[int, Hold]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Hold the right to send one delivery once.

    ``epoch`` fences it: a later claim on the channel makes this one unable to write.
    ``number`` counts the delivery's attempts from 1; ``tries`` counts those that burned a try.
    """

    delivery_id: int
    campaign: str
    channel: str
    post: Post
    epoch: int
    attempt_id: int
    number: int
    tries: int
    leased_until_at: datetime
    doubted: bool = False
    """An earlier attempt of this delivery may have made it public: a duplicate refused is a hint of that."""
    refused: bool = False
    """The last answer to another delivery of the channel was a refusal that may be the account's."""
    signed_out: int = 0
    """How often in a row, up to now, the channel's network did not take the token."""
    approved: bool = False
    """A person approved just this post: what differs from it must not go out."""
    over_at: datetime | None = None
    """When its aid's event begins, or it expires, whichever is first: from then on nothing must go out."""
    asked_about: frozenset[str] = frozenset()
    """What a person was asked about and let it go all the same: live posts by id, or INCOMPLETE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Say what happens next to a delivery after an attempt, and to its channel.

    ``burns``: the attempt counts against the delivery's tries.
    ``pause``: the channel stops until a person acts; the sentence says what to do.
    ``channel_due_at``: nothing leaves this channel before then.
    ``post``: the post with the digests of its pictures, where they were learned only now.
    ``findings``: what was found while it was prepared, beside what was found when it was planned.
    ``asked_about``: the live posts (ids) that a person is asked about, kept with those asked about before.
    ``caught_up``: the channel shows nothing that the ledger does not know. ``behind_at``: as a channel's.
    """

    state: State
    outcome: Outcome
    reason: str | None = None
    due_at: datetime | None = None
    burns: bool = False
    pause: str | None = None
    channel_due_at: datetime | None = None
    post: Post | None = None
    cause: Cause | None = None
    findings: tuple[Finding, ...] = ()
    asked_about: frozenset[str] = frozenset()
    caught_up: bool = False
    behind_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Show one try of a delivery; ``outcome`` is None while it is on its way."""

    id: int
    delivery_id: int
    number: int
    claimant: str
    started_at: datetime
    ended_at: datetime | None
    outcome: Outcome | None
    detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """Show where a source was left. ``baseline_at`` is None until the first look is complete.

    ``latest`` and ``since_at``: what the next baseline is to announce all the same: so many of its newest
    aids, or those published since then. ``alarm``: why its last poll was held for a person, until answered.
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
    address: str | None = field(default=None, repr=False)

    def follows(self, left: "SourceStatus") -> bool:
        """Tell whether a look that began at ``left`` still fits: place, baseline and cursor are the same."""
        here, there = ((each.address, each.baseline_at, each.cursor) for each in (self, left))
        return here == there


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelStatus:
    """Show a channel: paused by whom and why, throttled until when, and how far the ledger knows it.

    ``known_until_at``: until when it knew every post of its own there, or None if never. ``behind_at``: when
    the channel first showed one that it does not know, by the network's clock. Both are old in a ledger that
    was restored from a backup.
    """

    name: str
    network: Network
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Renamed:
    """Count what moved to another name."""

    aids: int = 0
    deliveries: int = 0
    holds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Show an unsure delivery whose post is to be looked up on its channel.

    ``since``, ``until``: when the first attempt in doubt began, and the last one ended: no post of it can be
    older. ``absent_at``: when a look first failed to find it, by the network's own clock, or None.
    ``repeated``: the network refused it last as a repetition of an earlier post.
    ``resent``: how often it was sent again after its absence was proven. ``failed_looks``: in a row.
    ``version`` grows with every attempt and every look-up: it fences off conclusions of an older doubt.
    """

    delivery_id: int
    campaign: str
    channel: str
    post: Post
    since: datetime
    until: datetime
    absent_at: datetime | None
    resent: int
    failed_looks: int
    repeated: bool = False
    asked_about: frozenset[str] = frozenset()
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """Say what one look-up proves, and what happens next to the delivery.

    ``state``: unsure (still), sent (with ``receipt``), pending (proven absent; due at once) or failed.
    ``look_at``: when to look again; None: not by itself. ``found``: how many posts fit; None when the look
    failed. ``read``: how many posts were read, which X charges for.
    """

    state: State
    reason: str
    receipt: Receipt | None = None
    look_at: datetime | None = None
    absent_at: datetime | None = None
    found: int | None
    read: int = 0
    asked_about: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """Show one look on the network for an unsure delivery."""

    id: int
    delivery_id: int
    looked_at: datetime
    found: int | None
    read: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Show what a person changed, with name and reason; one of the subjects is set.

    ``detail``: what it was before, as JSON, where that is not plain from the action.
    """

    id: int
    changed_at: datetime
    who: str
    reason: str
    action: str
    delivery_id: int | None
    channel: str | None
    source: str | None = None
    hold_id: int | None = None
    detail: str | None = None
