"""What one try of a delivery takes and gives: claim, verdict; doubt, conclusion.

Fields ending in ``_at`` are aware UTC datetimes.
"""

from dataclasses import dataclass
from datetime import datetime

from spotlight_notify.model.posts import Finding, Post, Receipt
from spotlight_notify.model.words import Cause, Outcome, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to send one delivery once.

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
    turned_away_at: datetime | None = None
    """When its last attempt ended that was throttled, or whose token the network did not take."""
    approved: bool = False
    """A person approved just this post: what differs from it must not go out."""
    over_at: datetime | None = None
    """When its aid's event begins, or it expires, whichever is first: from then on nothing must go out."""
    asked_about: frozenset[str] = frozenset()
    """What a person was asked about and let it go all the same: live posts by id, or INCOMPLETE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What happens next to a delivery after an attempt, and to its channel.

    ``burns``: the attempt counts against the delivery's tries.
    ``pause``: the channel stops until a person acts; the sentence says what to do.
    ``channel_due_at``: nothing leaves this channel before then.
    ``post``: the post with the digests of its pictures, where they were learned only now.
    ``findings``: what was found while it was prepared, beside what was found when it was planned.
    ``asked_about``: the live posts (ids) that a person is asked about, kept with those asked about before.
    ``known_until_at``, ``behind_at``: the channel's from now on; nothing changes while the first is None,
    but for a ``behind_at`` of its own.
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
    known_until_at: datetime | None = None
    behind_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try of a delivery; ``outcome`` is None while it is on its way."""

    id: int
    delivery_id: int
    number: int
    claimant: str
    started_at: datetime
    ended_at: datetime | None
    outcome: Outcome | None
    detail: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """An unsure delivery whose post is to be looked up on its channel.

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
    """What one look-up proves, and what happens next to the delivery.

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
    """One look on the network for an unsure delivery."""

    id: int
    delivery_id: int
    looked_at: datetime
    found: int | None
    read: int
    reason: str
