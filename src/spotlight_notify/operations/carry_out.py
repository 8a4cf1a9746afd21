"""Record a person's order, send what may go of it from this process, and say how each delivery stands."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from spotlight_notify.model.advice import Deed, Field, Said, advise, do, joined
from spotlight_notify.model.aids import ON_DEMAND, Aid, Theme
from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.posts import CleanPicture
from spotlight_notify.model.schedule import Tempo
from spotlight_notify.model.words import Cause, Outcome, State
from spotlight_notify.operations.announce.aids import announce_aid
from spotlight_notify.operations.announce.digests import RenderDigest, announce_digests, find_digests
from spotlight_notify.operations.announce.orders import Order, Place, Signature, When, places_for
from spotlight_notify.operations.announce.request import AidRequest, kept_in
from spotlight_notify.operations.announce.times import due_times, why_past
from spotlight_notify.operations.deliver import Settled
from spotlight_notify.operations.status import Outlook, Standing, look_ahead, may_go, standing_of
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import Clock, Illustrate
from spotlight_notify.rules.planning import Writing
from spotlight_notify.text.clock_times import ClockTime
from spotlight_notify.text.times import utc_minute

PATIENCE_SECONDS = 60.0
"""How long to wait for another process that has the delivery or its channel in hand."""
LOOK_EVERY_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who wants something out, why and when, and on which channels (all of them if none is named)."""

    who: str
    reason: str
    to: tuple[str, ...] = ()
    at: ClockTime | None = None
    any_hour: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How an order ended on one channel, in a sentence for a person.

    ``goes_at``: when it will go by the forecast, if it waits and nothing stops it. ``undone``: a person must
    look at it.
    """

    campaign: str
    channel: str
    delivery_id: int
    state: State
    sentence: Said
    goes_at: datetime | None
    text: str | None
    link: str | None
    post_id: str | None
    url: str | None
    token_refused: bool
    undone: bool


class Stop(Protocol):
    """A wish to stop, such as ``threading.Event``."""

    def is_set(self) -> bool:
        """Return whether somebody wishes to stop."""

    def wait(self, timeout: float, /) -> bool:
        """Wait until somebody does, for so many seconds at most; tell whether somebody does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering:
    """What carries out orders; ``deliver`` sends a channel's delivery, or returns None if it may not go."""

    ledger: Ledger
    campaigns: Sequence[Campaign]
    tempos: Mapping[str, Tempo]
    themes: Mapping[str, Theme]
    writing: Writing
    render_digest: RenderDigest
    illustrate: Illustrate
    clean: Callable[[Path], CleanPicture]
    deliver: Callable[[str, int], Settled | None]
    clock: Clock


def order_aid(parts: Ordering, wanted: AidRequest, asked: Asked) -> tuple[Order, ...]:
    """Record an order to announce one aid; Refused if its time has passed, NoSuchTime if there is none."""
    ledger, now = parts.ledger, parts.clock()
    places = places_for(wanted.found(ledger).source, parts.campaigns, asked.to)
    when = _when(parts, asked, places, now)
    wanted = kept_in(ledger, wanted, parts.clean, now)
    aid = wanted.illustrated(wanted.aid(ledger, parts.writing.zone, now), parts.illustrate)
    _refuse_lost_picture(wanted, aid)
    by = Signature(who=asked.who, reason=asked.reason, wrote=wanted.has_own_words)
    return announce_aid(aid, places, ledger=ledger, writing=parts.writing, when=when, by=by, now=now)


def order_digest(parts: Ordering, theme: str, asked: Asked, say: Callable[[str], None]) -> tuple[Order, ...]:
    """Record an order to announce a digest; ``say`` hears where there is none."""
    now = parts.clock()
    places = places_for(ON_DEMAND, parts.campaigns, asked.to)
    when = _when(parts, asked, places, now)
    digests = find_digests(theme, places, when, ledger=parts.ledger, themes=parts.themes, now=now)
    if digests.too_few:
        say(digests.too_few)
    return announce_digests(
        digests.theme,
        digests.gathered,
        ledger=parts.ledger,
        render=parts.render_digest,
        lint=parts.writing.lint,
        when=when,
        by=Signature(who=asked.who, reason=asked.reason),
        now=now,
    )


def carry_out(parts: Ordering, orders: Iterable[Order], stopping: Stop) -> tuple[End, ...]:
    """Send what may go from here, and tell how each channel's delivery stands.

    When ``stopping`` is set, the post in flight is finished and recorded, and the others wait.
    """
    parts.ledger.strand(parts.clock())
    return tuple(_end(parts, order, stopping) for order in orders)


def _when(parts: Ordering, asked: Asked, places: Sequence[Place], now: datetime) -> When:
    if asked.at is None:
        return When(any_hour=asked.any_hour)
    due = due_times(asked.at, places, parts.tempos, now)
    if past := why_past(due, now):
        raise Refused(advise(f"{past}; leave out ", Field("at"), " to announce now"))
    return When(due=due)


def _refuse_lost_picture(wanted: AidRequest, aid: Aid) -> None:
    """Refuse an order whose picture cannot go along: a post cannot be unsent."""
    lost = [image for image in aid.images if image.digest is None] if wanted.image else []
    if lost:
        why = lost[0].trouble or "it cannot be had now"
        raise Refused(f"the picture cannot be used, so nothing is sent: {why}")


def _end(parts: Ordering, order: Order, stopping: Stop) -> End:
    outcome = _send(parts, order, stopping)
    delivery, outlook = parts.ledger.delivery(order.delivery_id), _outlook(parts, order.channel)
    standing = standing_of(delivery, outlook, parts.campaigns, parts.ledger.takedown(delivery.id))
    post, receipt = delivery.post, delivery.receipt
    return End(
        campaign=order.campaign,
        channel=order.channel,
        delivery_id=delivery.id,
        state=delivery.state,
        sentence=sentence_on(standing, order.note),
        goes_at=standing.goes_at,
        text=post.text if post else None,
        link=post.link if post else None,
        post_id=receipt.post_id if receipt else None,
        url=receipt.url if receipt else None,
        token_refused=outcome is Outcome.UNAUTHORIZED,
        undone=standing.is_undone,
    )


def _send(parts: Ordering, order: Order, stopping: Stop) -> Outcome | None:
    """Send the delivery from here, or wait until who has it in hand is done; the outcome, if it was ours."""
    waited = 0.0
    while waited < PATIENCE_SECONDS and not stopping.is_set():
        settled = parts.deliver(order.channel, order.delivery_id)
        if settled is not None:
            return settled.verdict.outcome
        if not _worth_waiting(parts, order):
            return None
        stopping.wait(LOOK_EVERY_SECONDS)
        waited += LOOK_EVERY_SECONDS
    return None


def _worth_waiting(parts: Ordering, order: Order) -> bool:
    """Return whether only another process can be in the way."""
    delivery = parts.ledger.delivery(order.delivery_id)
    if delivery.state is State.SENDING:
        return True
    return delivery.state is State.PENDING and may_go(delivery, _outlook(parts, order.channel))


def _outlook(parts: Ordering, channel: str) -> Outlook:
    return look_ahead(parts.ledger, parts.tempos, parts.clock(), [channel])[channel]


AWAITS = "awaits approval: "


def sentence_on(standing: Standing, note: str | None) -> Said:
    """Return how a delivery stands, and in brackets what else there is to know of it."""
    words: Said
    delivery, takedown = standing.delivery, standing.takedown
    notes: list[Said] = [each.removeprefix(AWAITS) for each in (note, delivery.reason) if each]
    match delivery.state:
        case State.SENT if takedown:
            words = f"was sent, and ordered down by {takedown.who}: {takedown.reason}"
            notes = notes if takedown.done_at else ["it is not known to be gone", *notes]
        case State.SENT:
            words = f"sent {delivery.receipt.url or delivery.receipt.post_id}" if delivery.receipt else "sent"
        case State.PENDING:
            words, *more = _waiting(standing)
            notes = [*more, *notes]
        case State.SENDING:
            words = advise("another process is sending it; see: ", do(Deed.SEE_DELIVERIES))
        case State.PROPOSED if delivery.cause is Cause.APPROVAL:
            words = advise(AWAITS, do(Deed.APPROVE_AS, delivery.id))
        case _:
            words, notes = f"{delivery.state}: {delivery.reason}", [note] if note else []
    rest = list(dict.fromkeys(each for each in notes if str(each) not in str(words)))
    return advise(words, " (", joined("; ", rest), ")") if rest else words


def _waiting(standing: Standing) -> tuple[Said, ...]:
    """Return what a delivery waits for, and then why."""
    due_at, obstacle, at = standing.delivery.due_at, standing.obstacle, standing.goes_at
    if obstacle and due_at > standing.now:
        return f"goes out {utc_minute(due_at)}, unless it is stopped then as it is now", obstacle
    if obstacle:
        return (f"waits: {obstacle}",)
    if at is None:
        return ("waits: the hours of its channel and campaign leave no room for it in the next 400 days",)
    if at <= standing.now:
        return ("waits: the daemon will send it",)
    return f"goes out {utc_minute(at)}", *([standing.why_later] if standing.why_later else [])
