"""What Ledger promises about changes by a person: what moves, what does not, and that all is on record."""

import pytest

from ledgers import (
    CAMPAIGNS,
    MINUTE,
    NOW,
    PAGE,
    RECEIPT,
    SENT,
    TEMPO,
    X,
    claim,
    doubt_of,
    make_conclusion,
    put,
    put_unsure,
    run_sql,
    snapshot,
)
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.errors import ClaimLost, LedgerError, Refused, UnknownName
from spotlight_notify.model.posts import Receipt
from spotlight_notify.model.records.attempts import Verdict
from spotlight_notify.model.records.orders import Change
from spotlight_notify.model.words import Outcome, State

MOVABLE = [state for state in State if state not in (State.SENDING, State.SENT)]


def change(
    ledger: SqlLedger, delivery_id: int, before: State, after: State, receipt: Receipt | None = None
) -> bool:
    return ledger.change_delivery(
        delivery_id, [before], after, who="ada", reason="so be it", now=NOW + MINUTE, receipt=receipt
    )


# --- deliveries


@pytest.mark.parametrize("before", MOVABLE)
def test_a_delivery_is_moved_and_put_on_record(ledger: SqlLedger, before: State) -> None:
    delivery_id, other = put(ledger, 1, state=before), put(ledger, 2, state=before)
    assert change(ledger, delivery_id, before, State.CANCELLED)
    shown = ledger.delivery(delivery_id)
    assert (shown.state, shown.reason, shown.changed_at) == (State.CANCELLED, "so be it", NOW + MINUTE)
    assert ledger.delivery(other).state is before
    assert ledger.changes() == (
        Change(
            id=1,
            changed_at=NOW + MINUTE,
            who="ada",
            reason="so be it",
            action=f"{before} -> cancelled",
            delivery_id=delivery_id,
            channel=None,
        ),
    )


@pytest.mark.parametrize("before", MOVABLE)
def test_a_delivery_in_another_state_is_left_alone(ledger: SqlLedger, url: str, before: State) -> None:
    delivery_id = put(ledger, 1, state=before)
    states = [state for state in State if state is not before]
    kept = snapshot(url)
    for after in (State.PENDING, State.CANCELLED, State.SENT):
        assert not ledger.change_delivery(
            delivery_id, states, after, who="ada", reason="so", now=NOW, receipt=RECEIPT
        )
    assert not ledger.change_delivery(delivery_id, (), State.PENDING, who="ada", reason="so", now=NOW)
    assert snapshot(url) == kept


def test_to_pending_it_is_due_now_with_new_tries_and_its_doubts(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, 1)
    burned = Verdict(state=State.PENDING, outcome=Outcome.UNREACHABLE, burns=True)
    ledger.settle(claim(ledger), burned, None, NOW)
    ledger.settle(claim(ledger), Verdict(state=State.UNSURE, outcome=Outcome.UNKNOWN), None, NOW)
    assert ledger.settle_look(doubt_of(ledger, delivery_id), make_conclusion(State.PENDING), NOW)
    claim(ledger)
    ledger.strand(NOW + MINUTE)
    assert ledger.settle_look(doubt_of(ledger, delivery_id), make_conclusion(absent_at=NOW), NOW)
    assert change(ledger, delivery_id, State.UNSURE, State.PENDING)
    shown = ledger.delivery(delivery_id)
    assert (shown.state, shown.due_at, shown.tries) == (State.PENDING, NOW + MINUTE, 0)
    assert ledger.doubts(NOW + 99 * MINUTE, X) == ()
    assert ledger.claim_due(X, NOW, MINUTE, "tester", TEMPO) is None
    again = claim(ledger, NOW + MINUTE)
    assert (again.doubted, again.tries, again.number) == (True, 0, 4)
    ledger.strand(NOW + 9 * MINUTE)
    doubt = doubt_of(ledger, delivery_id)
    assert (doubt.resent, doubt.since, doubt.absent_at) == (1, NOW, None)


def test_to_sent_it_has_a_receipt(ledger: SqlLedger, url: str) -> None:
    delivery_id = put_unsure(ledger)
    doubt = doubt_of(ledger, delivery_id)
    assert change(ledger, delivery_id, State.UNSURE, State.SENT, RECEIPT)
    shown = ledger.delivery(delivery_id)
    assert (shown.state, shown.receipt) == (State.SENT, RECEIPT)
    assert run_sql(url, "SELECT attempt_id FROM receipt") == [(None,)]
    assert ledger.receipts(X, [RECEIPT.post_id]) == {RECEIPT.post_id}
    assert [each.action for each in ledger.changes()] == ["unsure -> sent"]
    kept = snapshot(url)
    assert not ledger.settle_look(doubt, make_conclusion(State.PENDING), NOW)
    assert snapshot(url) == kept


def test_to_sent_without_a_receipt_is_refused(ledger: SqlLedger, url: str) -> None:
    delivery_id = put_unsure(ledger)
    kept = snapshot(url)
    with pytest.raises(LedgerError, match="without a receipt"):
        change(ledger, delivery_id, State.UNSURE, State.SENT)
    assert snapshot(url) == kept


def test_what_is_sent_stays_sent(ledger: SqlLedger, url: str) -> None:
    delivery_id = put(ledger, 1)
    ledger.settle(claim(ledger), SENT, RECEIPT, NOW)
    kept = snapshot(url)
    for after in (State.PENDING, State.CANCELLED, State.UNSURE, State.SENT):
        assert not change(ledger, delivery_id, State.SENT, after, RECEIPT)
    assert snapshot(url) == kept


def test_what_is_on_its_way_belongs_to_its_claim(ledger: SqlLedger, url: str) -> None:
    delivery_id = put(ledger, 1)
    claimed = claim(ledger)
    kept = snapshot(url)
    for after in (State.PENDING, State.CANCELLED, State.UNSURE, State.SENT):
        assert not change(ledger, delivery_id, State.SENDING, after, RECEIPT)
    assert snapshot(url) == kept
    ledger.settle(claimed, SENT, RECEIPT, NOW)


def test_a_late_receipt_finds_what_a_person_settled_and_writes_nothing(ledger: SqlLedger, url: str) -> None:
    delivery_id = put(ledger, 1)
    late = claim(ledger)
    ledger.strand(NOW + MINUTE)
    assert change(ledger, delivery_id, State.UNSURE, State.SENT, RECEIPT)
    kept = snapshot(url)
    with pytest.raises(ClaimLost):
        ledger.settle(late, SENT, Receipt(post_id="100", url=None), NOW + MINUTE)
    assert snapshot(url) == kept


def test_what_a_person_makes_unsure_is_looked_for_at_once(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, 1, state=State.FAILED)
    assert change(ledger, delivery_id, State.FAILED, State.UNSURE)
    assert [doubt.delivery_id for doubt in ledger.doubts(NOW + MINUTE)] == [delivery_id]


@pytest.mark.parametrize("before", [State.PROPOSED, State.FAILED, State.SKIPPED, State.CANCELLED])
def test_a_delivery_without_a_post_cannot_be_made_due(ledger: SqlLedger, url: str, before: State) -> None:
    delivery_id = put(ledger, 1, state=before, post=None, reason="could not be rendered")
    kept = snapshot(url)
    for after in (State.PENDING, State.SENT, State.UNSURE):
        with pytest.raises(Refused, match=r"no post.*could not be rendered.*announce its aid again"):
            change(ledger, delivery_id, before, after, RECEIPT)
    assert snapshot(url) == kept
    assert change(ledger, delivery_id, before, State.CANCELLED)


def test_a_missing_post_without_a_reason_is_told_plainly(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, 1, state=State.PROPOSED, post=None)
    words = (
        f"delivery {delivery_id} has no post, so it cannot be pending; mend that and announce its aid again"
    )
    with pytest.raises(Refused) as raised:
        change(ledger, delivery_id, State.PROPOSED, State.PENDING)
    assert str(raised.value) == words


def test_an_unknown_delivery_is_named_and_nothing_written(ledger: SqlLedger, url: str) -> None:
    put(ledger, 1)
    kept = snapshot(url)
    for unknown in (0, -1, 5, 10**18, 2**63, 10**30):
        with pytest.raises(UnknownName, match=str(unknown)):
            change(ledger, unknown, State.PENDING, State.CANCELLED)
    assert snapshot(url) == kept


def test_a_change_that_cannot_be_recorded_does_not_happen(ledger: SqlLedger, url: str) -> None:
    delivery_id = put(ledger, 1)
    kept = snapshot(url)
    with pytest.raises(LedgerError):
        ledger.change_delivery(
            delivery_id, [State.PENDING], State.CANCELLED, who="\ud83d", reason="so", now=NOW
        )
    with pytest.raises(LedgerError):
        ledger.pause_channel(X, "so", NOW, "\ud83d")
    assert snapshot(url) == kept


# --- channels


def test_a_channel_is_paused_and_resumed_and_both_are_on_record(ledger: SqlLedger) -> None:
    put(ledger, 1)
    assert ledger.pause_channel(X, "an incident", NOW, "ada")
    assert ledger.due_channels(NOW, CAMPAIGNS) == ()
    page, account = ledger.channels()
    assert (account.paused_at, account.paused_reason, page.paused_at) == (NOW, "an incident", None)
    assert ledger.resume_channel(X, "it is over", NOW + MINUTE, "bo")
    assert ledger.due_channels(NOW, CAMPAIGNS) == (X,)
    resumed, paused = ledger.changes()
    assert (paused.changed_at, paused.who, paused.reason) == (NOW, "ada", "an incident")
    assert (paused.action, paused.channel, paused.delivery_id) == ("paused", X, None)
    assert (resumed.changed_at, resumed.who, resumed.reason) == (NOW + MINUTE, "bo", "it is over")
    assert (resumed.action, resumed.channel, resumed.delivery_id) == ("resumed", X, None)


def test_what_changes_no_channel_is_not_on_record(ledger: SqlLedger, url: str) -> None:
    assert ledger.pause_channel(X, "an incident", NOW, "ada")
    kept = snapshot(url)
    assert not ledger.pause_channel(X, "another reason", NOW + MINUTE, "bo")
    assert not ledger.resume_channel(PAGE, "why not", NOW + MINUTE, "bo")
    for unknown in (ledger.pause_channel, ledger.resume_channel):
        with pytest.raises(UnknownName, match="no channel mastodon"):
            unknown("mastodon", "so", NOW, "ada")
    assert snapshot(url) == kept


def test_a_pause_by_a_verdict_is_no_persons_change(ledger: SqlLedger) -> None:
    put(ledger, 1)
    verdict = Verdict(state=State.PENDING, outcome=Outcome.UNAUTHORIZED, pause="make a new token")
    ledger.settle(claim(ledger), verdict, None, NOW)
    assert ledger.changes() == ()
    assert ledger.resume_channel(X, "made one", NOW, "ada")
    assert [each.action for each in ledger.changes()] == ["resumed"]


# --- the list


def test_changes_come_newest_first_and_limited(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, 1)
    assert ledger.changes() == ()
    assert change(ledger, delivery_id, State.PENDING, State.CANCELLED)
    assert ledger.pause_channel(X, "so", NOW, "ada")
    assert change(ledger, delivery_id, State.CANCELLED, State.PENDING)
    actions = ["cancelled -> pending", "paused", "pending -> cancelled"]
    assert [each.action for each in ledger.changes()] == actions
    assert [each.action for each in ledger.changes(limit=2)] == actions[:2]
    assert ledger.changes(limit=0) == ()


@pytest.mark.parametrize("subject", ["NULL, NULL", "1, 'page'"])
def test_the_database_itself_wants_one_subject_for_a_change(
    ledger: SqlLedger, url: str, subject: str
) -> None:
    put(ledger, 1)
    with pytest.raises(Exception, match="ck_change_subject"):
        run_sql(
            url,
            "INSERT INTO change (changed_at, who, reason, action, delivery_id, channel)"
            f" VALUES ('{NOW.isoformat()}', 'ada', 'so', 'paused', {subject})",
        )
