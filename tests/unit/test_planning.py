from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from builders import CAMPAIGN, NOW, PAGE, PLAIN, X, aid
from spotlight_notify.model.aids import Aid
from spotlight_notify.model.campaigns import ApprovalPolicy, Campaign
from spotlight_notify.model.errors import Refused
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Finding, Post
from spotlight_notify.model.words import Cause, Level, State
from spotlight_notify.rules.planning import LATEST_WAIT, Writing, plan_deliveries, plan_delivery


def test_one_plan_for_each_channel_of_each_listening_campaign() -> None:
    plans = list(plan_deliveries(aid(), [CAMPAIGN], PLAIN, NOW))
    assert [(p.campaign, p.channel, p.state, p.due_at) for p in plans] == [
        ("spotlight", "valor-x", State.PENDING, NOW),
        ("spotlight", "valor-page", State.PENDING, NOW),
    ]
    assert all(p.post and "#SpotlightOnSafety" in p.post.text for p in plans)


def test_a_campaign_that_does_not_listen_gets_nothing() -> None:
    assert not list(plan_deliveries(aid(source="elsewhere"), [CAMPAIGN], PLAIN, NOW))


def test_what_cannot_be_rendered_is_proposed_with_the_reason() -> None:
    def refuse(aid: Aid, campaign: Campaign, network: Network) -> Post:
        raise Refused("the title is too long")

    plan = plan_delivery(aid(), CAMPAIGN, X, replace(PLAIN, render=refuse), NOW)
    assert (plan.state, plan.reason, plan.post) == (State.PROPOSED, "the title is too long", None)


def finding(level: Level) -> Finding:
    return Finding(rule=f"a-{level}", level=level, message=f"this is {level}", source="a book")


def writing_that_finds(*levels: Level) -> Writing:
    return replace(PLAIN, lint=lambda *words: tuple(map(finding, levels)))


def test_an_error_in_a_post_is_asked_about_with_the_post() -> None:
    plan = plan_delivery(aid(), CAMPAIGN, X, writing_that_finds(Level.ERROR, Level.HINT), NOW)
    assert (plan.state, plan.reason) == (State.PROPOSED, "this is error (a-error)")
    assert plan.post is not None
    assert plan.findings == (finding(Level.ERROR),)


def test_a_warning_is_recorded_and_the_post_goes_out() -> None:
    plan = plan_delivery(aid(), CAMPAIGN, X, writing_that_finds(Level.WARNING, Level.HINT), NOW)
    assert (plan.state, plan.reason) == (State.PENDING, None)
    assert plan.findings == (finding(Level.WARNING),)


def test_what_is_over_is_skipped_whatever_is_found_in_it() -> None:
    over = aid(event_at=NOW - timedelta(hours=1))
    plan = plan_delivery(over, CAMPAIGN, X, writing_that_finds(Level.ERROR), NOW)
    assert plan.state is State.SKIPPED


@pytest.mark.parametrize("field", ["event_at", "expires_at"])
def test_what_is_over_is_skipped(field: str) -> None:
    dates: list[dict[str, Any]] = [{field: NOW}, {field: NOW + timedelta(seconds=1)}]
    over, ahead = (plan_delivery(aid(**date), CAMPAIGN, X, PLAIN, NOW) for date in dates)
    assert over.state is State.SKIPPED
    assert over.reason is not None
    assert "2026-11-23 12:00 UTC" in over.reason
    assert ahead.state is State.PENDING


def test_a_date_ahead_is_waited_for() -> None:
    tomorrow = NOW + timedelta(days=1)
    plan = plan_delivery(aid(published_at=tomorrow), CAMPAIGN, PAGE, PLAIN, NOW)
    assert (plan.state, plan.due_at) == (State.PENDING, tomorrow)


def test_a_date_far_ahead_is_asked_about() -> None:
    date = NOW + LATEST_WAIT + timedelta(minutes=1)
    plan = plan_delivery(aid(published_at=date), CAMPAIGN, PAGE, PLAIN, NOW)
    assert plan.state is State.PROPOSED
    assert plan.post is not None


def test_what_is_too_old_is_recorded_and_not_announced() -> None:
    campaign = replace(CAMPAIGN, oldest=timedelta(days=30))
    dates = (NOW - timedelta(days=30), NOW - timedelta(days=30, seconds=1), None)
    plans = [plan_delivery(aid(published_at=date), campaign, X, PLAIN, NOW) for date in dates]
    assert [(p.state, p.cause) for p in plans] == [
        (State.PENDING, None),
        (State.SKIPPED, Cause.TOO_OLD),
        (State.PENDING, None),
    ]
    by_hand = plan_delivery(aid(published_at=dates[1]), campaign, X, PLAIN, NOW, by_hand=True)
    assert by_hand.state is State.PENDING


def test_what_a_person_approves_first_is_proposed_and_keeps_its_date() -> None:
    campaign = replace(CAMPAIGN, approval=ApprovalPolicy(everything=True))
    tomorrow = NOW + timedelta(days=1)
    plan = plan_delivery(aid(published_at=tomorrow), campaign, X, PLAIN, NOW)
    assert (plan.state, plan.cause, plan.post is not None) == (State.PROPOSED, Cause.APPROVAL, True)
    assert (plan.due_at, (plan.reason or "")[:15]) == (tomorrow, "awaits approval")


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"event_at": NOW}, Cause.OVER),
        ({"published_at": NOW + LATEST_WAIT + timedelta(days=1)}, Cause.DATE),
    ],
)
def test_every_stop_names_its_cause(changes: dict[str, Any], cause: Cause) -> None:
    assert plan_delivery(aid(**changes), CAMPAIGN, X, PLAIN, NOW).cause is cause
