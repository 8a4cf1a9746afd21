"""Hold the facts that explanations are made from: plain values, read elsewhere."""

from dataclasses import dataclass
from datetime import datetime

from spotlight_notify.model.records.orders import Hold, Takedown
from spotlight_notify.model.records.standing import ChannelStatus, Delivery, KnownAid, SourceStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """Tell when a delivery could have gone and did not, and whether a person is asked, or it is skipped."""

    slot: datetime
    asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFacts:
    """Hold what bears on a delivery at ``now``.

    ``configured``: a campaign still announces there. ``goes_at``: when it will go by the forecast; None:
    never, or something else holds it up. ``is_open``: the hours of its campaign and channel.
    ``over``: why its aid is not announced any more, or None.
    """

    now: datetime
    delivery: Delivery
    channel: ChannelStatus
    configured: bool = True
    hold: Hold | None = None
    goes_at: datetime | None = None
    is_open: bool = True
    over: str | None = None
    late: Lateness | None = None
    takedown: Takedown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceFacts:
    """Say that a known aid has no delivery on a channel of a campaign; None: no campaign listens at all."""

    aid: KnownAid
    campaign: str | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """Hold how a source stands at ``now``; ``configured``: the configuration still names it."""

    now: datetime
    source: SourceStatus
    configured: bool = True
