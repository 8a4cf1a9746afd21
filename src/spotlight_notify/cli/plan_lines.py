"""Tell what a plan file's rows did, or would do: what goes where, and when."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from spotlight_notify.cli.output import print_table, short_time
from spotlight_notify.cli.plan_entries import Entry, Prospect, spot_of
from spotlight_notify.cli.times import told, zone_of
from spotlight_notify.model.records.orders import Hold
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.schedule import Tempo, Waiting
from spotlight_notify.model.words import State
from spotlight_notify.operations.announce.digests import themes_told
from spotlight_notify.operations.announce.orders import Order
from spotlight_notify.operations.status import Outlook, look_ahead
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.rules.schedule.queue import forecast

FIRST_NEW_ID = 10**15
"""What is not recorded yet is played as if it were: after all that waits for the same moment."""


SENT_ALREADY = "it was sent already and will not be sent again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Show one row in one place: how its delivery stands there, or would stand.

    ``due_at``: as ordered. ``goes_at``: by the forecast; None when it does not wait, or is stopped.
    ``delivery_id`` is None as long as there is none. ``is_sent_already``: it was ordered for a time to come,
    and will not go again.
    """

    line: int
    campaign: str
    channel: str
    title: str
    due_at: datetime
    goes_at: datetime | None
    delivery_id: int | None
    state: State
    note: str | None
    is_sent_already: bool = False


def recorded_lines(
    carried_out: Sequence[tuple[Entry, Sequence[Order]]],
    ledger: Ledger,
    tempos: Mapping[str, Tempo],
    now: datetime,
) -> tuple[Line, ...]:
    """Show what was recorded."""
    outlooks = look_ahead(ledger, tempos, now)
    return tuple(
        _recorded(entry, order, ledger.delivery(order.delivery_id), outlooks[order.channel], now)
        for entry, orders in carried_out
        for order in orders
    )


def _recorded(entry: Entry, order: Order, one: Delivery, outlook: Outlook, now: datetime) -> Line:
    repeats = _repeats(entry, one)
    note = f"{SENT_ALREADY}, by delivery {one.id}" if repeats else order.note
    return Line(
        line=entry.row.line,
        campaign=order.campaign,
        channel=order.channel,
        title=entry.title,
        due_at=entry.when.due_at(order.campaign, now),
        goes_at=outlook.goes_at.get(one.id),
        delivery_id=one.id,
        state=one.state,
        note=_joined(note, outlook.queue.held.get(one.id)),
        is_sent_already=repeats,
    )


def foreseen_lines(
    entries: Sequence[Entry], ledger: Ledger, tempos: Mapping[str, Tempo], now: datetime
) -> tuple[Line, ...]:
    """Show what would be recorded; nothing is."""
    pairs = [(entry, prospect) for entry in entries for prospect in entry.prospects]
    numbered = [(_id(prospect, number), entry, prospect) for number, (entry, prospect) in enumerate(pairs)]
    gone = {each for entry in entries for each in _absorbed(entry, ledger)}
    holds = ledger.holds(now)
    held: dict[int, Hold] = {}
    slots: dict[int, datetime | None] = {}
    for channel in dict.fromkeys(prospect.place[1].name for _, prospect in pairs):
        here = [each for each in numbered if each[2].place[1].name == channel]
        waiting = [one for each in here for one in _waiting(*each)]
        held |= {one.id: hold for one in waiting if (hold := _held_by(one, channel, holds))}
        new = [one for one in waiting if one.id not in held]
        slots |= _slots(channel, new, gone | {each[0] for each in here}, ledger, tempos[channel], now)
    return tuple(
        _foreseen(entry, prospect, slots.get(id_), held.get(id_)) for id_, entry, prospect in numbered
    )


def print_lines(lines: Iterable[Line], tempos: Mapping[str, Tempo]) -> None:
    """Print a table: as ordered, in UTC and by the campaign's clocks, and as it will go."""
    print_table(
        ("LINE", "ORDERED FOR", "GOES", "CHANNEL", "STATE", "TITLE"),
        [
            (
                str(each.line),
                told(each.due_at, zone_of(each.campaign, each.channel, tempos)),
                short_time(each.goes_at),
                each.channel,
                each.state,
                f"{each.title} ({each.note})" if each.note else each.title,
            )
            for each in lines
        ],
    )


def _id(prospect: Prospect, number: int) -> int:
    return prospect.delivery.id if prospect.delivery else FIRST_NEW_ID + number


def _waiting(id_: int, entry: Entry, prospect: Prospect) -> Iterator[Waiting]:
    """Yield what a prospect adds to the line of its channel, if anything."""
    if _state(prospect) is not State.PENDING:
        return
    theme, *others = _themes(entry) or (None,)
    yield Waiting(
        id=id_,
        campaign=prospect.place[0].name,
        theme=theme,
        other_themes=tuple(filter(None, others)),
        due_at=prospect.due_at,
        any_hour=bool(prospect.delivery and prospect.delivery.any_hour),
    )


def _themes(entry: Entry) -> tuple[str, ...]:
    """List the themes of the aid, or of all that the digest tells of."""
    if entry.theme and entry.gathered:
        return themes_told(entry.theme.name, entry.gathered[0])
    return entry.aid.themes if entry.aid else ()


def _absorbed(entry: Entry, ledger: Ledger) -> Iterator[int]:
    """Yield the deliveries that a digest would take the place of."""
    for each in entry.gathered:
        campaign, channel = each.place
        here = ledger.deliveries(campaign=campaign, channel=channel, states=[State.PENDING])
        yield from (one.id for one in here if one.aid_id in each.ids)


def _held_by(one: Waiting, channel: str, holds: Iterable[Hold]) -> Hold | None:
    return next((each for each in holds if each.scope.covers(one.campaign, channel, one.themes)), None)


def _joined(note: str | None, hold: Hold | None) -> str | None:
    held = str(hold) if hold else None
    return "; ".join(filter(None, (note, held))) or None


def _slots(
    channel: str, new: Sequence[Waiting], gone: set[int], ledger: Ledger, tempo: Tempo, now: datetime
) -> dict[int, datetime | None]:
    """Tell when each will go, beside all else that waits on the channel."""
    status = next(each for each in ledger.channels() if each.name == channel)
    if status.paused_at:
        return {}
    queue = ledger.queue(channel, now)
    stay = [one for one in queue.waiting if one.id not in gone]
    since = max(now, status.due_at or now)
    return forecast([*stay, *new], tempo.paces, tempo.channel, queue.posts, since)


def _state(prospect: Prospect) -> State:
    stands = prospect.delivery or prospect.plan
    assert stands is not None, "a prospect is a delivery or a plan"
    return stands.state


def _foreseen(entry: Entry, prospect: Prospect, goes_at: datetime | None, hold: Hold | None) -> Line:
    campaign, channel = spot_of(prospect.place)
    return Line(
        line=entry.row.line,
        campaign=campaign,
        channel=channel,
        title=entry.title,
        due_at=prospect.due_at,
        goes_at=goes_at,
        delivery_id=prospect.delivery.id if prospect.delivery else None,
        state=_state(prospect),
        note=_joined(_note(entry, prospect), hold),
        is_sent_already=_repeats(entry, prospect.delivery),
    )


def _repeats(entry: Entry, delivery: Delivery | None) -> bool:
    return delivery is not None and delivery.state is State.SENT and not entry.is_done


def _note(entry: Entry, prospect: Prospect) -> str | None:
    """Say what is unusual: why a plan would not go, and what becomes of a delivery that is there."""
    delivery, plan = prospect.delivery, prospect.plan
    if plan:
        return plan.reason if plan.state is not State.PENDING else None
    if delivery and _repeats(entry, delivery):
        return f"{SENT_ALREADY}, by delivery {delivery.id}"
    if delivery is None or delivery.due_at == prospect.due_at:
        return "it stays as it was planned"
    if delivery.state in (State.PENDING, State.PROPOSED):
        return f"would be moved from {short_time(delivery.due_at)}"
    return f"it was announced already, by delivery {delivery.id}"
