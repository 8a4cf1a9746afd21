"""Read how things stand: what waits on channels, when it goes, and the facts that explain why."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType

from spotlight_notify.model.advice import Said
from spotlight_notify.model.aids import ON_DEMAND
from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.records.orders import Takedown
from spotlight_notify.model.records.standing import ChannelStatus, Delivery, KnownAid, Queue
from spotlight_notify.model.schedule import AS_IT_IS, LatePolicy, Pace, Tempo, Waiting, WhatIf
from spotlight_notify.model.states import UNDONE
from spotlight_notify.model.words import Cause, State
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.rules.explain.explain import explain
from spotlight_notify.rules.explain.explanations import (
    AbsenceFacts,
    DeliveryFacts,
    Explanation,
    Lateness,
    Word,
)
from spotlight_notify.rules.explain.pending import why_later
from spotlight_notify.rules.planning import why_over
from spotlight_notify.rules.schedule.queue import choose, forecast
from spotlight_notify.rules.schedule.rate_limits import RateLimit, gap_to_all, why_not_at
from spotlight_notify.rules.schedule.windows import is_open_for
from spotlight_notify.text.times import utc_minute

NOTHING_CHANGES: Mapping[str, WhatIf] = MappingProxyType({})
"""No channel's line changes by what is asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How a channel stands at ``now``, what waits there, and when it goes, by delivery.

    ``tempo``: None for a channel that no campaign announces on any more. ``goes_at`` leaves out what is held,
    and is empty while the channel is paused; None: not in 400 days. ``late``: what goes nowhere by itself,
    with the moment at which it could have gone. ``too_late``: the turns of those whose aids are over by then.
    """

    now: datetime
    status: ChannelStatus
    tempo: Tempo | None
    queue: Queue
    goes_at: Mapping[int, datetime | None]
    late: Mapping[int, datetime] = field(default_factory=dict)
    too_late: Mapping[int, datetime] = field(default_factory=dict)

    @property
    def line(self) -> tuple[Waiting, ...]:
        """What waits freely and will go: what is late will not."""
        return tuple(one for one in self.queue.waiting if one.id not in self.late)

    def obstacle(self, delivery_id: int) -> str | None:
        """Return what keeps what waits from going until a person acts, whatever else explains it."""
        if hold := self.queue.held.get(delivery_id):
            return str(hold)
        if turn := self.too_late.get(delivery_id):
            return f"its aid is over before its turn, {utc_minute(turn)}"
        return f"the channel is paused: {self.status.paused_reason}" if self.status.paused_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a delivery stands at ``now``, why, and what would change it.

    ``goes_at``: when it goes by the forecast; None for what does not go by itself. ``why_later``: why that is
    later than it is due. ``obstacle``: what keeps it from going until a person acts. ``who_may``: who may
    answer what a person is asked; empty: anybody.
    """

    delivery: Delivery
    why: Explanation
    goes_at: datetime | None
    why_later: Said | None
    obstacle: str | None
    who_may: tuple[str, ...]
    takedown: Takedown | None
    now: datetime

    @property
    def campaign(self) -> str:
        """Return the delivery's campaign."""
        return self.delivery.campaign

    @property
    def channel(self) -> str:
        """Return the delivery's channel."""
        return self.delivery.channel

    @property
    def is_undone(self) -> bool:
        """Return whether a person must look at the delivery before it goes."""
        if self.delivery.state is State.PENDING:
            return self.delivery.due_at <= self.now and self.obstacle is not None
        return self.delivery.state in UNDONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Why an aid has no delivery in a place; names are None if it can go nowhere at all."""

    campaign: str | None
    channel: str | None
    why: Explanation
    delivery: None = None
    who_may: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSummary:
    """Posts of a channel's local day, what waits or is asked there by word, and when the next one goes."""

    sent_today: int
    by_word: Mapping[Word, int]
    next_at: datetime | None


def look_ahead(
    ledger: Ledger,
    tempos: Mapping[str, Tempo],
    now: datetime,
    names: Collection[str] | None = None,
    changes: Mapping[str, WhatIf] = NOTHING_CHANGES,
) -> dict[str, Outlook]:
    """Return the outlook on these channels (None: on all), by name, as if nothing else came in between.

    ``changes``: what would be changed first, by channel.
    """
    channels = [each for each in ledger.channels() if names is None or each.name in names]
    return {
        each.name: _outlook(ledger, each, tempos.get(each.name), now, changes.get(each.name, AS_IT_IS))
        for each in channels
    }


def _outlook(
    ledger: Ledger, status: ChannelStatus, tempo: Tempo | None, now: datetime, what_if: WhatIf
) -> Outlook:
    queue = ledger.queue(status.name, now, what_if)
    late = {one.id: one.slot for one in ledger.late(status.name, tempo, now, what_if)} if tempo else {}
    outlook = Outlook(now=now, status=status, tempo=tempo, queue=queue, goes_at={}, late=late)
    if tempo is None or status.paused_at:
        return outlook
    since = max(now, status.due_at or now)
    ahead = forecast(outlook.line, tempo.paces, tempo.channel, queue.posts, since)
    return replace(outlook, goes_at=ahead.goes_at, too_late=ahead.too_late)


def may_go(one: Delivery, outlook: Outlook) -> bool:
    """Return whether a delivery may go now, were it alone in the line of its channel."""
    status, tempo = outlook.status, outlook.tempo
    if tempo is None or status.paused_at or (status.due_at and status.due_at > outlook.now):
        return False
    alone = [each for each in outlook.line if each.id == one.id]
    return choose(alone, tempo.paces, tempo.channel, outlook.queue.posts, outlook.now) is not None


def has_turn(ledger: Ledger, channel: str, tempo: Tempo, now: datetime) -> bool:
    """Return whether a claim would find something to do; what is late counts, since a claim settles it."""
    queue = ledger.queue(channel, now)
    return choose(queue.waiting, tempo.paces, tempo.channel, queue.posts, now) is not None


def next_to_go(ledger: Ledger, channel: str, tempo: Tempo, now: datetime) -> int | None:
    """Return the delivery that a claim would hand out now; None when none may go."""
    queue, late = ledger.queue(channel, now), {one.id for one in ledger.late(channel, tempo, now)}
    line = [one for one in queue.waiting if one.id not in late]
    chosen = choose(line, tempo.paces, tempo.channel, queue.posts, now)
    return chosen.id if chosen else None


def _facts_of(one: Delivery, outlook: Outlook, takedown: Takedown | None) -> DeliveryFacts:
    pace = outlook.tempo.paces.get(one.campaign) if outlook.tempo else None
    return DeliveryFacts(
        now=outlook.now,
        delivery=one,
        channel=outlook.status,
        configured=pace is not None,
        hold=outlook.queue.held.get(one.id),
        goes_at=outlook.goes_at.get(one.id),
        too_late=outlook.too_late.get(one.id),
        is_open=outlook.tempo is None or is_open_for(outlook.tempo, one.campaign, outlook.now),
        over=why_over(one, outlook.now),
        late=_lateness(one, outlook, pace),
        later=_why_not_then(one, outlook),
        takedown=takedown,
    )


def _why_not_then(one: Delivery, outlook: Outlook) -> str | None:
    """Return whose rule lets a delivery not go when it is due, and which; None if none is known."""
    goes_at, tempo = outlook.goes_at.get(one.id), outlook.tempo
    if goes_at is None or tempo is None or goes_at <= one.due_at:
        return None
    before = [each for each in outlook.line if (at := outlook.goes_at.get(each.id)) and at < goes_at]
    foreseen = [(each.campaign, outlook.goes_at[each.id] or goes_at) for each in before]
    posts = [*((post.campaign, post.at) for post in outlook.queue.posts), *foreseen]
    every, own = sorted(at for _, at in posts), tempo.paces[one.campaign].campaign
    mine = sorted(at for campaign, at in posts if campaign == one.campaign)
    whose = f"campaign {one.campaign}'s"
    rules = (
        (f"channel {one.channel}'s", RateLimit(hours=tempo.channel, posts=every)),
        (whose, RateLimit(hours=own, posts=mine)),
        (whose, gap_to_all(own, every)),
    )
    return next((why for whose, rule in rules if (why := why_not_at(whose, rule, one.due_at))), None)


def _lateness(one: Delivery, outlook: Outlook, pace: Pace | None) -> Lateness | None:
    slot = outlook.late.get(one.id)
    return Lateness(slot=slot, asked=pace.late.policy is LatePolicy.ASK) if slot and pace else None


def summary_of(outlook: Outlook, standings: Iterable[Standing]) -> ChannelSummary:
    """Sum up a channel; ``standings`` are those of its deliveries that have not ended."""
    words = Counter(each.why.word for each in standings)
    moments = (at for at in outlook.goes_at.values() if at is not None)
    return ChannelSummary(
        sent_today=_sent_today(outlook),
        by_word=dict(words.most_common()),
        next_at=min(moments, default=None),
    )


def _sent_today(outlook: Outlook) -> int:
    """Count the posts on the local day of the channel's zone; one that may be public counts."""
    zone = outlook.tempo.channel.zone if outlook.tempo else UTC
    today = outlook.now.astimezone(zone).date()
    return sum(post.at.astimezone(zone).date() == today for post in outlook.queue.posts)


def standing_of(
    one: Delivery, outlook: Outlook, campaigns: Iterable[Campaign], takedown: Takedown | None = None
) -> Standing:
    """Return how a delivery stands; ``outlook`` is its channel's."""
    facts = _facts_of(one, outlook, takedown)
    is_pending = one.state is State.PENDING
    return Standing(
        delivery=one,
        why=explain(facts),
        goes_at=facts.goes_at if is_pending else None,
        why_later=why_later(facts) if is_pending else None,
        obstacle=outlook.obstacle(one.id) if is_pending else None,
        who_may=_who_may(one, campaigns),
        takedown=takedown,
        now=outlook.now,
    )


def standings_of(
    found: Sequence[Delivery],
    *,
    ledger: Ledger,
    campaigns: Sequence[Campaign],
    tempos: Mapping[str, Tempo],
    now: datetime,
) -> tuple[Standing, ...]:
    """Look ahead on the channels of these deliveries, and return how each stands."""
    outlooks = look_ahead(ledger, tempos, now, {one.channel for one in found})
    return tuple(standing_of(one, outlooks[one.channel], campaigns, _takedown(one, ledger)) for one in found)


def survey_aid(
    known: KnownAid,
    *,
    ledger: Ledger,
    campaigns: Sequence[Campaign],
    tempos: Mapping[str, Tempo],
    now: datetime,
) -> tuple[Standing | Absence, ...]:
    """Explain an aid in every place that it has a delivery for, or could have had one; at least one."""
    deliveries = sorted(ledger.deliveries(aid_id=known.id), key=lambda one: one.id)
    standings = standings_of(deliveries, ledger=ledger, campaigns=campaigns, tempos=tempos, now=now)
    here = {(one.campaign, one.channel) for one in deliveries}
    absent = [_absence(known, *place) for place in _places(known, campaigns) if place not in here]
    return (*standings, *absent) or (_absence(known, None, None),)


def _takedown(one: Delivery, ledger: Ledger) -> Takedown | None:
    return ledger.takedown(one.id) if one.state is State.SENT else None


def _who_may(one: Delivery, campaigns: Iterable[Campaign]) -> tuple[str, ...]:
    """Return who may approve a delivery that awaits that."""
    if one.state is not State.PROPOSED or one.cause is not Cause.APPROVAL:
        return ()
    return next((each.approval.approvers for each in campaigns if each.name == one.campaign), ())


def _places(known: KnownAid, campaigns: Iterable[Campaign]) -> Iterator[tuple[str, str]]:
    for campaign in campaigns:
        if known.aid.source in (ON_DEMAND, *campaign.sources):
            for channel in campaign.channels:
                yield campaign.name, channel.name


def _absence(known: KnownAid, campaign: str | None, channel: str | None) -> Absence:
    why = explain(AbsenceFacts(aid=known, campaign=campaign, channel=channel))
    return Absence(campaign=campaign, channel=channel, why=why)
