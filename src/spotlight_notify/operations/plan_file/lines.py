"""What a plan file's rows did, or would do: what goes where, and when."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.schedule import Tempo, Waiting, WhatIf
from spotlight_notify.model.words import State
from spotlight_notify.operations.announce.digests import themes_told
from spotlight_notify.operations.announce.orders import Order
from spotlight_notify.operations.plan_file.entries import Entry, Prospect, spot_of
from spotlight_notify.operations.status import Outlook, look_ahead
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.text.times import utc_minute

FIRST_NEW_ID = 10**15
"""What is not recorded yet is played as if it were: after all that waits for the same moment."""


SENT_ALREADY = "it was sent already and will not be sent again"
DONE_BEFORE = "it was carried out before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row in one place: how its delivery stands there, or would stand.

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
    """Return what was recorded."""
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
        note=_joined(note, outlook.obstacle(one.id)),
        is_sent_already=repeats,
    )


def foreseen_lines(
    entries: Sequence[Entry], ledger: Ledger, tempos: Mapping[str, Tempo], now: datetime
) -> tuple[Line, ...]:
    """Return what would be recorded; nothing is."""
    pairs = [(entry, prospect) for entry in entries for prospect in entry.prospects]
    numbered = [(_id(prospect, number), entry, prospect) for number, (entry, prospect) in enumerate(pairs)]
    leaving = frozenset(each for entry in entries for each in _absorbed(entry, ledger))
    channels = {prospect.channel for _, prospect in pairs}
    changes = {
        channel: _what_if([each for each in numbered if each[2].channel == channel], leaving)
        for channel in channels
    }
    outlooks = look_ahead(ledger, tempos, now, channels, changes)
    return tuple(_foreseen(*each, outlooks[each[2].channel]) for each in numbered)


def _id(prospect: Prospect, number: int) -> int:
    if prospect.delivery:
        return prospect.delivery.id
    return FIRST_NEW_ID + number if prospect.rewrites is None else prospect.rewrites


def _what_if(here: Iterable[tuple[int, Entry, Prospect]], leaving: frozenset[int]) -> WhatIf:
    """Return what rows would change on a channel; one that was carried out before changes nothing."""
    waiting = [each for each in here if _state(each[2]) is State.PENDING and not each[1].is_done]
    return WhatIf(
        leaving=leaving,
        moved={id_: prospect.due_at for id_, _, prospect in waiting if prospect.delivery},
        joining=tuple(_joining(*each) for each in waiting if not each[2].delivery),
    )


def _joining(id_: int, entry: Entry, prospect: Prospect) -> Waiting:
    theme, *others = _themes(entry, prospect) or (None,)
    return Waiting(
        id=id_,
        campaign=prospect.place[0].name,
        theme=theme,
        other_themes=tuple(filter(None, others)),
        due_at=prospect.due_at,
        any_hour=False,
        over_at=entry.aid.over_at if entry.aid else None,
    )


def _themes(entry: Entry, prospect: Prospect) -> tuple[str, ...]:
    """Return the themes of the aid, or of all that the digest tells of in its place."""
    if entry.theme:
        gathered = next(each for each in entry.gathered if each.place == spot_of(prospect.place))
        return themes_told(entry.theme.name, gathered)
    return entry.aid.themes if entry.aid else ()


def _absorbed(entry: Entry, ledger: Ledger) -> Iterator[int]:
    """Yield the deliveries that a digest would take the place of."""
    for each in entry.gathered:
        campaign, channel = each.place
        here = ledger.deliveries(campaign=campaign, channel=channel, states=[State.PENDING])
        yield from (one.id for one in here if one.aid_id in each.ids)


def _joined(*notes: str | None) -> str | None:
    return "; ".join(filter(None, notes)) or None


def _state(prospect: Prospect) -> State:
    stands = prospect.delivery or prospect.plan
    assert stands is not None, "a prospect is a delivery or a plan"
    return stands.state


def _foreseen(id_: int, entry: Entry, prospect: Prospect, outlook: Outlook) -> Line:
    campaign, channel = spot_of(prospect.place)
    return Line(
        line=entry.row.line,
        campaign=campaign,
        channel=channel,
        title=entry.title,
        due_at=prospect.due_at,
        goes_at=outlook.goes_at.get(id_),
        delivery_id=prospect.delivery.id if prospect.delivery else None,
        state=_state(prospect),
        note=_joined(_note(entry, prospect), outlook.obstacle(id_)),
        is_sent_already=_repeats(entry, prospect.delivery),
    )


def _repeats(entry: Entry, delivery: Delivery | None) -> bool:
    return delivery is not None and delivery.state is State.SENT and not entry.is_done


def _note(entry: Entry, prospect: Prospect) -> str | None:
    """Return what is unusual: why a plan would not go, and what becomes of a delivery that is there."""
    delivery, plan = prospect.delivery, prospect.plan
    if entry.is_done:
        return DONE_BEFORE
    if plan:
        return plan.reason if plan.state is not State.PENDING else None
    if delivery and _repeats(entry, delivery):
        return f"{SENT_ALREADY}, by delivery {delivery.id}"
    if delivery is None or delivery.due_at == prospect.due_at:
        return "it stays as it was planned"
    if delivery.state in (State.PENDING, State.PROPOSED):
        return f"would be moved from {utc_minute(delivery.due_at)}"
    return f"it was announced already, by delivery {delivery.id}"
