"""What a claim settles on its way, whether it comes about or not: what is over, late, or unapproved."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgers import (
    MINUTE,
    NOW,
    PAGE,
    RECEIPT,
    SENT,
    TEMPO,
    X,
    claim,
    make_aid,
    make_approval,
    put,
    put_approved,
    run_sql,
    snapshot,
    tempo,
)
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Image
from spotlight_notify.model.campaigns import Channel
from spotlight_notify.model.posts import Post, Receipt
from spotlight_notify.model.records.attempts import Verdict
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.schedule import Late, LatePolicy, Tempo
from spotlight_notify.model.words import Cause, Outcome, State
from spotlight_notify.networks.x.traits import X as X_NETWORK
from spotlight_notify.rules.planning import why_over

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG_AGO = NOW - 3 * DAY
SKIP, ASK = (Late(policy=policy, after=DAY) for policy in (LatePolicy.SKIP, LatePolicy.ASK))
UNREACHABLE = Verdict(state=State.PENDING, outcome=Outcome.UNREACHABLE)


def nothing_to_claim(ledger: SqlLedger, at: Tempo = TEMPO) -> bool:
    return ledger.claim_due(X, NOW, MINUTE, "tester", at) is None


def epochs(ledger: SqlLedger) -> set[int]:
    return {channel.epoch for channel in ledger.channels()}


def told(delivery: Delivery) -> tuple[State, Cause | None, str | None]:
    return delivery.state, delivery.cause, delivery.reason


# --- over


@pytest.mark.parametrize("name", ["event_at", "expires_at"])
def test_what_is_over_is_skipped_as_planning_words_it(ledger: SqlLedger, name: str) -> None:
    over, soon = put(ledger, 1, aid={name: NOW}), put(ledger, 2, aid={name: NOW + MINUTE})
    assert claim(ledger).delivery_id == soon
    date: dict[str, Any] = {name: NOW}
    words = why_over(make_aid(1, **date), NOW)
    assert told(ledger.delivery(over)) == (State.SKIPPED, Cause.OVER, words)
    assert ledger.delivery(over).changed_at == NOW


def test_what_is_over_is_skipped_though_nothing_can_be_claimed(ledger: SqlLedger) -> None:
    over = put(ledger, 1, aid={"event_at": NOW - DAY})
    assert nothing_to_claim(ledger)
    assert ledger.delivery(over).state is State.SKIPPED
    assert epochs(ledger) == {0}
    assert ledger.attempts(over) == ()


def test_what_is_over_elsewhere_or_not_due_or_of_another_campaign_stays(ledger: SqlLedger, url: str) -> None:
    gone = {"expires_at": NOW - DAY}
    put(ledger, 1, aid=gone, channel=PAGE)
    put(ledger, 2, aid=gone, due_at=NOW + MINUTE)
    put(ledger, 3, aid=gone, campaign="other")
    put(ledger, 4, aid=gone, state=State.PROPOSED)
    before = snapshot(url)
    assert nothing_to_claim(ledger)
    assert snapshot(url) == before


def test_a_channel_that_is_paused_or_busy_settles_nothing(ledger: SqlLedger, url: str) -> None:
    put(ledger, 1)
    claim(ledger)
    put(ledger, 2, aid={"event_at": NOW - DAY})
    before = snapshot(url)
    assert nothing_to_claim(ledger)
    ledger.strand(NOW + MINUTE)
    assert ledger.pause_channel(X, "so", NOW, "ada")
    assert nothing_to_claim(ledger)
    assert ledger.delivery(2).state is State.PENDING
    assert len(snapshot(url)) == len(before)


# --- late


@pytest.mark.parametrize(
    ("late", "state"), [(SKIP, State.SKIPPED), (ASK, State.PROPOSED)], ids=["skip", "ask"]
)
def test_what_is_late_is_skipped_or_asked_about_and_says_when_it_could_have_gone(
    ledger: SqlLedger, late: Late, state: State
) -> None:
    old, new = put(ledger, 1, due_at=LONG_AGO), put(ledger, 2)
    assert claim(ledger, at=tempo(late=late)).delivery_id == new
    words = "it is late: it could have gone at 2026-11-20 12:00 UTC, and did not"
    assert told(ledger.delivery(old)) == (state, Cause.LATE, words)
    assert ledger.delivery(old).due_at == LONG_AGO


def test_what_is_late_goes_all_the_same_if_its_campaign_says_so(ledger: SqlLedger) -> None:
    old = put(ledger, 1, due_at=LONG_AGO)
    assert claim(ledger).delivery_id == old


@pytest.mark.parametrize("late", [SKIP, ASK], ids=["skip", "ask"])
def test_late_ones_make_nothing_else_late_and_are_no_posts(ledger: SqlLedger, late: Late) -> None:
    for number in range(3):
        put(ledger, number, due_at=NOW - 3 * HOUR)
    at = tempo(late=replace(late, after=2 * HOUR), gap=2 * HOUR)
    state = State.SKIPPED if late is SKIP else State.PROPOSED
    for minutes in (0, 1):
        claimed = ledger.claim_due(X, NOW + minutes * MINUTE, MINUTE, "tester", at)
        assert (claimed is None) == (minutes == 1)
        assert ledger.delivery(1).state is state
        if claimed:
            ledger.settle(claimed, SENT, RECEIPT, NOW)
    assert ledger.counts() == {state: 1, State.SENT: 1, State.PENDING: 1}
    assert [post.at for post in ledger.queue(X, NOW).posts] == [NOW]


@pytest.mark.parametrize("late", [SKIP, ASK], ids=["skip", "ask"])
def test_after_three_days_down_thirty_of_fifty_are_late_and_twenty_go_on(
    ledger: SqlLedger, late: Late
) -> None:
    """Ten a day, due at the first instant of a local day; the daemon is back at the first of the fifth."""
    midnight = NOW.replace(hour=5) - 4 * DAY  # 00:00 in New York
    back = midnight + 4 * DAY
    for number in range(50):
        put(ledger, number, due_at=midnight, now=midnight)
    at = tempo(late=late, per_day=10)
    state = State.SKIPPED if late is SKIP else State.PROPOSED
    assert send_all(ledger, back, at) == 10
    assert ledger.counts() == {state: 30, State.SENT: 10, State.PENDING: 10}
    assert send_all(ledger, back + HOUR, at) == 0
    assert send_all(ledger, back + DAY, at) == 10
    assert ledger.counts() == {state: 30, State.SENT: 20}


def send_all(ledger: SqlLedger, now: datetime, at: Tempo, channel: str = X) -> int:
    """Send what may go now; returns how many went."""
    sent = 0
    while claimed := ledger.claim_due(channel, now, MINUTE, "tester", at):
        ledger.settle(claimed, SENT, Receipt(post_id=f"{claimed.attempt_id}", url=None), now)
        sent += 1
    return sent


def test_a_downtime_shorter_than_what_is_late_makes_nothing_late(ledger: SqlLedger) -> None:
    for number in range(30):
        put(ledger, number, due_at=NOW)
    at = tempo(late=ASK, gap=HOUR)
    sent = sum(send_all(ledger, NOW + 20 * HOUR + number * HOUR, at) for number in range(30))
    assert (sent, ledger.counts()) == (30, {State.SENT: 30})


def test_what_is_let_go_after_it_was_late_makes_nothing_else_late(ledger: SqlLedger) -> None:
    at = tempo(late=ASK, gap=12 * HOUR)
    for number in range(4):
        put(ledger, number, due_at=NOW - 30 * HOUR)
    assert send_all(ledger, NOW, at) == 1
    assert ledger.counts() == {State.PROPOSED: 1, State.SENT: 1, State.PENDING: 2}
    assert ledger.delivery(1).cause is Cause.LATE
    assert ledger.change_delivery(
        1, [State.PROPOSED], State.PENDING, who="ada", reason="send it", now=NOW + MINUTE
    )
    for number in range(1, 4):
        assert send_all(ledger, NOW + number * 12 * HOUR, at) == 1
    assert ledger.counts() == {State.SENT: 4}


def test_a_burst_that_goes_out_at_its_pace_is_never_late_however_long_it_takes(ledger: SqlLedger) -> None:
    for number in range(12):
        put(ledger, number, due_at=NOW)
    at = tempo(late=replace(ASK, after=HOUR), gap=12 * HOUR)
    for number in range(12):
        moment = NOW + number * (12 * HOUR + MINUTE)
        assert send_all(ledger, moment, at) == 1
        assert send_all(ledger, moment + 11 * HOUR, at) == 0
    assert ledger.counts() == {State.SENT: 12}


def test_a_gap_of_weeks_makes_nothing_late(ledger: SqlLedger) -> None:
    at = tempo(late=ASK, gap=14 * DAY)
    for number in range(2):
        put(ledger, number, due_at=NOW + number * 5 * DAY)
    ledger.settle(claim(ledger, at=at), SENT, RECEIPT, NOW)
    assert ledger.claim_due(X, NOW + 13 * DAY, MINUTE, "tester", at) is None
    assert claim(ledger, NOW + 14 * DAY, at=at).delivery_id == 2


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    bursts=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 8)), min_size=1, max_size=4),
    gap=st.sampled_from([0, 50, 150]),
    per_day=st.sampled_from([None, 5]),
    down=st.tuples(st.integers(0, 40), st.integers(0, 11)),
)
def test_nothing_is_late_while_no_downtime_is_as_long_as_that_and_hours_never_close(
    ledger: SqlLedger,
    bursts: list[tuple[int, int]],
    gap: int,
    per_day: int | None,
    down: tuple[int, int],
) -> None:
    """One tick an hour for three days; ``bursts`` and ``down`` begin so many hours after the first."""
    channel = f"channel {len(ledger.channels())}"
    ledger.register({}, [Channel(name=channel, network=X_NETWORK)], NOW)
    at = tempo(late=replace(ASK, after=14 * HOUR), gap=gap * MINUTE, per_day=per_day)
    for hour in range(72):
        now = NOW + hour * HOUR
        for began, size in bursts:
            if began == hour:
                for _ in range(size):
                    put(ledger, len(ledger.aids()), now=now, due_at=now, channel=channel)
        if not 0 <= hour - down[0] < down[1]:
            send_all(ledger, now, at, channel)
    assert ledger.deliveries(channel=channel, states=[State.PROPOSED]) == ()


# --- approvals


def test_what_is_approved_as_it_is_goes(ledger: SqlLedger) -> None:
    approved = put_approved(ledger, until_at=NOW + MINUTE)
    assert claim(ledger).delivery_id == approved


def test_an_approval_that_ended_is_asked_for_again_and_the_next_goes(ledger: SqlLedger) -> None:
    first, second = put_approved(ledger, 1, until_at=NOW), put(ledger, 2)
    assert claim(ledger).delivery_id == second
    words = "the approval by ada ended at 2026-11-23 12:00 UTC"
    assert told(ledger.delivery(first)) == (State.PROPOSED, Cause.APPROVAL, words)


def test_an_approval_that_ended_is_asked_for_before_its_turn_comes(ledger: SqlLedger) -> None:
    put(ledger, 1, due_at=NOW - MINUTE)
    lapsed = put_approved(ledger, 2, until_at=NOW)
    claim(ledger)
    assert ledger.delivery(lapsed).cause is Cause.APPROVAL


def test_a_post_that_is_not_the_one_approved_is_asked_about_and_the_next_goes(
    ledger: SqlLedger, url: str
) -> None:
    first, second = put_approved(ledger, 1), put(ledger, 2)
    run_sql(
        url,
        f"""UPDATE delivery SET post = '{{"text": "Other", "link": "l", "images": []}}' WHERE id = {first}""",
    )
    assert claim(ledger).delivery_id == second
    words = "the post is not the one that ada approved"
    assert told(ledger.delivery(first)) == (State.PROPOSED, Cause.APPROVAL, words)
    assert ledger.attempts(first) == ()


def test_a_lost_approval_is_asked_for_though_nothing_can_be_claimed(ledger: SqlLedger) -> None:
    delivery_id = put_approved(ledger, until_at=NOW)
    assert nothing_to_claim(ledger)
    assert ledger.delivery(delivery_id).state is State.PROPOSED
    assert epochs(ledger) == {0}


def test_a_picture_learned_after_the_approval_is_asked_about(ledger: SqlLedger) -> None:
    image = Image(url="https://site.example/a.png", alt="A poster")
    post = Post(text="Words https://site.example/1", link="https://site.example/1", images=(image,))
    delivery_id = put(ledger, state=State.PROPOSED, cause=Cause.APPROVAL, post=post)
    assert ledger.approve(delivery_id, make_approval(ledger, delivery_id))
    learned = replace(post, images=(replace(image, digest="ab" * 32),))
    ledger.settle(claim(ledger), replace(UNREACHABLE, post=learned), None, NOW)
    assert nothing_to_claim(ledger)
    assert ledger.delivery(delivery_id).cause is Cause.APPROVAL
    assert ledger.approve(delivery_id, make_approval(ledger, delivery_id))
    assert claim(ledger).post == learned


# --- causes


@pytest.mark.parametrize("state", [State.PROPOSED, State.FAILED, State.SKIPPED])
def test_a_settlement_may_say_the_cause(ledger: SqlLedger, state: State) -> None:
    delivery_id = put(ledger)
    verdict = Verdict(state=state, outcome=Outcome.REJECTED, reason="dead", cause=Cause.LINK)
    ledger.settle(claim(ledger), verdict, None, NOW)
    assert told(ledger.delivery(delivery_id)) == (state, Cause.LINK, "dead")


@pytest.mark.parametrize("state", [State.PENDING, State.SENT, State.UNSURE])
def test_what_is_under_way_has_no_cause(ledger: SqlLedger, state: State) -> None:
    delivery_id = put(ledger, state=State.PROPOSED, cause=Cause.RULE, reason="no tag")
    assert ledger.delivery(delivery_id).cause is Cause.RULE
    assert ledger.change_delivery(
        delivery_id, [State.PROPOSED], State.PENDING, who="ada", reason="so", now=NOW
    )
    assert ledger.delivery(delivery_id).cause is None
    claimed = claim(ledger)
    assert ledger.delivery(delivery_id).cause is None
    outcome = {State.SENT: Outcome.SENT, State.UNSURE: Outcome.UNKNOWN}.get(state, Outcome.UNREACHABLE)
    ledger.settle(claimed, Verdict(state=state, outcome=outcome, cause=Cause.LINK), None, NOW)
    assert ledger.delivery(delivery_id).cause is None


def test_what_settles_on_its_way_leaves_other_channels_alone(ledger: SqlLedger) -> None:
    put(ledger, 1, due_at=LONG_AGO, channel=PAGE)
    put(ledger, 2, due_at=LONG_AGO)
    assert nothing_to_claim(ledger, tempo(late=SKIP))
    assert ledger.counts() == {State.PENDING: 1, State.SKIPPED: 1}
