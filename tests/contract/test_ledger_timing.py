"""What Ledger promises about time: a claim keeps hours, gaps and caps, counted by what went out."""

import re
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ledgers import (
    MINUTE,
    NOW,
    PAGE,
    RECEIPT,
    SENT,
    SITE,
    TEMPO,
    UNKNOWN,
    X,
    claim,
    doubt_of,
    furnish,
    hours,
    make_approval,
    make_conclusion,
    put,
    run_sql,
    snapshot,
    tempo,
)
from spotlight_notify.ledger.columns import UtcTime
from spotlight_notify.ledger.opening import open_ledger
from spotlight_notify.ledger.schema import metadata
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.posts import Receipt
from spotlight_notify.model.records.attempts import Verdict
from spotlight_notify.model.schedule import Late, LatePolicy, Order, Posted, Tempo, Window
from spotlight_notify.model.words import Cause, Outcome, ScopeKind, State

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOURLY = tempo(gap=HOUR)
NIGHT = Window(weekdays=frozenset(range(7)), opens=22 * 60, closes=23 * 60)
UNREACHABLE = Verdict(state=State.PENDING, outcome=Outcome.UNREACHABLE)


def send(ledger: SqlLedger, now: datetime = NOW, at: Tempo = TEMPO, delivery_id: int | None = None) -> int:
    claimed = claim(ledger, now, delivery_id=delivery_id, at=at)
    receipt = Receipt(post_id=f"post {claimed.attempt_id}", url=None)
    ledger.settle(claimed, SENT, receipt, now)
    return claimed.delivery_id


def waits(ledger: SqlLedger, now: datetime, at: Tempo = HOURLY, delivery_id: int | None = None) -> bool:
    return ledger.claim_due(X, now, MINUTE, "tester", at, delivery_id=delivery_id) is None


# --- whose turn it is


def test_a_gap_lies_between_two_claims(ledger: SqlLedger) -> None:
    first, second = put(ledger, 1), put(ledger, 2)
    assert send(ledger, at=HOURLY) == first
    assert waits(ledger, NOW + HOUR - MINUTE)
    assert send(ledger, NOW + HOUR, HOURLY) == second


def test_the_one_that_is_named_keeps_the_gap_too_but_not_its_place_in_the_line(ledger: SqlLedger) -> None:
    first, second, third = (put(ledger, number) for number in range(3))
    assert send(ledger, at=HOURLY, delivery_id=third) == third
    assert waits(ledger, NOW + HOUR - MINUTE, delivery_id=second)
    assert send(ledger, NOW + HOUR, HOURLY, delivery_id=second) == second
    assert send(ledger, NOW + 2 * HOUR, HOURLY) == first


@pytest.mark.parametrize("cap", ["per_hour", "per_day"])
def test_a_cap_is_kept_by_what_went_out(ledger: SqlLedger, cap: str) -> None:
    for number in range(3):
        put(ledger, number)
    two = tempo(per_hour=2) if cap == "per_hour" else tempo(per_day=2)
    for minutes in (0, 1):
        send(ledger, NOW + minutes * MINUTE, two)
    assert waits(ledger, NOW + 2 * MINUTE, two)
    send(ledger, NOW + (HOUR if cap == "per_hour" else DAY), two)


def test_closed_hours_are_passed_by_what_may_go_at_any_hour(ledger: SqlLedger) -> None:
    put(ledger, 1)
    at_night = tempo(windows=(NIGHT,))
    assert waits(ledger, NOW, at_night)
    urgent = put(ledger, 2, any_hour=True)
    assert ledger.delivery(urgent).any_hour
    assert send(ledger, NOW, at_night) == urgent
    assert waits(ledger, NOW, at_night)


def test_the_channels_own_hours_bind_all_its_campaigns(ledger: SqlLedger) -> None:
    both = tempo("spotlight", "other", channel=hours(gap=HOUR))
    put(ledger, 1)
    other = put(ledger, 1, campaign="other")
    send(ledger, at=both)
    assert waits(ledger, NOW + HOUR - MINUTE, both)
    assert send(ledger, NOW + HOUR, both) == other


def test_timing_5_a_campaigns_gap_counts_from_every_post_on_the_channel(ledger: SqlLedger) -> None:
    put(ledger, 1)
    other = put(ledger, 1, campaign="other")
    both = tempo("spotlight", "other", gap=HOUR)
    send(ledger, at=both)
    assert waits(ledger, NOW + HOUR - MINUTE, both)
    assert send(ledger, NOW + HOUR, both) == other


def test_a_campaigns_cap_is_no_other_campaigns(ledger: SqlLedger) -> None:
    put(ledger, 1)
    other = put(ledger, 1, campaign="other")
    both = tempo("spotlight", "other", per_day=1)
    send(ledger, at=both)
    assert send(ledger, NOW + MINUTE, both) == other
    put(ledger, 2)
    assert waits(ledger, NOW + 2 * MINUTE, both)


def test_posts_of_a_campaign_that_is_no_more_count_on_the_channel(ledger: SqlLedger) -> None:
    put(ledger, 1, campaign="gone")
    put(ledger, 2)
    send(ledger, at=tempo("gone"))
    assert waits(ledger, NOW + HOUR - MINUTE, tempo(channel=hours(gap=HOUR)))
    send(ledger, NOW + HOUR, tempo(channel=hours(gap=HOUR)))


def test_posts_of_another_channel_do_not_count(ledger: SqlLedger) -> None:
    put(ledger, 1, channel=PAGE)
    put(ledger, 2)
    ledger.settle(claim(ledger, channel=PAGE), SENT, RECEIPT, NOW)
    send(ledger, NOW + MINUTE, HOURLY)


def test_themes_go_one_after_the_other(ledger: SqlLedger) -> None:
    themes = ("calm", "risk", "calm", "risk")
    calm, risk, calm2, risk2 = (put(ledger, n, aid={"theme": theme}) for n, theme in enumerate(themes))
    by_theme = tempo(order=Order.THEME, gap=HOUR)
    order = [send(ledger, NOW + number * HOUR, by_theme) for number in range(4)]
    assert order == [calm, calm2, risk, risk2]
    assert [post.theme for post in ledger.queue(X, NOW + 4 * HOUR).posts] == ["calm", "calm", "risk", "risk"]


def test_a_theme_goes_on_however_long_ago_its_last_post_was(ledger: SqlLedger) -> None:
    by_theme = tempo(order=Order.THEME)
    put(ledger, 1, aid={"theme": "risk"})
    send(ledger, at=by_theme)
    other = put(ledger, 2, aid={"theme": "calm"})
    same = put(ledger, 3, aid={"theme": "risk"})
    later = NOW + 400 * DAY
    assert [send(ledger, later, by_theme), send(ledger, later, by_theme)] == [same, other]


@pytest.mark.parametrize("of_channel", [True, False])
def test_a_gap_of_weeks_is_kept(ledger: SqlLedger, of_channel: bool) -> None:
    put(ledger, 1, campaign="gone" if of_channel else "spotlight")
    put(ledger, 2)
    rare = tempo(channel=hours(gap=30 * DAY)) if of_channel else tempo(gap=30 * DAY)
    send(ledger, at=tempo("gone", "spotlight"))
    assert waits(ledger, NOW + 30 * DAY - MINUTE, rare)
    send(ledger, NOW + 30 * DAY, rare)


# --- what took a turn


@pytest.mark.parametrize("outcome", Outcome)
def test_what_may_be_public_took_its_turn_and_what_is_surely_not_gave_it_back(
    ledger: SqlLedger, outcome: Outcome
) -> None:
    delivery_id = put(ledger, 1)
    claimed = claim(ledger)
    if outcome is Outcome.STRANDED:
        ledger.strand(NOW + MINUTE)
    elif outcome is Outcome.SENT:
        ledger.settle(claimed, SENT, RECEIPT, NOW + 5 * MINUTE)
    else:
        state = State.UNSURE if outcome is Outcome.UNKNOWN else State.FAILED
        ledger.settle(claimed, Verdict(state=state, outcome=outcome), None, NOW + 5 * MINUTE)
    took_turn = outcome in (Outcome.SENT, Outcome.UNKNOWN, Outcome.STRANDED)
    posts = (Posted(campaign="spotlight", at=NOW),) if took_turn else ()
    assert ledger.queue(X, NOW + 9 * MINUTE).posts == posts
    second = put(ledger, 2)
    assert waits(ledger, NOW + 10 * MINUTE) == took_turn
    if took_turn:
        assert send(ledger, NOW + HOUR, HOURLY) == second
    assert ledger.delivery(delivery_id).changed_at > NOW


def test_what_is_on_its_way_has_its_turn(ledger: SqlLedger) -> None:
    put(ledger, 1)
    claim(ledger)
    queue = ledger.queue(X, NOW)
    assert (queue.waiting, queue.posts) == ((), (Posted(campaign="spotlight", at=NOW),))


def test_what_is_tried_again_has_the_turn_of_its_last_try_that_may_be_public(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, 1)
    ledger.settle(claim(ledger), UNKNOWN, None, NOW)
    absent = make_conclusion(State.PENDING)
    assert ledger.settle_look(doubt_of(ledger, delivery_id), absent, NOW + MINUTE)
    assert [post.at for post in ledger.queue(X, NOW + MINUTE).posts] == [NOW]
    ledger.settle(claim(ledger, NOW + 2 * MINUTE), UNREACHABLE, None, NOW + 2 * MINUTE)
    assert [post.at for post in ledger.queue(X, NOW + 3 * MINUTE).posts] == [NOW]
    send(ledger, NOW + 4 * MINUTE)
    assert [post.at for post in ledger.queue(X, NOW + 5 * MINUTE).posts] == [NOW + 4 * MINUTE]


def test_a_receipt_after_the_lease_keeps_the_turn(ledger: SqlLedger) -> None:
    put(ledger, 1)
    late = claim(ledger)
    ledger.strand(NOW + MINUTE)
    ledger.settle(late, SENT, RECEIPT, NOW + 2 * MINUTE)
    assert [post.at for post in ledger.queue(X, NOW + 3 * MINUTE).posts] == [NOW]


def test_a_refused_claim_takes_no_turn_and_no_epoch(ledger: SqlLedger, url: str) -> None:
    put(ledger, 1)
    put(ledger, 2)
    send(ledger, at=HOURLY)
    before = snapshot(url)
    assert waits(ledger, NOW + MINUTE)
    assert waits(ledger, NOW + MINUTE, tempo("another"))
    assert waits(ledger, NOW + MINUTE, Tempo(paces={}, channel=hours()))
    assert snapshot(url) == before


# --- the queue


def test_the_queue_shows_all_that_waits_due_or_not_of_all_campaigns(ledger: SqlLedger) -> None:
    due, later = put(ledger, 1), put(ledger, 2, due_at=NOW + DAY, any_hour=True)
    other, elsewhere = put(ledger, 3, campaign="gone"), put(ledger, 4, channel=PAGE)
    put(ledger, 5, state=State.PROPOSED)
    waiting = {one.id: one for one in ledger.queue(X, NOW).waiting}
    assert set(waiting) == {due, later, other}
    assert (waiting[later].due_at, waiting[later].any_hour) == (NOW + DAY, True)
    assert (waiting[due].any_hour, waiting[other].campaign) == (False, "gone")
    assert [one.id for one in ledger.queue(PAGE, NOW).waiting] == [elsewhere]
    nobody = ledger.queue("nobody", NOW)
    assert (nobody.waiting, nobody.posts, nobody.held) == ((), (), {})


def test_the_queue_shows_what_went_out_lately_ascending_and_the_last_of_what_waits(ledger: SqlLedger) -> None:
    for number, campaign in enumerate(("old", "old", "spotlight", "spotlight", "gone")):
        put(ledger, number, campaign=campaign)
    every = tempo("old", "spotlight", "gone")
    moments = [NOW, NOW + DAY, NOW + 9 * DAY, NOW + 10 * DAY, NOW + 2 * DAY]
    for number, moment in enumerate(moments, start=1):
        send(ledger, moment, every, delivery_id=number)
    put(ledger, 9, campaign="old")
    posts = ledger.queue(X, NOW + 10 * DAY + HOUR).posts
    assert [(post.campaign, post.at) for post in posts] == [
        ("old", NOW + DAY),
        ("spotlight", NOW + 9 * DAY),
        ("spotlight", NOW + 10 * DAY),
    ]
    assert [post.at for post in ledger.queue(X, NOW + 99 * DAY).posts] == [NOW + DAY, NOW + 10 * DAY]


def test_a_post_that_a_person_marked_as_sent_took_no_turn(ledger: SqlLedger, url: str) -> None:
    delivery_id = put(ledger, 1)
    assert ledger.change_delivery(
        delivery_id, [State.PENDING], State.SENT, who="ada", reason="seen", now=NOW, receipt=RECEIPT
    )
    assert run_sql(url, "SELECT went_at FROM delivery") == [(None,)]
    assert ledger.queue(X, NOW).posts == ()


# --- how times are kept


def test_every_time_is_kept_as_utc_in_one_form_that_sorts(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    with closing(open_ledger(url)) as ledger:
        put(furnish(ledger), 1, due_at=NOW - HOUR, aid={"published_at": NOW, "event_at": NOW + DAY})
        put(ledger, 2, state=State.PROPOSED, cause=Cause.APPROVAL)
        at = tempo(late=Late(policy=LatePolicy.ASK, after=DAY))
        with ledger.recording(SITE) as book:
            book.finish(cursor="x", next_poll_at=NOW, baseline_done=True, now=NOW)
            book.raise_alarm("too much", NOW)
        assert ledger.approve(2, make_approval(ledger, 2, until_at=NOW + DAY))
        ledger.place_hold(Scope(kind=ScopeKind.THEME, name="x"), who="a", reason="r", now=NOW, until_at=NOW)
        send(ledger, NOW, at)
        ledger.order_takedown(1, who="a", reason="r", now=NOW)
        ledger.settle_takedown(1, NOW)
        put(ledger, 3, state=State.PROPOSED, cause=Cause.BRAKE)
        assert ledger.accept(SITE, who="a", reason="r", now=NOW + HOUR) == 1
    columns = [
        (table, column)
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, UtcTime)
    ]
    kept = {
        f"{table.name}.{column.name}": [
            time for (time,) in run_sql(url, f"SELECT {column.name} FROM {table.name}")
        ]
        for table, column in columns
    }
    assert kept["delivery.missed_at"][0]
    for name, times in kept.items():
        for time in times:
            assert time is None or re.fullmatch(r"....-..-..T..:..:..\.......Z", time), (name, time)
