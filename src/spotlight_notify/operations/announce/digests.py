"""Announce several aids of a theme in one post, and let none of them go out again by itself."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from spotlight_notify.model.aids import DIGEST, ON_DEMAND, Aid, Theme
from spotlight_notify.model.campaigns import Campaign, Plan
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.model.records.standing import Delivery, KnownAid
from spotlight_notify.model.words import Access, Cause, State
from spotlight_notify.operations.announce.digest_members import (
    Gathered,
    digest_with,
    gather,
    too_few,
    why_cancelled,
)
from spotlight_notify.operations.announce.orders import (
    Order,
    Place,
    Signature,
    When,
    moved,
    named,
    refuse_over,
    waits,
)
from spotlight_notify.ports.book import Book
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.ports.parts import Lint
from spotlight_notify.rules.approval import why_approval
from spotlight_notify.rules.planning import Writing, plan_delivery
from spotlight_notify.text.names import find_theme, theme_key, unique_names

RenderDigest = Callable[[Theme, Sequence[Aid], Campaign, Network], Post]
"""Write one post for several aids of a theme; Refused when it does not fit or lacks something."""


def announce_digests(
    theme: Theme,
    gathered: Sequence[Gathered],
    *,
    standing: Sequence[Delivery] = (),
    ledger: Ledger,
    render: RenderDigest,
    lint: Lint,
    when: When,
    by: Signature,
    now: datetime,
) -> tuple[Order, ...]:
    """Record a digest with its delivery for each place, in one transaction; move those that are ``standing``.

    What waits of its aids there is skipped, and what has no delivery there gets one that says where it went.
    Refused, and nothing recorded, when a post cannot be written or breaks a rule, an aid is on its way, or
    one that was standing has been cancelled or would be over by then.
    """
    plans = [plan_digest(theme, each, render, lint, when, now) for each in gathered]
    with ledger.recording(ON_DEMAND) as book:
        known: dict[tuple[int, ...], KnownAid] = {}
        orders = [_moved(book, each, when, by, ledger, now) for each in standing]
        for each, plan in zip(gathered, plans, strict=True):
            if each.ids not in known:
                aid = named(digest_aid(theme, each, plan.due_at), book)
                known[each.ids] = book.add(aid, baseline=False, now=now)
            orders.append(_planned(book, known[each.ids], each, plan, by, ledger, now))
        return tuple(orders)


def plan_digest(
    theme: Theme, gathered: Gathered, render: RenderDigest, lint: Lint, when: When, now: datetime
) -> Plan:
    """Plan a digest in one place; it is proposed when any of its aids would be asked about.

    Refused with one sentence when a person would have to mend it first.
    """
    campaign, channel = gathered.campaign, gathered.channel
    writing = digest_writing(theme, gathered, render, lint)
    aid = digest_aid(theme, gathered, when.due_at(campaign.name, now))
    plan = plan_delivery(aid, campaign, channel, writing, now, by_hand=True)
    if plan.cause is Cause.RULE:
        raise Refused(f"{channel.name}: {plan.reason}")
    asked = (why_approval(aid, plan.findings, campaign.approval) for aid in gathered.aids)
    if plan.state is State.PENDING and (why := next(filter(None, asked), None)):
        plan = replace(plan, state=State.PROPOSED, cause=Cause.APPROVAL, reason=f"awaits approval: {why}")
    return when.timed(plan, now)


def digest_aid(theme: Theme, gathered: Gathered, due_at: datetime) -> Aid:
    """Make the aid that stands for a digest, still without its number; it is no alias of what it leads to.

    It is over as soon as one of its aids is.
    """
    links = {aid.link for aid in gathered.aids}
    gated = any(aid.access is Access.SIGN_IN for aid in gathered.aids)
    name, *others = themes_told(theme.name, gathered)
    return Aid(
        source=ON_DEMAND,
        key=f"{DIGEST}:{theme.name}:{due_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}",
        title=f"{theme.name}: {len(gathered.aids)} digital aids",
        link=theme.link or (links.pop() if len(links) == 1 else None),
        summary=f"Aids {', '.join(map(str, gathered.ids))}",
        theme=name,
        other_themes=tuple(others),
        access=Access.SIGN_IN if gated else Access.PUBLIC,
        event_at=_earliest(each.aid.event_at for each in gathered.members),
        expires_at=_earliest(each.aid.expires_at for each in gathered.members),
    )


def themes_told(name: str, gathered: Gathered) -> tuple[str, ...]:
    """List the themes of all that a digest tells of: first its own, as its first aid spells it."""
    told = [theme for each in gathered.members for theme in each.aid.themes]
    return unique_names([theme_spelt(name, gathered), *told])


def theme_spelt(name: str, *gathered: Gathered) -> str:
    """Spell a theme as the first aid that has it does."""
    told = (theme for one in gathered for each in one.members for theme in each.aid.themes)
    return next((theme for theme in told if theme_key(theme) == theme_key(name)), name.strip())


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min(filter(None, moments), default=None)


def digest_writing(theme: Theme, gathered: Gathered, render: RenderDigest, lint: Lint) -> Writing:
    """Return what writes the digest and looks it through, in the shape of what does so for one aid."""
    return Writing(
        render=lambda aid, campaign, network: render(theme, gathered.aids, campaign, network), lint=lint
    )


def _moved(book: Book, seen: Delivery, when: When, by: Signature, ledger: Ledger, now: datetime) -> Order:
    """Move a digest that was found standing, if it still waits."""
    present = book.delivery_of(seen.aid_id, seen.campaign, seen.channel)
    assert present is not None, "no delivery is ever deleted"
    if present.state is State.CANCELLED:
        raise Refused(why_cancelled(present, ledger))
    if waits(present):
        refuse_over(ledger.aid(seen.aid_id).aid, when.due_at(seen.campaign, now), now)
        return moved(book, present, when, by, now)
    note = f"it is {present.state} already"
    return Order(campaign=present.campaign, channel=present.channel, delivery_id=present.id, note=note)


def _planned(
    book: Book,
    known: KnownAid,
    gathered: Gathered,
    plan: Plan,
    by: Signature,
    ledger: Ledger,
    now: datetime,
) -> Order:
    delivery_id = book.plan(known.id, plan, now)
    assert delivery_id is not None, "an aid that was made for these deliveries has no others"
    by.put(book, delivery_id, "ordered", now)
    book.absorb(gathered.ids, delivery_id, now)
    for aid_id in gathered.ids:
        _take_in(book, aid_id, plan, delivery_id, ledger, now)
    return Order(campaign=plan.campaign, channel=plan.channel, delivery_id=delivery_id, note=None)


def _take_in(book: Book, aid_id: int, digest: Plan, digest_id: int, ledger: Ledger, now: datetime) -> None:
    """Put on record that an aid is told of in a digest here, whether or not it had a delivery."""
    reason = f"it is part of a digest, delivery {digest_id}"
    part = Plan(
        campaign=digest.campaign,
        channel=digest.channel,
        state=State.SKIPPED,
        cause=Cause.DIGEST,
        due_at=now,
        post=None,
        reason=reason,
        digest_id=digest_id,
    )
    if book.plan(aid_id, part, now) is not None:
        return
    own = book.delivery_of(aid_id, digest.campaign, digest.channel)
    assert own is not None, "UNIQUE(campaign, channel, aid) has just refused a second one"
    was_told = own.cause is Cause.DIGEST and own.digest_id != digest_id
    if was_told and (other := digest_with(own, ledger)):
        raise Refused(f"aid {aid_id} has just become part of a digest, delivery {other.id}: order it again")
    if own.state is State.SKIPPED:
        part = replace(part, post=own.post, findings=own.findings, writers=own.writers)
        book.replan(own.id, part, now)
    else:
        raise Refused(f"aid {aid_id} is on its way to {digest.channel} just now: order the digest again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """A theme's digests, one for each place; ``too_few``: why there is none in others, if so."""

    theme: Theme
    gathered: tuple[Gathered, ...]
    too_few: str | None


def find_digests(
    name: str,
    places: Sequence[Place],
    when: When,
    *,
    ledger: Ledger,
    themes: Mapping[str, Theme],
    now: datetime,
) -> Digests:
    """Find the digests of a theme; Refused, naming what there is, when there is none anywhere."""
    gathered = gather(name, places, ledger, when, now)
    theme = theme_of(themes, name, gathered)
    ready, why = tuple(each for each in gathered if each.is_enough), too_few(theme.name, gathered)
    if not ready:
        raise Refused(str(why))
    return Digests(theme=theme, gathered=ready, too_few=why)


def theme_of(themes: Mapping[str, Theme], name: str, gathered: Sequence[Gathered]) -> Theme:
    """Return what the configuration says of a theme, else its name as its aids write it."""
    return find_theme(themes, name) or Theme(name=theme_spelt(name, *gathered))
