"""Find what belongs into a digest: the aids of a theme that are not announced yet where it goes."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from spotlight_notify.model.aids import ON_DEMAND, Aid
from spotlight_notify.model.campaigns import Campaign, Channel
from spotlight_notify.model.errors import UnknownName
from spotlight_notify.model.records.standing import Delivery, KnownAid
from spotlight_notify.model.states import ABANDONED, MAYBE_PUBLIC, WAITING
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.announce.orders import Place, When, is_made
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.rules.planning import why_over
from spotlight_notify.text.names import has_theme
from spotlight_notify.text.times import utc_minute

FEWEST = 2
"""Aids that make a digest; one is announced by itself."""
TAKEN_IN = (Cause.APPROVAL, Cause.DIGEST)
"""What people are asked about that a digest may take in: a post, and an aid whose digest was given up."""
PASSED_OVER = (Cause.BASELINE, Cause.TOO_OLD, Cause.DIGEST)
"""Why aids were skipped that a digest may tell of all the same, the last if that digest is dead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What a digest would tell of in one place, oldest first.

    ``members`` may have the same link, when they come from two sources; ``aids`` have each link once.
    """

    campaign: Campaign
    channel: Channel
    members: tuple[KnownAid, ...]

    @property
    def place(self) -> tuple[str, str]:
        """Return the campaign and the channel."""
        return self.campaign.name, self.channel.name

    @property
    def aids(self) -> tuple[Aid, ...]:
        """List what is shown."""
        seen: set[str] = set()
        shown = []
        for each in self.members:
            if not seen & names_of(each):
                shown.append(each.aid)
            seen |= names_of(each)
        return tuple(shown)

    @property
    def ids(self) -> tuple[int, ...]:
        """List the members' numbers."""
        return tuple(each.id for each in self.members)

    @property
    def is_enough(self) -> bool:
        """Return whether there is a digest here."""
        return len(self.aids) >= FEWEST

    def __str__(self) -> str:
        if not self.members:
            return f"none on {self.channel.name}"
        told = (f"{each.id} {each.aid.title or each.aid.key}" for each in self.members)
        return f"{', '.join(told)} on {self.channel.name}"


def too_few(theme: str, gathered: Iterable[Gathered]) -> str | None:
    """Return where there is no digest of a theme, and what there is; None if there is one everywhere."""
    told = "; ".join(str(each) for each in gathered if not each.is_enough)
    wanted = f'a digest needs {FEWEST} aids of "{theme}" that are not announced there yet'
    return f"{wanted}; there is {told}" if told else None


def gather(
    theme: str,
    places: Sequence[Place],
    ledger: Ledger,
    when: When,
    now: datetime,
    *,
    but: Collection[str] = (),
) -> tuple[Gathered, ...]:
    """Find in each place what is known of a theme and not announced there yet.

    That is what has no delivery there, or one that waits, or was skipped as part of a baseline or as too old.
    What is over at the time ordered, or dated later, is left out, and so is what has one of the names ``but``
    (aliases) or was cancelled by a person in any place: a digest says the same on every channel. The theme
    may be spelt in any way. UnknownName if nothing is known of it.
    """
    known = [each for each in ledger.aids() if not is_made(each.aid)]
    wanted = sorted((each for each in known if has_theme(each.aid.themes, theme)), key=age)
    if not wanted:
        themes = sorted({name for each in known for name in each.aid.themes})
        raise UnknownName(f'no aid of the theme "{theme}" is known; there is: {"; ".join(themes) or "none"}')
    left_out = {*but, *_cancelled(known, ledger)}
    return tuple(
        Gathered(
            campaign=campaign,
            channel=channel,
            members=tuple(
                each
                for each in _open(wanted, known, campaign, channel, ledger)
                if _is_timely(each.aid, when.due_at(campaign.name, now))
                and names_of(each).isdisjoint(left_out)
            ),
        )
        for campaign, channel in places
    )


def standing_digest(
    theme: str, campaign: str, channel: str, due_at: datetime, ledger: Ledger, now: datetime
) -> Delivery | None:
    """Find the digest of a theme that was ordered here for that time, or waits for another.

    For a time that has passed: the one that went out then, or is to go yet.
    """
    here = ledger.deliveries(campaign=campaign, channel=channel)
    for each in (one for one in here if is_of(one, theme) and one.state not in ABANDONED):
        if each.state in WAITING or (due_at <= now and each.due_at >= due_at):
            return each
    return None


def is_of(delivery: Delivery, theme: str) -> bool:
    """Return whether a delivery is a digest of a theme."""
    return delivery.is_digest and has_theme((delivery.theme or "",), theme)


def digest_with(member: Delivery, ledger: Ledger) -> Delivery | None:
    """Find the digest that tells of an aid where this delivery of it would go, unless that goes nowhere."""
    if member.digest_id is None:
        return None
    digest = ledger.delivery(member.digest_id)
    return digest if _tells(digest, ledger) else None


def is_down(delivery: Delivery, ledger: Ledger) -> bool:
    """Return whether a delivery's post was there and is known to be gone from its network."""
    takedown = ledger.takedown(delivery.id) if delivery.state is State.SENT else None
    return takedown is not None and takedown.done_at is not None


def names_of(known: KnownAid) -> frozenset[str]:
    """Return what identifies an aid across sources: its own link, else its number here."""
    links = frozenset(name for name in known.aid.aliases if name.startswith("link:"))
    return links or frozenset({f"number:{known.id}"})


def age(known: KnownAid) -> tuple[datetime, int]:
    """Order aids, oldest first: by their own date, or by when they were first seen."""
    return known.aid.published_at or known.first_seen_at, known.id


def why_cancelled(delivery: Delivery, ledger: Ledger) -> str:
    """Return who cancelled a delivery that a plan wants, when and why, and what to do about it."""
    what = f"delivery {delivery.id} on {delivery.channel}"
    what = f"its digest, {what}," if delivery.is_digest else what
    changes = ledger.changes(delivery_id=delivery.id)
    change = next((each for each in changes if each.action.endswith(f"-> {State.CANCELLED}")), None)
    by = f" by {change.who}" if change else ""
    reason = f" ({delivery.reason})" if delivery.reason else ""
    at = utc_minute(delivery.changed_at)
    return f"{what} was cancelled{by} at {at}{reason}: announce it by hand, or drop the row"


def cancelled_digest(
    theme: str, campaign: str, channel: str, due_at: datetime, ledger: Ledger
) -> Delivery | None:
    """Find the digest of a theme that was ordered here for that time, and that a person took out."""
    here = ledger.deliveries(campaign=campaign, channel=channel, states=[State.CANCELLED])
    return next((each for each in here if is_of(each, theme) and each.due_at == due_at), None)


def _open(
    wanted: Iterable[KnownAid],
    known: Iterable[KnownAid],
    campaign: Campaign,
    channel: Channel,
    ledger: Ledger,
) -> Iterator[KnownAid]:
    """Yield what can be announced here and is not yet, under this key, another source's, or in a digest."""
    here = ledger.deliveries(campaign=campaign.name, channel=channel.name)
    mine = {each.aid_id: each for each in here}
    telling = {each.id for each in here if _tells(each, ledger)}
    gone = {each.aid_id for each in here if each.state in MAYBE_PUBLIC or each.digest_id in telling}
    names = {name for each in known if each.id in gone for name in names_of(each)}
    for each in wanted:
        listened = each.aid.source in (ON_DEMAND, *campaign.sources)
        if listened and names_of(each).isdisjoint(names) and _waits(mine, each.id):
            yield each


def _cancelled(known: Iterable[KnownAid], ledger: Ledger) -> Iterator[str]:
    """Yield the names of what a person cancelled in any place."""
    cancelled = {each.aid_id for each in ledger.deliveries(states=[State.CANCELLED])}
    return (name for each in known if each.id in cancelled for name in names_of(each))


def _waits(mine: Mapping[int, Delivery], aid_id: int) -> bool:
    delivery = mine.get(aid_id)
    if delivery is None or delivery.state in WAITING:
        return delivery is None or delivery.state is State.PENDING or delivery.cause in TAKEN_IN
    return delivery.state is State.SKIPPED and delivery.cause in PASSED_OVER


def _tells(delivery: Delivery, ledger: Ledger) -> bool:
    """Return whether a digest tells of its aids, or is to: one that was taken down set them free."""
    return delivery.is_digest and delivery.state not in ABANDONED and not is_down(delivery, ledger)


def _is_timely(aid: Aid, due_at: datetime) -> bool:
    return why_over(aid, due_at) is None and not (aid.published_at and aid.published_at > due_at)
