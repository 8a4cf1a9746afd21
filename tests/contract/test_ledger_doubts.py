"""What Ledger promises about what is unsure: who looks, when, what a conclusion writes, who is fenced off."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ledgers import (
    MINUTE,
    NOW,
    PAGE,
    RECEIPT,
    SENT,
    X,
    claim,
    doubt_of,
    make_conclusion,
    make_plan,
    put,
    put_unsure,
    run_sql,
    snapshot,
)
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.campaigns import Channel
from spotlight_notify.model.errors import LedgerError
from spotlight_notify.model.posts import Receipt, Subject
from spotlight_notify.model.records.attempts import Conclusion, Doubt, Verdict
from spotlight_notify.model.words import Cause, Outcome, State
from spotlight_notify.networks.x.traits import X as X_NETWORK

TICK = timedelta(microseconds=1)


def due(ledger: SqlLedger, now: datetime = NOW) -> list[int]:
    return [doubt.delivery_id for doubt in ledger.doubts(now)]


# --- turning unsure


def test_what_turns_unsure_is_looked_for_at_once(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, 1)
    started = claim(ledger)
    unknown = Verdict(state=State.UNSURE, outcome=Outcome.UNKNOWN, reason="no answer")
    ledger.settle(started, unknown, None, NOW + MINUTE)
    assert due(ledger, NOW + MINUTE - TICK) == []
    assert ledger.doubts(NOW + MINUTE) == (
        Doubt(
            delivery_id=delivery_id,
            campaign="spotlight",
            channel=X,
            post=started.post,
            since=NOW,
            until=NOW + MINUTE,
            absent_at=None,
            resent=0,
            failed_looks=0,
            version=1,
        ),
    )


def test_what_is_stranded_is_looked_for_at_once(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, 1)
    claim(ledger)
    ledger.strand(NOW + 3 * MINUTE)
    assert due(ledger, NOW + 3 * MINUTE - TICK) == []
    (doubt,) = ledger.doubts(NOW + 3 * MINUTE)
    assert (doubt.delivery_id, doubt.since, doubt.absent_at) == (delivery_id, NOW, None)


@pytest.mark.parametrize("state", [state for state in State if state not in (State.UNSURE, State.SENDING)])
def test_only_what_is_unsure_is_doubted(ledger: SqlLedger, state: State) -> None:
    delivery_id = put(ledger, 1, state=state, reason="so")
    assert ledger.doubts(NOW + 99 * MINUTE) == ledger.doubts(NOW, X) == ()
    assert not ledger.claim_look(delivery_id, NOW, NOW + MINUTE)
    assert ledger.look_now(None, NOW) == 0


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.STRANDED])
def test_no_post_of_it_can_be_older_than_the_first_doubtful_attempt(
    ledger: SqlLedger, outcome: Outcome
) -> None:
    delivery_id = put(ledger, 1)
    unreachable = Verdict(state=State.PENDING, outcome=Outcome.UNREACHABLE)
    ledger.settle(claim(ledger), unreachable, None, NOW)
    first = claim(ledger, NOW + MINUTE)
    if outcome is Outcome.UNKNOWN:
        ledger.settle(first, Verdict(state=State.UNSURE, outcome=outcome), None, NOW + 2 * MINUTE)
    else:
        ledger.strand(NOW + 2 * MINUTE)
    assert doubt_of(ledger, delivery_id).since == NOW + MINUTE
    assert ledger.settle_look(doubt_of(ledger, delivery_id), make_conclusion(State.PENDING), NOW + 3 * MINUTE)
    claim(ledger, NOW + 4 * MINUTE)
    ledger.strand(NOW + 5 * MINUTE)
    assert doubt_of(ledger, delivery_id).since == NOW + MINUTE


def test_without_a_doubtful_attempt_no_post_is_older_than_the_plan(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, 1, state=State.UNSURE, now=NOW - MINUTE)
    assert doubt_of(ledger, delivery_id).since == NOW - MINUTE


# --- who looks


def test_doubts_come_oldest_first_and_due_ones_only(ledger: SqlLedger) -> None:
    first, second = put_unsure(ledger, 1, now=NOW + MINUTE), put_unsure(ledger, 2)
    elsewhere = put_unsure(ledger, 3, channel=PAGE)
    assert due(ledger) == [second, elsewhere]
    assert due(ledger, NOW + MINUTE) == [first, second, elsewhere]


def test_of_a_channel_that_is_named_all_doubts_are_listed_due_or_not(ledger: SqlLedger) -> None:
    later, person, now = put_unsure(ledger, 1), put_unsure(ledger, 2), put_unsure(ledger, 3)
    elsewhere = put_unsure(ledger, 4, channel=PAGE)
    assert ledger.claim_look(later, NOW, NOW + MINUTE)
    assert ledger.settle_look(doubt_of(ledger, person), make_conclusion(look_at=None), NOW)
    assert due(ledger) == [now, elsewhere]
    assert [doubt.delivery_id for doubt in ledger.doubts(NOW, X)] == [later, person, now]
    assert [doubt.delivery_id for doubt in ledger.doubts(NOW, PAGE)] == [elsewhere]
    assert ledger.doubts(NOW, "nobody") == ()


def test_a_look_up_that_is_due_is_taken_once_until_its_new_time(ledger: SqlLedger, url: str) -> None:
    delivery_id = put_unsure(ledger)
    before = snapshot(url)
    assert not ledger.claim_look(delivery_id, NOW - TICK, NOW + MINUTE)
    assert not ledger.claim_look(12_345, NOW, NOW + MINUTE)
    assert snapshot(url) == before
    assert ledger.claim_look(delivery_id, NOW, NOW + MINUTE)
    assert not ledger.claim_look(delivery_id, NOW + MINUTE - TICK, NOW + 9 * MINUTE)
    assert due(ledger, NOW + MINUTE - TICK) == []
    assert due(ledger, NOW + MINUTE) == [delivery_id]
    assert ledger.claim_look(delivery_id, NOW + MINUTE, NOW + 2 * MINUTE)


def test_a_look_up_left_to_a_person_is_nobodys(ledger: SqlLedger) -> None:
    delivery_id = put_unsure(ledger)
    assert ledger.settle_look(doubt_of(ledger, delivery_id), make_conclusion(look_at=None), NOW)
    assert due(ledger, NOW + 9_999 * MINUTE) == []
    assert not ledger.claim_look(delivery_id, NOW + 9_999 * MINUTE, NOW + 99_999 * MINUTE)
    assert ledger.counts() == {State.UNSURE: 1}


def test_looking_now_makes_every_look_up_due_also_those_left_to_a_person(ledger: SqlLedger) -> None:
    person, later = put_unsure(ledger, 1), put_unsure(ledger, 2)
    elsewhere = put_unsure(ledger, 3, channel=PAGE)
    put(ledger, 4)
    assert ledger.settle_look(doubt_of(ledger, person), make_conclusion(look_at=None), NOW)
    for each in (later, elsewhere):
        assert ledger.claim_look(each, NOW, NOW + 60 * MINUTE)
    assert ledger.look_now("nobody", NOW) == 0
    assert due(ledger) == []
    assert ledger.look_now(X, NOW) == 2
    assert due(ledger) == [person, later]
    assert ledger.look_now(None, NOW) == 3
    assert due(ledger) == [person, later, elsewhere]


def test_looking_now_forgets_no_doubt(ledger: SqlLedger) -> None:
    delivery_id = put_unsure(ledger)
    ledger.settle_look(doubt_of(ledger, delivery_id), make_conclusion(absent_at=NOW, look_at=None), NOW)
    before = doubt_of(ledger, delivery_id)
    ledger.look_now(None, NOW + MINUTE)
    assert doubt_of(ledger, delivery_id) == before
    assert before.absent_at == NOW


# --- what a conclusion writes


def test_found_it_is_sent_with_its_receipt(ledger: SqlLedger, url: str) -> None:
    delivery_id = put_unsure(ledger)
    conclusion = make_conclusion(State.SENT, receipt=RECEIPT, reason="found", found=1)
    assert ledger.settle_look(doubt_of(ledger, delivery_id), conclusion, NOW + MINUTE)
    shown = ledger.delivery(delivery_id)
    assert (shown.state, shown.receipt, shown.reason) == (State.SENT, RECEIPT, "found")
    assert (shown.changed_at, shown.tries) == (NOW + MINUTE, 0)
    (attempt,) = ledger.attempts(delivery_id)
    assert attempt.outcome is Outcome.UNKNOWN
    assert run_sql(url, "SELECT attempt_id FROM receipt") == [(attempt.id,)]
    assert ledger.doubts(NOW + 99 * MINUTE, X) == ()
    assert run_sql(url, "SELECT look_at, absent_at FROM delivery") == [(None, None)]


def test_a_receipt_names_the_last_attempt_or_none(ledger: SqlLedger, url: str) -> None:
    sent_again, never_tried = put_unsure(ledger, 1), put(ledger, 2, state=State.UNSURE)
    assert ledger.settle_look(doubt_of(ledger, sent_again), make_conclusion(State.PENDING), NOW)
    again = claim(ledger)
    ledger.strand(NOW + MINUTE)
    for delivery_id, post_id in ((sent_again, "1"), (never_tried, "2")):
        receipt = Receipt(post_id=post_id, url=None)
        conclusion = make_conclusion(State.SENT, receipt=receipt, found=1)
        assert ledger.settle_look(doubt_of(ledger, delivery_id), conclusion, NOW)
    found = run_sql(url, "SELECT delivery_id, attempt_id FROM receipt ORDER BY 1")
    assert found == [(sent_again, again.attempt_id), (never_tried, None)]


def test_proven_absent_it_is_due_at_once_and_counted_as_sent_again(ledger: SqlLedger, url: str) -> None:
    delivery_id = put(ledger, 1)
    unreachable = Verdict(state=State.PENDING, outcome=Outcome.UNREACHABLE, burns=True)
    ledger.settle(claim(ledger), unreachable, None, NOW)
    ledger.settle(claim(ledger), Verdict(state=State.UNSURE, outcome=Outcome.UNKNOWN), None, NOW)
    failed = make_conclusion(absent_at=NOW, found=None)
    assert ledger.settle_look(doubt_of(ledger, delivery_id), failed, NOW)
    absent = make_conclusion(State.PENDING, reason="absent", look_at=NOW, absent_at=NOW)
    assert ledger.settle_look(doubt_of(ledger, delivery_id), absent, NOW + MINUTE)
    shown = ledger.delivery(delivery_id)
    assert (shown.state, shown.reason, shown.tries) == (State.PENDING, "absent", 1)
    assert shown.due_at == shown.changed_at == NOW + MINUTE
    assert run_sql(url, "SELECT look_at, absent_at FROM delivery") == [(None, None)]
    again = claim(ledger, NOW + MINUTE)
    assert (again.doubted, again.tries, again.number) == (True, 1, 3)
    ledger.strand(NOW + 9 * MINUTE)
    (doubt,) = ledger.doubts(NOW + 9 * MINUTE)
    assert (doubt.resent, doubt.absent_at, doubt.failed_looks) == (1, None, 0)


def test_still_unsure_it_keeps_what_the_look_says(ledger: SqlLedger) -> None:
    delivery_id = put_unsure(ledger)
    conclusion = make_conclusion(reason="absent once", look_at=NOW + 5 * MINUTE, absent_at=NOW + MINUTE)
    assert ledger.settle_look(doubt_of(ledger, delivery_id), conclusion, NOW + MINUTE)
    shown = ledger.delivery(delivery_id)
    assert (shown.state, shown.reason, shown.changed_at) == (State.UNSURE, "absent once", NOW)
    assert due(ledger, NOW + 5 * MINUTE - TICK) == []
    (doubt,) = ledger.doubts(NOW + 5 * MINUTE)
    assert (doubt.absent_at, doubt.resent, doubt.since) == (NOW + MINUTE, 0, NOW)


def test_failed_looks_are_counted_in_a_row(ledger: SqlLedger) -> None:
    delivery_id = put_unsure(ledger)
    counted = []
    for found in (None, None, 0, None, 2, None, None):
        assert ledger.settle_look(doubt_of(ledger, delivery_id), make_conclusion(found=found), NOW)
        counted.append(doubt_of(ledger, delivery_id).failed_looks)
    assert counted == [1, 2, 0, 1, 0, 1, 2]


def test_every_conclusion_leaves_a_look_up(ledger: SqlLedger) -> None:
    delivery_id, other = put_unsure(ledger, 1), put_unsure(ledger, 2)
    conclusions = (
        make_conclusion(reason="it failed", found=None, read=0),
        make_conclusion(reason="two fit", found=2, read=7),
        make_conclusion(State.PENDING, reason="absent", found=0, read=9),
    )
    for minutes, conclusion in enumerate(conclusions):
        assert ledger.settle_look(doubt_of(ledger, delivery_id), conclusion, NOW + minutes * MINUTE)
    sent = make_conclusion(State.SENT, reason="there", receipt=RECEIPT, found=1, read=1)
    assert ledger.settle_look(doubt_of(ledger, other), sent, NOW)
    listed = ledger.look_ups(delivery_id)
    assert [(each.looked_at, each.found, each.read, each.reason) for each in listed] == [
        (NOW, None, 0, "it failed"),
        (NOW + MINUTE, 2, 7, "two fit"),
        (NOW + 2 * MINUTE, 0, 9, "absent"),
    ]
    assert {each.delivery_id for each in listed} == {delivery_id}
    assert [each.id for each in listed] == sorted(each.id for each in listed)
    assert [each.reason for each in ledger.look_ups(other)] == ["there"]
    assert ledger.look_ups(12_345) == ()


# --- who is fenced off

FINDINGS = (
    make_conclusion(),
    make_conclusion(State.PENDING),
    make_conclusion(State.SENT, receipt=RECEIPT, found=1),
)


@pytest.mark.parametrize("second", FINDINGS, ids=lambda conclusion: conclusion.state)
@pytest.mark.parametrize("first", FINDINGS, ids=lambda conclusion: conclusion.state)
def test_a_doubt_is_settled_once(ledger: SqlLedger, url: str, first: Conclusion, second: Conclusion) -> None:
    delivery_id = put_unsure(ledger)
    doubt = doubt_of(ledger, delivery_id)
    assert ledger.settle_look(doubt, first, NOW)
    before = snapshot(url)
    assert not ledger.settle_look(doubt, second, NOW)
    assert snapshot(url) == before


@pytest.mark.parametrize("conclusion", FINDINGS, ids=lambda conclusion: conclusion.state)
def test_a_doubt_from_before_a_new_attempt_settles_nothing(
    ledger: SqlLedger, url: str, conclusion: Conclusion
) -> None:
    delivery_id = put_unsure(ledger)
    old = doubt_of(ledger, delivery_id)
    assert ledger.change_delivery(
        delivery_id, [State.UNSURE], State.PENDING, who="ada", reason="not there", now=NOW
    )
    claim(ledger)
    ledger.strand(NOW + MINUTE)
    new = doubt_of(ledger, delivery_id)
    assert (new.absent_at, new.resent, new.failed_looks, new.since) == (
        old.absent_at,
        old.resent,
        old.failed_looks,
        old.since,
    )
    before = snapshot(url)
    assert not ledger.settle_look(old, conclusion, NOW)
    assert snapshot(url) == before
    assert ledger.settle_look(new, conclusion, NOW)


def test_a_conclusion_for_what_is_no_longer_unsure_writes_nothing(ledger: SqlLedger, url: str) -> None:
    delivery_id = put(ledger, 1)
    late = claim(ledger)
    ledger.strand(NOW + MINUTE)
    doubt = doubt_of(ledger, delivery_id)
    ledger.settle(late, SENT, RECEIPT, NOW + MINUTE)  # the proof came in while somebody looked
    assert ledger.doubts(NOW + 99 * MINUTE, X) == ()
    before = snapshot(url)
    for conclusion in FINDINGS:
        assert not ledger.settle_look(doubt, conclusion, NOW + MINUTE)
    assert snapshot(url) == before


def test_a_post_is_the_receipt_of_one_delivery_of_a_channel(ledger: SqlLedger, url: str) -> None:
    first, second = put_unsure(ledger, 1), put_unsure(ledger, 2)
    elsewhere = put_unsure(ledger, 3, channel=PAGE)
    found = make_conclusion(State.SENT, receipt=RECEIPT, found=1)
    assert ledger.settle_look(doubt_of(ledger, first), found, NOW)
    before = snapshot(url)
    assert not ledger.settle_look(doubt_of(ledger, second), found, NOW)
    assert snapshot(url) == before
    assert ledger.settle_look(doubt_of(ledger, elsewhere), found, NOW)


def test_nothing_is_sent_without_a_receipt(ledger: SqlLedger, url: str) -> None:
    doubt = doubt_of(ledger, put_unsure(ledger))
    before = snapshot(url)
    with pytest.raises(LedgerError, match="without a receipt"):
        ledger.settle_look(doubt, make_conclusion(State.SENT, found=1), NOW)
    assert snapshot(url) == before


def test_a_conclusion_that_cannot_be_written_is_undone(ledger: SqlLedger, url: str) -> None:
    doubt = doubt_of(ledger, put_unsure(ledger))
    before = snapshot(url)
    with pytest.raises(LedgerError):
        ledger.settle_look(doubt, make_conclusion(reason="\ud83d"), NOW)
    assert snapshot(url) == before
    assert ledger.settle_look(doubt, make_conclusion(), NOW)


# --- receipts


def test_receipts_are_told_for_one_channel(ledger: SqlLedger) -> None:
    put(ledger, 1)
    put(ledger, 2, channel=PAGE)
    ledger.settle(claim(ledger), SENT, Receipt(post_id="1", url=None), NOW)
    ledger.settle(claim(ledger, channel=PAGE), SENT, Receipt(post_id="2", url=None), NOW)
    assert ledger.receipts(X, ["1", "2", "3"]) == {"1"}
    assert ledger.receipts(PAGE, {"1", "2"}) == {"2"}
    assert ledger.receipts(X, ()) == ledger.receipts("nobody", ["1"]) == frozenset()


def test_receipts_are_told_for_more_posts_than_a_database_takes_parameters(ledger: SqlLedger) -> None:
    put(ledger, 1)
    ledger.settle(claim(ledger), SENT, RECEIPT, NOW)
    assert ledger.receipts(X, [str(number) for number in range(40_000)]) == {RECEIPT.post_id}


def known(ledger: SqlLedger, name: str = X) -> tuple[datetime | None, datetime | None]:
    (channel,) = (each for each in ledger.channels() if each.name == name)
    return channel.known_until_at, channel.behind_at


def test_promise_4_a_channel_is_known_from_its_beginning_and_until_it_was_caught_up_with(
    ledger: SqlLedger,
) -> None:
    assert known(ledger)[0] == NOW
    put(ledger, 1)
    ledger.settle(claim(ledger), SENT, RECEIPT, NOW + MINUTE)
    assert known(ledger)[0] == NOW
    put(ledger, 2)
    ledger.settle(
        claim(ledger),
        replace(SENT, known_until_at=NOW + 2 * MINUTE),
        Receipt(post_id="2", url=None),
        NOW + 2 * MINUTE,
    )
    assert known(ledger)[0] == NOW + 2 * MINUTE
    assert known(ledger, PAGE)[0] == NOW


def test_promise_4_a_channel_keeps_when_it_showed_what_is_not_known(ledger: SqlLedger) -> None:
    waits = Verdict(state=State.PENDING, outcome=Outcome.THROTTLED, reason="behind")
    put(ledger, 1)
    for behind_at in (NOW, NOW + MINUTE):
        ledger.settle(claim(ledger), replace(waits, behind_at=behind_at), None, NOW)
        assert known(ledger) == (NOW, behind_at)
    ledger.settle(claim(ledger), waits, None, NOW)
    assert known(ledger) == (NOW, NOW + MINUTE)
    ledger.settle(claim(ledger), replace(SENT, known_until_at=NOW + MINUTE), RECEIPT, NOW + MINUTE)
    assert known(ledger) == (NOW + MINUTE, None)


def test_promise_4_a_channel_that_is_new_to_an_old_ledger_may_have_been_known_to_it(
    ledger: SqlLedger,
) -> None:
    put(ledger, 1)
    ledger.register({}, [Channel(name="another", network=X_NETWORK)], NOW)
    assert known(ledger, "another") == (None, None)


def test_the_posts_that_wait_for_a_receipt_are_read_but_for_one(ledger: SqlLedger) -> None:
    first, second = put_unsure(ledger, 1), put(ledger, 2, channel=PAGE)
    third = put(ledger, 3)
    assert len(ledger.waiting_posts(X, first)) == 1
    assert len(ledger.waiting_posts(X, second)) == 2
    ledger.settle(claim(ledger, delivery_id=third), SENT, RECEIPT, NOW)
    assert ledger.waiting_posts(X, first) == ()


def test_promise_1_a_subject_has_a_link_only_where_it_is_the_aids_own(ledger: SqlLedger) -> None:
    own = put(ledger, 1, aid={"published_at": NOW - MINUTE})
    assert ledger.subject(own) == Subject(title="Aid 1", link="https://site.example/1", dated_at=NOW - MINUTE)
    nobodys = put(ledger, 2, aid={"aliases": ("guid:2",), "link": "https://site.example/"})
    assert ledger.subject(nobodys) == Subject(title="Aid 2", link=None, dated_at=NOW)


def test_a_subject_is_as_old_as_it_was_first_seen_where_its_date_lies_ahead(ledger: SqlLedger) -> None:
    ahead = put(ledger, 1, aid={"published_at": NOW + 60 * MINUTE})
    assert ledger.subject(ahead).dated_at == NOW


def test_promise_9_a_repeat_that_was_refused_is_a_doubt_of_its_own_kind(ledger: SqlLedger) -> None:
    unsure = put_unsure(ledger, 1)
    assert not doubt_of(ledger, unsure).repeated
    put(ledger, 2)
    refused = Verdict(state=State.UNSURE, outcome=Outcome.REJECTED, reason="said already")
    claimed = claim(ledger)
    ledger.settle(claimed, refused, None, NOW + MINUTE)
    doubt = doubt_of(ledger, claimed.delivery_id)
    assert doubt.repeated
    assert (doubt.since, doubt.until) == (NOW, NOW + MINUTE)


def test_a_repeat_that_is_nowhere_fails_and_says_why(ledger: SqlLedger) -> None:
    unsure = put_unsure(ledger)
    failed = make_conclusion(State.FAILED, reason="give it other words")
    assert ledger.settle_look(doubt_of(ledger, unsure), failed, NOW)
    delivery = ledger.delivery(unsure)
    assert (delivery.state, delivery.reason) == (State.FAILED, "give it other words")


def test_what_people_are_asked_about_is_kept_and_added_to(ledger: SqlLedger) -> None:
    unsure = put_unsure(ledger)
    for asked_about in ({"7"}, {"8", "7"}):
        conclusion = make_conclusion(asked_about=frozenset(asked_about))
        assert ledger.settle_look(doubt_of(ledger, unsure), conclusion, NOW)
    assert doubt_of(ledger, unsure).asked_about == {"7", "8"}
    assert ledger.settle_look(doubt_of(ledger, unsure), make_conclusion(State.PENDING), NOW)
    claimed = claim(ledger)
    assert claimed.asked_about == {"7", "8"}
    asked = Verdict(
        state=State.PROPOSED,
        outcome=Outcome.REJECTED,
        cause=Cause.FOUND,
        reason="is that it?",
        asked_about=frozenset({"9"}),
    )
    ledger.settle(claimed, asked, None, NOW)
    ledger.change_delivery(unsure, [State.PROPOSED], State.PENDING, who="ada", reason="no", now=NOW)
    assert claim(ledger).asked_about == {"7", "8", "9"}


def test_the_posts_that_look_ups_have_read_are_added_up_by_channel(ledger: SqlLedger) -> None:
    first, second = put_unsure(ledger, 1), put_unsure(ledger, 2)
    page, idle = put_unsure(ledger, 3, channel=PAGE), put(ledger, 4)
    assert ledger.reads() == {}
    for delivery_id, read in ((first, 5), (first, 7), (second, 100), (page, 0)):
        assert ledger.settle_look(doubt_of(ledger, delivery_id), make_conclusion(read=read), NOW)
    assert ledger.reads() == {X: 112}
    assert ledger.settle_look(doubt_of(ledger, page), make_conclusion(State.PENDING, read=3), NOW)
    assert ledger.reads() == {X: 112, PAGE: 3}
    assert ledger.look_ups(idle) == ()


def test_more_posts_are_added_up_than_a_small_number_holds(ledger: SqlLedger) -> None:
    unsure = put_unsure(ledger)
    for _ in range(2):
        assert ledger.settle_look(doubt_of(ledger, unsure), make_conclusion(read=2**31 - 1), NOW)
    (total,) = ledger.reads().values()
    assert total == 2**32 - 2
    assert type(total) is int


def test_a_replanned_delivery_keeps_its_doubts(ledger: SqlLedger) -> None:
    delivery_id = put_unsure(ledger)
    assert ledger.settle_look(doubt_of(ledger, delivery_id), make_conclusion(State.PENDING), NOW)
    with ledger.recording("site") as book:
        assert book.replan(delivery_id, make_plan(), NOW)
    assert claim(ledger).doubted
    ledger.strand(NOW + MINUTE)
    assert doubt_of(ledger, delivery_id).resent == 1
