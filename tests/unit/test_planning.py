from datetime import timedelta
from typing import Any

import pytest

from builders import CAMPAIGN, NOW, PAGE, X, aid, plain_post
from spotlight_notify.errors import Refused
from spotlight_notify.model import Aid, Network, Post, State
from spotlight_notify.planning import LATEST_WAIT, plan_deliveries, plan_delivery


def test_one_plan_for_each_channel_of_each_listening_campaign() -> None:
    plans = list(plan_deliveries(aid(), [CAMPAIGN], plain_post, NOW))
    assert [(p.campaign, p.channel, p.state, p.due_at) for p in plans] == [
        ("spotlight", "valor-x", State.PENDING, NOW),
        ("spotlight", "valor-page", State.PENDING, NOW),
    ]
    assert all(p.post and "#SpotlightOnSafety" in p.post.text for p in plans)


def test_a_campaign_that_does_not_listen_gets_nothing() -> None:
    assert not list(plan_deliveries(aid(source="elsewhere"), [CAMPAIGN], plain_post, NOW))


def test_what_cannot_be_rendered_is_proposed_with_the_reason() -> None:
    def refuse(aid: Aid, hashtag: str, network: Network) -> Post:
        raise Refused("the title is too long")

    plan = plan_delivery(aid(), CAMPAIGN, X, refuse, NOW)
    assert (plan.state, plan.reason, plan.post) == (State.PROPOSED, "the title is too long", None)


@pytest.mark.parametrize("field", ["event_at", "expires_at"])
def test_what_is_over_is_skipped(field: str) -> None:
    dates: list[dict[str, Any]] = [{field: NOW}, {field: NOW + timedelta(seconds=1)}]
    over, ahead = (plan_delivery(aid(**date), CAMPAIGN, X, plain_post, NOW) for date in dates)
    assert over.state is State.SKIPPED
    assert over.reason is not None
    assert "2026-11-23 12:00 UTC" in over.reason
    assert ahead.state is State.PENDING


def test_a_date_ahead_is_waited_for() -> None:
    tomorrow = NOW + timedelta(days=1)
    plan = plan_delivery(aid(published_at=tomorrow), CAMPAIGN, PAGE, plain_post, NOW)
    assert (plan.state, plan.due_at) == (State.PENDING, tomorrow)


def test_a_date_far_ahead_is_asked_about() -> None:
    date = NOW + LATEST_WAIT + timedelta(minutes=1)
    plan = plan_delivery(aid(published_at=date), CAMPAIGN, PAGE, plain_post, NOW)
    assert plan.state is State.PROPOSED
    assert plan.post is not None
