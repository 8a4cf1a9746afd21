"""What Ledger promises where a clock was ahead, and has been set back since."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ledgers import (
    MINUTE,
    NOW,
    SITE,
    TEMPO,
    X,
    claim,
    doubt_of,
    make_conclusion,
    make_plan,
    put,
    put_unsure,
    snapshot,
)
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.records.attempts import Verdict
from spotlight_notify.model.schedule import Late, LatePolicy, Tempo
from spotlight_notify.model.words import Cause, Outcome, State

AHEAD = NOW + timedelta(days=3)


def test_promise_7_a_source_is_due_again_when_a_clock_that_was_ahead_is_right(ledger: SqlLedger) -> None:
    with ledger.recording(SITE) as book:
        book.finish(cursor="c", next_poll_at=AHEAD + MINUTE, baseline_done=True, now=AHEAD)
    assert ledger.due_sources(NOW) == ()
    assert ledger.bring_back(NOW) == 1
    assert ledger.due_sources(NOW) == (SITE,)


def test_promise_7_a_source_that_is_to_be_left_alone_for_days_stays_so(ledger: SqlLedger) -> None:
    with ledger.recording(SITE) as book:
        book.finish(cursor="c", next_poll_at=AHEAD, baseline_done=True, now=NOW)
    assert ledger.bring_back(NOW) == 0
    assert ledger.due_sources(NOW + MINUTE) == ()


def test_promise_7_what_was_tried_and_looked_for_ahead_is_tried_and_looked_for_now(ledger: SqlLedger) -> None:
    unsure = put_unsure(ledger, 1)
    ledger.settle_look(doubt_of(ledger, unsure), make_conclusion(look_at=AHEAD), AHEAD)
    tried = put(ledger, 2)
    later = Verdict(
        state=State.PENDING, outcome=Outcome.UNREACHABLE, reason="no answer", due_at=AHEAD, burns=True
    )
    ledger.settle(claim(ledger, delivery_id=tried), later, None, AHEAD)
    assert ledger.bring_back(NOW) == 2
    assert [doubt.delivery_id for doubt in ledger.doubts(NOW)] == [unsure]
    assert claim(ledger).delivery_id == tried


def test_promise_7_what_was_due_at_once_is_due_now(ledger: SqlLedger) -> None:
    at_once = put(ledger, 1, now=AHEAD, due_at=AHEAD)
    put(ledger, 2, now=AHEAD, due_at=AHEAD + timedelta(days=1))
    assert ledger.bring_back(NOW) == 1
    assert claim(ledger).delivery_id == at_once


def test_promise_7_a_claim_of_the_future_is_given_up_and_looked_for(ledger: SqlLedger) -> None:
    delivery_id = put(ledger)
    claim(ledger, AHEAD)
    assert ledger.strand(NOW) == ()
    assert ledger.bring_back(NOW) == 1
    assert ledger.strand(NOW) == (delivery_id,)


def test_promise_7_a_channel_does_not_rest_for_days(ledger: SqlLedger) -> None:
    put(ledger)
    rests = Verdict(state=State.PENDING, outcome=Outcome.THROTTLED, reason="slow", channel_due_at=AHEAD)
    ledger.settle(claim(ledger), rests, None, AHEAD)
    assert ledger.due_channels(NOW, ["spotlight"]) == ()
    ledger.bring_back(NOW)
    assert ledger.due_channels(NOW, ["spotlight"]) == (X,)


def test_what_waits_for_its_own_time_and_what_is_on_its_way_stays(ledger: SqlLedger, url: str) -> None:
    put(ledger, 1, due_at=AHEAD)
    put_unsure(ledger, 2)
    put(ledger, 3)
    claim(ledger)
    before = snapshot(url)
    assert ledger.bring_back(NOW) == 0
    assert snapshot(url) == before


def test_what_waits_for_a_time_that_ends_soon_is_not_taken_for_another_try(ledger: SqlLedger) -> None:
    """An order, an embargo, a time of grace: minutes ahead of a clock that was minutes ahead."""
    minutes = NOW + 5 * MINUTE
    ordered, tried = put(ledger, 1, now=minutes, due_at=NOW + 45 * MINUTE), put(ledger, 2)
    later = Verdict(state=State.PENDING, outcome=Outcome.UNREACHABLE, reason="no answer", due_at=minutes)
    ledger.settle(claim(ledger, minutes, delivery_id=tried), later, None, minutes)
    with ledger.recording(SITE) as book:
        assert book.replan(tried, make_plan(due_at=NOW + 45 * MINUTE), minutes + MINUTE)
    assert ledger.bring_back(NOW) == 0
    assert [ledger.delivery(each).due_at for each in (ordered, tried)] == [NOW + 45 * MINUTE] * 2


def test_what_rests_or_waits_for_a_look_by_a_clock_that_was_hours_ahead_does_not_wait_for_hours(
    ledger: SqlLedger,
) -> None:
    hours = NOW + timedelta(hours=20)
    unsure = put_unsure(ledger, 1, now=hours)
    put(ledger, 2, now=hours, due_at=hours)
    rests = Verdict(state=State.PENDING, outcome=Outcome.THROTTLED, reason="throttled", channel_due_at=hours)
    ledger.settle(claim(ledger, hours), rests, None, hours)
    ledger.bring_back(NOW)
    assert [each.due_at for each in ledger.channels() if each.name == X] == [None]
    assert [each.delivery_id for each in ledger.doubts(NOW)] == [unsure]


def test_a_rest_and_a_look_that_a_right_clock_has_ordered_stay(ledger: SqlLedger) -> None:
    later = NOW + timedelta(hours=1)
    unsure = put_unsure(ledger, 1)
    ledger.settle_look(doubt_of(ledger, unsure), make_conclusion(look_at=later), NOW)
    put(ledger, 2)
    rests = Verdict(state=State.PENDING, outcome=Outcome.THROTTLED, reason="throttled", channel_due_at=later)
    ledger.settle(claim(ledger), rests, None, NOW)
    assert ledger.bring_back(NOW) == 0
    assert [each.due_at for each in ledger.channels() if each.name == X] == [later]
    assert ledger.doubts(NOW) == ()


# --- what was skipped


def skipped_ahead(ledger: SqlLedger, at: Tempo = TEMPO, aid: Mapping[str, Any] | None = None) -> int:
    """Have one that waits skipped by a clock that is ahead."""
    delivery_id = put(ledger, aid=aid)
    assert ledger.claim_due(X, AHEAD, MINUTE, "tester", at) is None
    assert ledger.delivery(delivery_id).state is State.SKIPPED
    return delivery_id


@pytest.mark.parametrize("end", ["event_at", "expires_at"])
def test_what_a_clock_ahead_has_found_over_goes_when_it_is_right(ledger: SqlLedger, end: str) -> None:
    skipped = skipped_ahead(ledger, aid={end: NOW + timedelta(days=1)})
    assert ledger.bring_back(NOW) == 1
    assert claim(ledger).delivery_id == skipped
    told = [each.action for each in ledger.changes(delivery_id=skipped)]
    assert told == ["skipped -> pending", "pending -> skipped"]
    assert ledger.bring_back(NOW) == 0


def test_what_a_clock_ahead_has_found_late_goes_when_it_is_right(ledger: SqlLedger) -> None:
    late = Late(policy=LatePolicy.SKIP, after=timedelta(days=1))
    paces = {name: replace(pace, late=late) for name, pace in TEMPO.paces.items()}
    skipped = skipped_ahead(ledger, replace(TEMPO, paces=paces))
    ledger.bring_back(NOW)
    assert claim(ledger, at=replace(TEMPO, paces=paces)).delivery_id == skipped


def test_what_is_over_by_the_right_clock_too_stays_so(ledger: SqlLedger, url: str) -> None:
    skipped_ahead(ledger, aid={"event_at": NOW - MINUTE})
    before = snapshot(url)
    assert ledger.bring_back(NOW) == 0
    assert snapshot(url) == before


@pytest.mark.parametrize("cause", [Cause.OVER, Cause.TOO_OLD])
def test_a_person_is_asked_about_what_a_clock_ahead_never_let_wait(ledger: SqlLedger, cause: Cause) -> None:
    """What else may have spoken against it was not looked at."""
    never = put(ledger, 1, now=AHEAD, state=State.SKIPPED, cause=cause, reason="so it seemed")
    filtered = put(ledger, 2, now=AHEAD, state=State.SKIPPED, cause=Cause.FILTERED, reason="not wanted")
    assert ledger.bring_back(NOW) == 1
    shown = ledger.delivery(never)
    assert (shown.state, shown.cause) == (State.PROPOSED, Cause.DATE)
    assert shown.reason == "it was skipped by a clock that was ahead: is it to go?"
    assert ledger.delivery(filtered).state is State.SKIPPED
