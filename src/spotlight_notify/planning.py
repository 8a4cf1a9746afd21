"""Turn aids and campaigns into planned deliveries. Decides; records nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from spotlight_notify.errors import Refused
from spotlight_notify.model import Aid, Campaign, Channel, Finding, Level, Network, Plan, Post, State
from spotlight_notify.ports import Lint, Render

LATEST_WAIT = timedelta(days=366)
"""A publishing date further ahead than this is taken for a mistake, and a person is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Join what makes a post and what looks it through."""

    render: Render
    lint: Lint


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Hold a post and what was found in it; ``trouble`` says why a person must look at it, if one must.

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


def plan_deliveries(
    aid: Aid, campaigns: Iterable[Campaign], writing: Writing, now: datetime
) -> Iterator[Plan]:
    """Yield one plan for each campaign that listens to the aid's source, and each of its channels."""
    for campaign in campaigns:
        if aid.source in campaign.sources:
            for channel in campaign.channels:
                yield plan_delivery(aid, campaign, channel, writing, now)


def plan_delivery(aid: Aid, campaign: Campaign, channel: Channel, writing: Writing, now: datetime) -> Plan:
    """Plan one delivery: pending, skipped (over) or proposed (a person must look), with the reason.

    Errors and warnings found in the post go on record with it.
    """
    written = write(aid, campaign, channel.network, writing)
    state, due_at, reason = State.PENDING, now, None
    if over := why_over(aid, now):
        state, reason = State.SKIPPED, over
    elif written.trouble:
        state, reason = State.PROPOSED, written.trouble
    elif aid.published_at and aid.published_at > now:
        state, due_at, reason = _await_publication(aid.published_at, now)
    return Plan(
        campaign=campaign.name,
        channel=channel.name,
        state=state,
        due_at=due_at,
        post=written.post,
        reason=reason,
        findings=tuple(each for each in written.findings if each.level is not Level.HINT),
    )


def why_over(aid: Aid, now: datetime) -> str | None:
    """Say why an aid is not announced any more: its event has begun, or it has expired; None if it is."""
    if aid.event_at and aid.event_at <= now:
        return f"its event began at {aid.event_at:%Y-%m-%d %H:%M} UTC"
    if aid.expires_at and aid.expires_at <= now:
        return f"it expired at {aid.expires_at:%Y-%m-%d %H:%M} UTC"
    return None


def _await_publication(published_at: datetime, now: datetime) -> tuple[State, datetime, str]:
    date = f"{published_at:%Y-%m-%d %H:%M} UTC"
    if published_at - now > LATEST_WAIT:
        return State.PROPOSED, now, f"its date, {date}, lies more than a year ahead: is that right?"
    return State.PENDING, published_at, f"waits for its own date, {date}"
