"""What a person orders, where it can go, and what came of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from spotlight_notify.model.aids import CORRECTION, DIGEST, ON_DEMAND, SUCCESSOR, Aid
from spotlight_notify.model.campaigns import Campaign, Channel, Plan
from spotlight_notify.model.errors import Refused, UnknownName
from spotlight_notify.model.posts import Post
from spotlight_notify.model.records.standing import Delivery, KnownAid
from spotlight_notify.model.words import Cause, State
from spotlight_notify.ports.book import Book
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.rules.planning import present_plan, why_over
from spotlight_notify.text.aliases import name_of
from spotlight_notify.text.times import utc_minute

Place = tuple[Campaign, Channel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Point at the delivery that carries an order out on one channel; ``note`` tells what is unusual."""

    campaign: str
    channel: str
    delivery_id: int
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who orders something, and why: both go on record. ``wrote``: its words are that person's own."""

    who: str
    reason: str
    wrote: bool = False

    @property
    def writers(self) -> tuple[str, ...]:
        """Return whose words a post has, if they are a person's."""
        return (self.who,) if self.wrote else ()

    def put(
        self, book: Book, delivery_id: int, action: str, now: datetime, *, was: Post | None = None
    ) -> None:
        """Put on record what this person did to a delivery; ``was``: its post before, if that is another."""
        book.sign(delivery_id, action, who=self.who, reason=self.reason, now=now, was=was)


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """When something is to go out: at a time for each campaign (by name), else now.

    ``any_hour``: closed windows are passed, but no hold, no gap and no cap. ``keeps``: what waits already
    keeps its words, and is only moved to another time, and what was cancelled stays so. ``why``: what its
    record says as long as it waits.
    """

    due: Mapping[str, datetime] = field(default_factory=dict)
    any_hour: bool = False
    keeps: bool = False
    why: str | None = None

    def due_at(self, campaign: str, now: datetime) -> datetime:
        """Return when a campaign's posts are due."""
        return self.due.get(campaign, now)

    def timed(self, plan: Plan, now: datetime) -> Plan:
        """Give a plan the time ordered; it need not wait for its aid's own date."""
        reason = self.why if plan.state is State.PENDING else plan.reason
        return replace(plan, due_at=self.due_at(plan.campaign, now), any_hour=self.any_hour, reason=reason)


def places_for(source: str, campaigns: Sequence[Campaign], to: Collection[str]) -> tuple[Place, ...]:
    """Return the campaigns and channels an aid of this source can go to; ``to`` narrows them by channel name.

    UnknownName if ``to`` holds a channel that no such campaign has, or if nothing is left.
    """
    listening = [c for c in campaigns if source in (ON_DEMAND, *c.sources)]
    places = [(c, channel) for c in listening for channel in c.channels]
    names = sorted({channel.name for _, channel in places})
    if unknown := sorted(set(to) - set(names)):
        raise UnknownName(f"no channel {', '.join(unknown)} for this aid; there is: {', '.join(names)}")
    if not places:
        raise UnknownName(f"no campaign listens to source {source}; see [campaigns.*] in the configuration")
    return tuple(place for place in places if not to or place[1].name in to)


def waits(delivery: Delivery) -> bool:
    """Return whether a delivery will go by itself, or as soon as its post is approved."""
    asked = delivery.state is State.PROPOSED and delivery.cause is Cause.APPROVAL
    return asked or delivery.state is State.PENDING


def is_made(aid: Aid) -> bool:
    """Return whether an aid was made for an order, and is nothing that can be announced by itself."""
    return aid.source == ON_DEMAND and aid.key.partition(":")[0] in (DIGEST, CORRECTION, SUCCESSOR)


def original_of(known: KnownAid, ledger: Ledger) -> KnownAid:
    """Return the aid that a successor was made for; any other aid as it is."""
    kind, _, rest = known.aid.key.partition(":")
    is_successor = known.aid.source == ON_DEMAND and kind == SUCCESSOR
    return ledger.aid(int(rest.partition(":")[0])) if is_successor else known


def named(aid: Aid, book: Book) -> Aid:
    """Number an aid that is made for an order: the first number that makes its key a new one.

    Its key, which says what it is and what it is about, is its only alias: it counts as no other aid.
    """
    kind, _, subject = aid.key.partition(":")
    for number in count(1):
        key = name_of(kind, f"{subject}:{number}")
        wanted = replace(aid, key=key, aliases=(key,))
        if not book.match([wanted]):
            return wanted
    raise AssertionError("there is always one number more")


def refuse_over(aid: Aid, due_at: datetime, now: datetime) -> None:
    """Refuse a time at which there is nothing to announce any more; what is over now is told by its plan."""
    if why_over(aid, due_at) and not why_over(aid, now):
        ends = [moment for moment in (aid.event_at, aid.expires_at) if moment]
        raise Refused(
            f"at {utc_minute(due_at)} {aid.title or aid.key} is over: "
            f"its event begins, or it expires, at {utc_minute(min(ends))}"
        )


def moved(book: Book, delivery: Delivery, when: When, by: Signature, now: datetime) -> Order:
    """Give a delivery that waits another time, and leave the rest of it, its approval too, as it is.

    Leave to go at any hour may be added, and is never taken away. What is due stays due since when it was.
    """
    due_at = when.due_at(delivery.campaign, now)
    due_at = delivery.due_at if max(delivery.due_at, due_at) <= now else due_at
    plan = replace(
        present_plan(delivery),
        due_at=due_at,
        reason=when.why if delivery.state is State.PENDING else delivery.reason,
        any_hour=when.any_hour or delivery.any_hour,
        writers=delivery.writers,
    )
    note = "it stays as it was planned"
    if (was := _difference(delivery, plan)) and book.replan(delivery.id, plan, now):
        by.put(book, delivery.id, "moved", now)
        note = was
    return Order(campaign=delivery.campaign, channel=delivery.channel, delivery_id=delivery.id, note=note)


def _difference(delivery: Delivery, plan: Plan) -> str | None:
    """Return how a plan's time differs from the delivery's; None if it does not."""
    if delivery.due_at != plan.due_at:
        return f"moved from {utc_minute(delivery.due_at)}"
    return "it may go at any hour now" if plan.any_hour and not delivery.any_hour else None
