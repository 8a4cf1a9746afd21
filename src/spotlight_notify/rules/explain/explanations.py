"""What explanations are made from (plain values, read elsewhere), and what they say."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from spotlight_notify.model.advice import Said
from spotlight_notify.model.records.orders import Hold, Takedown
from spotlight_notify.model.records.standing import ChannelStatus, Delivery, KnownAid, SourceStatus


class Word(StrEnum):
    """Name why something has gone out, waits, or does not go; the words stay as they are, for programs."""

    WOULD_ANNOUNCE = "would announce"
    """Nothing is in its way: the daemon sends it at its next beat."""
    WAITING = "waiting"
    """Its time has not come."""
    PACED = "paced"
    """Closed hours, a gap, a cap, or what stands before it in the line."""
    RESTING = "resting"
    """Its channel is left alone for a while, as the network wished."""
    PAUSED_CHANNEL = "paused channel"
    HELD = "held"
    AWAITING_APPROVAL = "awaiting approval"
    RULE = "rule"
    """A person is asked: a rule of the lint forbids its post, or there is none."""
    LINK = "link"
    """A person is asked: its link is dead, silent or leads elsewhere."""
    DATE = "date"
    """A person is asked: its date lies far ahead."""
    LATE = "late"
    """It could have gone long ago."""
    FOUND = "found"
    """A person is asked: something on its channel may be its announcement already."""
    REFUSED = "refused"
    """A person is asked: its network refused it, and nobody knows why."""
    CHANGED = "changed"
    """A person is asked: its aid was changed after a person had edited or approved its post."""
    GONE = "gone"
    """A person is asked: its source shows its aid no more."""
    REPLACED = "replaced"
    """A person is asked: it took another aid's place at its source, or is that one corrected."""
    CALLED_OFF = "called off"
    """A person is asked: its title says that it is cancelled or postponed."""
    REJECTED = "rejected"
    """A person is asked: somebody took it out as another source showed it."""
    BRAKED = "braked"
    """Its source showed too much at once."""
    SENDING = "sending"
    SENT = "sent"
    TAKEN_DOWN = "taken down"
    STILL_PUBLIC = "still public"
    """It was ordered off its network, and is still there."""
    TAKEDOWN_UNCLEAR = "takedown unclear"
    """It was ordered off its network, and nobody knows whether it is gone."""
    UNSURE = "unsure"
    FAILED = "failed"
    CANCELLED = "cancelled"
    BASELINE = "baseline"
    DUPLICATE = "duplicate"
    DIGEST = "digest"
    FILTERED = "filtered"
    """The configuration does not announce it there."""
    TOO_OLD = "too old"
    OVER = "over"
    SOURCE_UNCHANGED = "source unchanged"
    SOURCE_FAILING = "source failing"
    PAUSED_SOURCE = "paused source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why, in one word and one sentence; what would change it; and when it is looked at next.

    ``next_at`` is None where nothing happens by itself.
    """

    word: Word
    sentence: str
    change: Said
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """When a delivery could have gone and did not, and whether a person is asked, or it is skipped."""

    slot: datetime
    asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFacts:
    """What bears on a delivery at ``now``.

    ``configured``: a campaign still announces there. ``goes_at``: when it will go by the forecast; None:
    never, or something else holds it up. ``too_late``: when its turn comes, if its aid is over by then.
    ``is_open``: the hours of its campaign and channel.
    ``over``: why its aid is not announced any more, or None. ``later``: whose rule lets it not go when it is
    due, and which.
    """

    now: datetime
    delivery: Delivery
    channel: ChannelStatus
    configured: bool = True
    hold: Hold | None = None
    goes_at: datetime | None = None
    too_late: datetime | None = None
    is_open: bool = True
    over: str | None = None
    late: Lateness | None = None
    takedown: Takedown | None = None
    later: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceFacts:
    """A known aid without a delivery on a channel of a campaign; None: no campaign listens at all."""

    aid: KnownAid
    campaign: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """How a source stands at ``now``; ``configured``: the configuration still names it."""

    now: datetime
    source: SourceStatus
    configured: bool = True
