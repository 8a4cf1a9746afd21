"""Turn aids and campaigns into planned deliveries. Decides; records nothing."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from spotlight_notify.errors import Refused
from spotlight_notify.model import Aid, Campaign, Channel, Plan, Post, State
from spotlight_notify.ports import Render

LATEST_WAIT = timedelta(days=366)
"""A publishing date further ahead than this is taken for a mistake, and a person is asked."""


def plan_deliveries(aid: Aid, campaigns: Iterable[Campaign], render: Render, now: datetime) -> Iterator[Plan]:
    """Yield one plan for each campaign that listens to the aid's source, and each of its channels."""
    for campaign in campaigns:
        if aid.source in campaign.sources:
            for channel in campaign.channels:
                yield plan_delivery(aid, campaign, channel, render, now)


def plan_delivery(aid: Aid, campaign: Campaign, channel: Channel, render: Render, now: datetime) -> Plan:
    """Plan one delivery: pending, skipped (over) or proposed (a person must look), with the reason."""
    post, trouble = _render(aid, campaign, channel, render)
    state, due_at, reason = State.PENDING, now, None
    if over := why_over(aid, now):
        state, reason = State.SKIPPED, over
    elif trouble:
        state, reason = State.PROPOSED, trouble
    elif aid.published_at and aid.published_at > now:
        state, due_at, reason = _await_publication(aid.published_at, now)
    return Plan(
        campaign=campaign.name, channel=channel.name, state=state, due_at=due_at, post=post, reason=reason
    )


def why_over(aid: Aid, now: datetime) -> str | None:
    """Say why an aid is not announced any more: its event has begun, or it has expired; None if it is."""
    if aid.event_at and aid.event_at <= now:
        return f"its event began at {aid.event_at:%Y-%m-%d %H:%M} UTC"
    if aid.expires_at and aid.expires_at <= now:
        return f"it expired at {aid.expires_at:%Y-%m-%d %H:%M} UTC"
    return None


def _render(aid: Aid, campaign: Campaign, channel: Channel, render: Render) -> tuple[Post | None, str | None]:
    try:
        return render(aid, campaign.hashtag, channel.network), None
    except Refused as refusal:
        return None, str(refusal)


def _await_publication(published_at: datetime, now: datetime) -> tuple[State, datetime, str]:
    date = f"{published_at:%Y-%m-%d %H:%M} UTC"
    if published_at - now > LATEST_WAIT:
        return State.PROPOSED, now, f"its date, {date}, lies more than a year ahead: is that right?"
    return State.PENDING, published_at, f"waits for its own date, {date}"
