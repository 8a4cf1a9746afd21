"""Record what a person saw on a network, and take that back; where it can be, the network is looked at."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from spotlight_notify.model.errors import PublishError, Refused
from spotlight_notify.model.posts import LivePost, Permalink, Receipt, Timeline
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import State
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import Looker
from spotlight_notify.rules.proof import LONG_AGO, recognise

MARKED = (State.UNSURE, State.PENDING, State.PROPOSED, State.FAILED)
"""States in which a delivery may turn out to be public."""

SLACK = timedelta(minutes=5)
"""How much further back than a post's own time a look goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """How a delivery stands now, and why the network was not looked at, if it was not."""

    delivery: Delivery
    not_looked: str | None


def mark_sent(
    delivery_id: int,
    link: Permalink,
    *,
    looker: Looker | None,
    ledger: Ledger,
    who: str,
    reason: str,
    now: datetime,
) -> Marked:
    """Record that a delivery's post is public at an address.

    Refused when the post is another delivery's, or a whole look at the channel does not show it. Without a
    ``looker``, or if the look fails, the person is believed.
    """
    one = ledger.delivery(delivery_id)
    _refuse_state(one)
    receipt = Receipt(post_id=link.post_id, url=link.url, posted_at=link.posted_at)
    live, not_looked = _seen(one, link, looker, now)
    receipt = live.receipt if live else receipt
    if ledger.receipts(one.channel, [receipt.post_id]):
        raise Refused(f"{link.url} is another delivery's post already")
    if not ledger.change_delivery(
        one.id, MARKED, State.SENT, who=who, reason=reason, now=now, receipt=receipt
    ):
        _refuse_state(ledger.delivery(one.id))
    return Marked(delivery=ledger.delivery(one.id), not_looked=not_looked)


def unmark(
    delivery_id: int, *, looker: Looker | None, ledger: Ledger, who: str, reason: str, now: datetime
) -> Marked:
    """Take back that a person said a delivery was public: it is again what it was before that.

    A look decides where there can be one: Refused if it shows the delivery's own post at that address; what
    it shows elsewhere is recorded instead.
    """
    one = ledger.delivery(delivery_id)
    live, not_looked = _own_post(one, ledger, looker, now)
    if live and one.receipt and live.receipt.post_id == one.receipt.post_id:
        raise Refused(f"delivery {one.id} is public at {one.receipt.url}: its channel shows it there")
    ledger.unmark(one.id, who=who, reason=reason, now=now, found=live.receipt if live else None)
    return Marked(delivery=ledger.delivery(one.id), not_looked=not_looked)


def _refuse_state(one: Delivery) -> None:
    if one.state not in MARKED:
        markable = ", ".join(MARKED)
        raise Refused(f"delivery {one.id} is {one.state}; this fits only one that is: {markable}")


def _seen(
    one: Delivery, link: Permalink, looker: Looker | None, now: datetime
) -> tuple[LivePost | None, str | None]:
    """Find the post that an address names; or say why nobody could look."""
    since = link.posted_at - SLACK if link.posted_at else min(one.created_at, now) - LONG_AGO
    timeline, not_looked = _look(one, looker, since)
    if timeline is None:
        return None, not_looked
    for live in timeline.posts:
        if link.names(live.receipt):
            return live, None
    if not timeline.complete:
        return None, "the network shows too few of its posts"
    if not link.is_telling:
        return None, "the network does not show posts by such addresses"
    raise Refused(f"{one.channel} shows no post at {link.url}: it is another account's, or is not there")


def _own_post(
    one: Delivery, ledger: Ledger, looker: Looker | None, now: datetime
) -> tuple[LivePost | None, str | None]:
    """Find a delivery's own post, not among those that are others'; or say why nobody could look."""
    timeline, not_looked = _look(one, looker, min(one.created_at, now) - LONG_AGO)
    if timeline is None or one.post is None:
        return None, not_looked
    mine = {one.receipt.post_id} if one.receipt else set()
    taken = ledger.receipts(one.channel, [live.receipt.post_id for live in timeline.posts]) - mine
    public = recognise(one.post, ledger.subject(one.id), timeline, taken).public
    return (public[0] if public else None), None


def _look(one: Delivery, looker: Looker | None, since: datetime) -> tuple[Timeline | None, str | None]:
    if looker is None:
        return None, "its channel's secrets are not at hand"
    try:
        return looker.timeline(since, one.post.reply_to if one.post else None), None
    except PublishError as error:
        return None, str(error)
