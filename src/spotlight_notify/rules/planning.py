"""Turn aids and campaigns into planned deliveries. Decides; records nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from spotlight_notify.model.aids import Aid
from spotlight_notify.model.campaigns import Campaign, Channel, Plan
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import CUT_AWAY, Finding, Post
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, Level, State
from spotlight_notify.ports.parts import Lint, Render
from spotlight_notify.rules.approval import why_approval
from spotlight_notify.rules.selection import why_left_out
from spotlight_notify.text.said_times import embargo_end
from spotlight_notify.text.times import utc_minute
from spotlight_notify.text.titles import is_cancelled_title

LATEST_WAIT = timedelta(days=366)
"""A publishing date further ahead than this is taken for a mistake, and a person is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Join what makes a post and what looks it through; ``zone``: of times that words name without one."""

    render: Render
    lint: Lint
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A post and what was found in it; ``trouble`` says why a person must look at it, if one must.

    ``post`` is None only when it could not be rendered; ``findings`` holds hints too.
    """

    post: Post | None
    findings: tuple[Finding, ...] = ()
    trouble: str | None = None


def write(aid: Aid, campaign: Campaign, network: Network, writing: Writing) -> Written:
    """Write an aid's post for a network and look it through."""
    try:
        post = writing.render(aid, campaign, network)
    except Refused as refusal:
        return Written(post=None, trouble=str(refusal))
    findings = writing.lint(aid, post, campaign, network)
    errors = [f"{each.message} ({each.rule})" for each in findings if each.level is Level.ERROR]
    return Written(post=post, findings=findings, trouble="; ".join(errors) or None)


def present_plan(one: Delivery) -> Plan:
    """Plan a delivery as it stands, to change what is to change."""
    return Plan(
        campaign=one.campaign,
        channel=one.channel,
        state=one.state,
        due_at=one.due_at,
        post=one.post,
        reason=one.reason,
        findings=one.findings,
        cause=one.cause,
        any_hour=one.any_hour,
    )


def plan_deliveries(
    aid: Aid, campaigns: Iterable[Campaign], writing: Writing, now: datetime, *, by_hand: bool = False
) -> Iterator[Plan]:
    """Yield one plan for each campaign that listens to the aid's source, and each of its channels.

    What source or campaign leave out is skipped, ``by_hand`` too: that says nothing of this very aid.
    """
    for campaign in campaigns:
        if aid.source in campaign.sources:
            left_out = why_left_out(aid, campaign)
            for channel in campaign.channels:
                plan = plan_delivery(aid, campaign, channel, writing, now, by_hand=by_hand)
                yield leave_out(plan, left_out) if left_out else plan


def leave_out(plan: Plan, why: str) -> Plan:
    """Skip what is not wanted, with the reason."""
    return replace(plan, state=State.SKIPPED, cause=Cause.FILTERED, reason=why)


def plan_delivery(
    aid: Aid, campaign: Campaign, channel: Channel, writing: Writing, now: datetime, *, by_hand: bool = False
) -> Plan:
    """Plan one delivery: pending, skipped (over, too old) or proposed (a person must look), with the reason.

    Errors and warnings found in the post go on record with it. An aid that a person orders (``by_hand``) is
    never too old, nor called off.
    """
    written = write(aid, campaign, channel.network, writing)
    state, cause, reason = _stopped(aid, campaign, written, now, by_hand=by_hand)
    due_at = now
    if aid.published_at and now < aid.published_at <= now + LATEST_WAIT:
        due_at = aid.published_at
        reason = reason or why_waits(due_at)
    embargo = embargo_end(f"{aid.title}\n{aid.summary}", writing.zone, aid.published_at or now)
    if embargo and due_at < embargo <= now + LATEST_WAIT:
        due_at = embargo
        reason = f"{reason or 'its words name an embargo'}; it goes at {utc_minute(embargo)} at the earliest"
    return Plan(
        campaign=campaign.name,
        channel=channel.name,
        state=state,
        due_at=due_at,
        post=written.post,
        reason=reason,
        findings=tuple(filter(is_on_record, written.findings)),
        cause=cause,
    )


def is_on_record(finding: Finding) -> bool:
    """Return whether a finding is kept with its delivery: of hints only what was cut away."""
    return finding.level is not Level.HINT or finding.rule == CUT_AWAY


def _stopped(
    aid: Aid, campaign: Campaign, written: Written, now: datetime, *, by_hand: bool
) -> tuple[State, Cause | None, str | None]:
    """Return the state of a delivery with its cause and reason, the gravest; pending if there is none."""
    if over := why_over(aid, now):
        return State.SKIPPED, Cause.OVER, over
    if not by_hand and (old := why_too_old(aid, campaign, now)):
        return State.SKIPPED, Cause.TOO_OLD, old
    if written.trouble:
        return State.PROPOSED, Cause.RULE, written.trouble
    if not by_hand and (called_off := why_called_off(aid)):
        return State.PROPOSED, Cause.CALLED_OFF, called_off
    if aid.published_at and aid.published_at - now > LATEST_WAIT:
        date = utc_minute(aid.published_at)
        return State.PROPOSED, Cause.DATE, f"its date, {date}, lies more than a year ahead: is that right?"
    if wanted := why_approval(aid, written.findings, campaign.approval):
        return State.PROPOSED, Cause.APPROVAL, f"awaits approval: {wanted}"
    return State.PENDING, None, None


def why_waits(date: datetime) -> str:
    """Return the reason of an aid that waits for its own date."""
    return f"waits for its own date, {utc_minute(date)}"


def why_too_old(aid: Aid, campaign: Campaign, now: datetime) -> str | None:
    """Return why an aid is too old for a campaign; None if it is not, or nobody knows how old it is."""
    if campaign.oldest is None or aid.published_at is None or now - aid.published_at <= campaign.oldest:
        return None
    return f"it was published on {aid.published_at:%Y-%m-%d}, over {campaign.oldest.days} days ago"


def why_called_off(aid: Aid) -> str | None:
    """Return why a person should be asked about an aid that, by its title, does not take place; else None."""
    if not is_cancelled_title(aid.title):
        return None
    return f"“{aid.title}” says that it is cancelled or postponed: is it to be announced?"


class Ending(Protocol):
    """What is over at some time: an aid, or a delivery of it."""

    @property
    def event_at(self) -> datetime | None: ...

    @property
    def expires_at(self) -> datetime | None: ...


def why_over(one: Ending, now: datetime) -> str | None:
    """Return why an aid is not announced any more: its event has begun, or it has expired; else None."""
    if one.event_at and one.event_at <= now:
        return f"its event began at {utc_minute(one.event_at)}"
    if one.expires_at and one.expires_at <= now:
        return f"it expired at {utc_minute(one.expires_at)}"
    return None
