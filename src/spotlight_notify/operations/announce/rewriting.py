"""Rewrite what waits and does not pass under the present configuration, or ask a person about it.

And digests of which an aid was changed, which only its source's poll could tell.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from spotlight_notify.model.advice import Advice, Deed, advise, do, joined
from spotlight_notify.model.aids import Aid, Theme
from spotlight_notify.model.campaigns import Campaign, Plan
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Post
from spotlight_notify.model.records.standing import Delivery, KnownAid
from spotlight_notify.model.states import WAITING
from spotlight_notify.model.words import Cause, Level, State
from spotlight_notify.operations.announce.digest_members import Gathered, age
from spotlight_notify.operations.announce.digests import RenderDigest, digest_writing
from spotlight_notify.operations.announce.orders import Place, is_made
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.rules.approval import is_a_persons
from spotlight_notify.rules.planning import Writing, plan_delivery, present_plan, why_called_off, why_over
from spotlight_notify.rules.selection import why_left_out
from spotlight_notify.text.names import find_theme

Gate = Callable[[Post, str, Network], None]
"""Look at a post before it leaves (post, hashtag, network); Refused when it must not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewriting:
    """What rewrites posts under the present configuration. ``themes`` are by name."""

    ledger: Ledger
    campaigns: Sequence[Campaign]
    writing: Writing
    render_digest: RenderDigest
    themes: Mapping[str, Theme]
    gate: Gate


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """Which deliveries were rewritten, about which a person is asked, and why: each reason once."""

    rewritten: tuple[int, ...] = ()
    asked: tuple[int, ...] = ()
    reasons: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything was done."""
        return bool(self.rewritten or self.asked)

    @property
    def said(self) -> Advice:
        """What a person is told of it."""
        again = f"{_posts(self.rewritten)} written anew" if self.rewritten else ""
        asked = (
            advise(f"{_posts(self.asked)} asked about (", do(Deed.SEE_PROPOSED), ")") if self.asked else ""
        )
        more = f" (first of {len(self.reasons)} reasons)" if len(self.reasons) > 1 else ""
        done = joined(", ", filter(None, (again, asked)))
        return advise(
            "what waits did not pass under this configuration: ", done, f": {self.reasons[0]}{more}"
        )


def rewrite_unfit(parts: Rewriting, now: datetime, ids: Collection[int] | None = None) -> Rewritten:
    """Rewrite what waits and would be refused as it leaves, or tells of what changed; of these or all.

    A post that a person wrote or approved is never changed: that person, or another, is asked about it. Each
    delivery is a transaction of its own; what somebody moves meanwhile stays as they left it.
    """
    places = {(c.name, channel.name): (c, channel) for c in parts.campaigns for channel in c.channels}
    rewritten: list[int] = []
    asked: list[int] = []
    reasons: list[str] = []
    for one in parts.ledger.deliveries(states=WAITING):
        place = places.get((one.campaign, one.channel))
        why = _why_rewrite(one, place, parts.gate) if place and (ids is None or one.id in ids) else None
        plan = _mended(one, place, why, parts, now) if place and why else None
        if plan and why and parts.ledger.rewrite(one, plan, reason=why, now=now):
            (asked if plan.cause is Cause.RULE else rewritten).append(one.id)
            reasons.append(why)
    return Rewritten(
        rewritten=tuple(reversed(rewritten)),
        asked=tuple(reversed(asked)),
        reasons=tuple(dict.fromkeys(reasons)),
    )


def _why_rewrite(one: Delivery, place: Place, gate: Gate) -> str | None:
    if one.is_digest and one.cause is Cause.CHANGED and not is_a_persons(one):
        return one.reason
    return _why_unfit(one, place, gate)


def _why_unfit(one: Delivery, place: Place, gate: Gate) -> str | None:
    campaign, channel = place
    try:
        if one.post is not None:
            gate(one.post, campaign.hashtag, channel.network)
    except Refused as refusal:
        return str(refusal)
    return None


def _mended(one: Delivery, place: Place, why: str, parts: Rewriting, now: datetime) -> Plan | None:
    """Plan what becomes of a delivery; None where it stays as it is: over, or asked about already."""
    known = parts.ledger.aid(one.aid_id)
    writing = None if is_a_persons(one) else _writing(one, place, known, parts)
    if writing is None:
        return _asked(one, why) if one.state is State.PENDING else None
    if one.cause is Cause.CHANGED and any(
        _why_not(each.aid, place[0], now) for each in _members(one, parts.ledger)
    ):
        return None
    plan = plan_delivery(known.aid, *place, writing, now, by_hand=True)
    return None if plan.state is State.SKIPPED else _kept(one, plan, now)


def _why_not(aid: Aid, campaign: Campaign, now: datetime) -> str | None:
    """Return why an aid should not stand in a post that is written now; None if it may."""
    return why_over(aid, now) or why_called_off(aid) or why_left_out(aid, campaign)


def _members(digest: Delivery, ledger: Ledger) -> tuple[KnownAid, ...]:
    """List the aids that a digest tells of, the oldest first."""
    members = ledger.deliveries(digest_id=digest.id)
    return tuple(sorted((ledger.aid(each.aid_id) for each in members), key=age))


def _writing(one: Delivery, place: Place, known: KnownAid, parts: Rewriting) -> Writing | None:
    """Return what writes its post; None for one that only a person can write."""
    if not is_made(known.aid):
        return parts.writing
    if not one.is_digest:
        return None
    campaign, channel = place
    gathered = Gathered(campaign=campaign, channel=channel, members=_members(one, parts.ledger))
    name = one.theme or ""
    theme = find_theme(parts.themes, name) or Theme(name=name, link=known.aid.link)
    return digest_writing(theme, gathered, parts.render_digest, parts.writing.lint)


def _asked(one: Delivery, why: str) -> Plan:
    return replace(present_plan(one), state=State.PROPOSED, cause=Cause.RULE, reason=why)


def _kept(one: Delivery, plan: Plan, now: datetime) -> Plan | None:
    """Give a delivery its new post and keep the rest; who was refused as it left has leave to go again."""
    if plan.cause is Cause.RULE:
        if (one.cause, one.reason) == (plan.cause, plan.reason):
            return None
        asked = _asked(one, plan.reason or "")
        return replace(asked, post=plan.post or one.post, findings=plan.findings)
    kept = replace(present_plan(one), post=plan.post, findings=plan.findings)
    if one.state is State.PROPOSED and (_was_refused(one) or one.cause is Cause.CHANGED):
        return replace(kept, state=State.PENDING, cause=None, reason=None, due_at=max(one.due_at, now))
    return kept


def _was_refused(one: Delivery) -> bool:
    """Return whether it is asked about for the gate alone, and not for what the lint found in it."""
    return one.cause is Cause.RULE and not any(each.level is Level.ERROR for each in one.findings)


def _posts(ids: Collection[int]) -> str:
    return f"{len(ids)} {'post' if len(ids) == 1 else 'posts'}"
