"""Carry out orders from this process: record them, send what may go, tell how each delivery stands."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from spotlight_notify.app.composition import App
from spotlight_notify.cli.digests import find_digests
from spotlight_notify.cli.sentences import goes_at, is_undone, sentence_on
from spotlight_notify.cli.times import due_times, why_past
from spotlight_notify.cli.wanted import Wanted
from spotlight_notify.model.aids import ON_DEMAND, Aid
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Outcome, State
from spotlight_notify.operations.announce.aids import announce_aid
from spotlight_notify.operations.announce.digests import announce_digests
from spotlight_notify.operations.announce.orders import Order, Place, Signature, When, places_for
from spotlight_notify.operations.status import Outlook, look_ahead
from spotlight_notify.rules.schedule.queue import choose
from spotlight_notify.worker.stop_signals import Stopping

PATIENCE_SECONDS = 60.0
"""How long to wait for another process that has the delivery or its channel in hand."""
LOOK_EVERY_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Say who wants something out, why and when, and on which channels (all of them if none is named)."""

    who: str
    reason: str
    to: tuple[str, ...] = ()
    at: datetime | None = None
    any_hour: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Tell how an order ended on one channel, in a sentence for a person.

    ``goes_at``: when it will go by the forecast, if it waits and nothing stops it. ``undone``: a person must
    look at it.
    """

    campaign: str
    channel: str
    delivery_id: int
    state: State
    sentence: str
    goes_at: datetime | None
    text: str | None
    link: str | None
    post_id: str | None
    url: str | None
    token_refused: bool
    undone: bool


def order_aid(app: App, wanted: Wanted, asked: Asked) -> tuple[Order, ...]:
    """Record an order to announce one aid; Refused if its time has passed, NoSuchTime if there is none."""
    from spotlight_notify.cli.previews import kept_in

    now = app.clock()
    places = places_for(wanted.found(app.ledger).source, app.campaigns, asked.to)
    when = _when(app, asked, places, now)
    wanted = kept_in(app.ledger, wanted, app.config)
    aid = wanted.illustrated(wanted.aid(app.ledger), app.illustrate)
    _refuse_lost_picture(wanted, aid)
    by = Signature(who=asked.who, reason=asked.reason, wrote=wanted.has_own_words)
    return announce_aid(aid, places, ledger=app.ledger, writing=app.writing, when=when, by=by, now=now)


def order_digest(app: App, theme: str, asked: Asked, say: Callable[[str], None]) -> tuple[Order, ...]:
    """Record an order to announce a digest; ``say`` hears where there is none."""
    from spotlight_notify.app.writing import open_render_digest

    now = app.clock()
    when = _when(app, asked, places_for(ON_DEMAND, app.campaigns, asked.to), now)
    digests = find_digests(app.config, app.ledger, theme, asked.to, when, now)
    if digests.too_few:
        say(digests.too_few)
    return announce_digests(
        digests.theme,
        digests.gathered,
        ledger=app.ledger,
        render=open_render_digest(app.config),
        lint=app.writing.lint,
        when=when,
        by=Signature(who=asked.who, reason=asked.reason),
        now=now,
    )


def carry_out(app: App, orders: Iterable[Order], stopping: Stopping) -> tuple[End, ...]:
    """Send what may go from here, and tell how each channel's delivery stands.

    When ``stopping`` is set, the post in flight is finished and recorded, and the others wait.
    """
    app.ledger.strand(app.clock())
    return tuple(_end(app, order, stopping) for order in orders)


def _when(app: App, asked: Asked, places: Sequence[Place], now: datetime) -> When:
    if asked.at is None:
        return When(any_hour=asked.any_hour)
    due = due_times(asked.at, places, app.config.tempos)
    if past := why_past(due, now):
        raise Refused(f"{past}; leave out --at to announce now")
    return When(due=due)


def _refuse_lost_picture(wanted: Wanted, aid: Aid) -> None:
    """Refuse an order whose picture cannot go along: a post cannot be unsent."""
    lost = [image for image in aid.images if image.digest is None] if wanted.image else []
    if lost:
        why = lost[0].trouble or "it cannot be had now"
        raise Refused(f"the picture cannot be used, so nothing is sent: {why}")


def _end(app: App, order: Order, stopping: Stopping) -> End:
    outcome = _send(app, order, stopping)
    delivery, outlook = app.ledger.delivery(order.delivery_id), _outlook(app, order.channel)
    post, receipt = delivery.post, delivery.receipt
    return End(
        campaign=order.campaign,
        channel=order.channel,
        delivery_id=delivery.id,
        state=delivery.state,
        sentence=sentence_on(delivery, outlook, order.note, app.ledger.takedown(delivery.id)),
        goes_at=goes_at(delivery, outlook),
        text=post.text if post else None,
        link=post.link if post else None,
        post_id=receipt.post_id if receipt else None,
        url=receipt.url if receipt else None,
        token_refused=outcome is Outcome.UNAUTHORIZED,
        undone=is_undone(delivery, outlook),
    )


def _send(app: App, order: Order, stopping: Stopping) -> Outcome | None:
    """Send the delivery from here, or wait until who has it in hand is done; the outcome, if it was ours."""
    waited = 0.0
    while waited < PATIENCE_SECONDS and not stopping.is_set():
        settled = app.deliver_next(order.channel, delivery_id=order.delivery_id)
        if settled is not None:
            return settled.verdict.outcome
        if not _worth_waiting(app, order):
            return None
        stopping.wait(LOOK_EVERY_SECONDS)
        waited += LOOK_EVERY_SECONDS
    return None


def _worth_waiting(app: App, order: Order) -> bool:
    """Tell whether only another process can be in the way."""
    delivery = app.ledger.delivery(order.delivery_id)
    if delivery.state is State.SENDING:
        return True
    return delivery.state is State.PENDING and _may_go(delivery, _outlook(app, order.channel))


def _may_go(delivery: Delivery, outlook: Outlook) -> bool:
    """Tell whether a delivery may go now, were it alone in the line."""
    status, queue, tempo = outlook.status, outlook.queue, outlook.tempo
    if tempo is None or status.paused_at or (status.due_at and status.due_at > outlook.now):
        return False
    alone = [one for one in queue.waiting if one.id == delivery.id]
    return choose(alone, tempo.paces, tempo.channel, queue.posts, outlook.now) is not None


def _outlook(app: App, channel: str) -> Outlook:
    return look_ahead(app.ledger, app.config.tempos, app.clock(), [channel])[channel]
