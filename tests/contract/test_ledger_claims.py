"""What Ledger promises about sending: who may claim, what a settlement writes, who is fenced off."""

from dataclasses import replace

import pytest

from ledgers import (
    CAMPAIGNS,
    MINUTE,
    NOW,
    PAGE,
    RECEIPT,
    SENT,
    SITE,
    TEMPO,
    X,
    claim,
    put,
    run_sql,
    snapshot,
    tempo,
)
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.errors import ClaimLost, LedgerError
from spotlight_notify.model.posts import Post, Receipt
from spotlight_notify.model.records.attempts import Verdict
from spotlight_notify.model.words import Outcome, State


def nothing_to_claim(ledger: SqlLedger, channel: str = X) -> bool:
    return ledger.claim_due(channel, NOW, MINUTE, "tester", TEMPO) is None


def test_a_claim_commits_sending_and_an_attempt(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, 1)
    claimed = ledger.claim_due(X, NOW, MINUTE, "tester", TEMPO)
    assert claimed is not None
    assert (claimed.delivery_id, claimed.campaign, claimed.channel) == (delivery_id, "spotlight", X)
    assert (claimed.number, claimed.tries, claimed.leased_until_at) == (1, 0, NOW + MINUTE)
    shown = ledger.delivery(delivery_id)
    assert (shown.state, shown.post, shown.changed_at) == (State.SENDING, claimed.post, NOW)
    (attempt,) = ledger.attempts(delivery_id)
    assert (attempt.id, attempt.number, attempt.claimant) == (claimed.attempt_id, 1, "tester")
    assert (attempt.started_at, attempt.ended_at, attempt.outcome, attempt.detail) == (NOW, None, None, None)


def test_the_oldest_due_goes_first_then_the_lowest_id(ledger: SqlLedger) -> None:
    second, first = put(ledger, 1), put(ledger, 2, due_at=NOW - MINUTE)
    third = put(ledger, 3)
    order = []
    for _ in range(3):
        claimed = claim(ledger)
        order.append(claimed.delivery_id)
        ledger.settle(claimed, SENT, None, NOW)
    assert order == [first, second, third]
    assert nothing_to_claim(ledger)


def test_nothing_is_claimed_before_it_is_due(ledger: SqlLedger) -> None:
    put(ledger, 1, due_at=NOW + MINUTE)
    assert nothing_to_claim(ledger)
    assert claim(ledger, NOW + MINUTE).number == 1


@pytest.mark.parametrize("state", [state for state in State if state not in (State.PENDING, State.SENDING)])
def test_only_what_is_pending_is_claimed(ledger: SqlLedger, state: State) -> None:
    put(ledger, 1, state=state, reason="so")
    assert ledger.due_channels(NOW, CAMPAIGNS) == ()
    assert nothing_to_claim(ledger)


def test_the_one_named_is_claimed_or_none(ledger: SqlLedger) -> None:
    put(ledger, 1)
    named, later = put(ledger, 2), put(ledger, 3, due_at=NOW + MINUTE)
    elsewhere = put(ledger, 4, channel=PAGE)
    for refused in (later, elsewhere, 12_345):
        assert ledger.claim_due(X, NOW, MINUTE, "tester", TEMPO, delivery_id=refused) is None
    assert claim(ledger, delivery_id=named).delivery_id == named


def test_one_delivery_is_on_its_way_per_channel(ledger: SqlLedger) -> None:
    named = put(ledger, 1)
    put(ledger, 2)
    put(ledger, 3, channel=PAGE)
    assert ledger.due_channels(NOW, CAMPAIGNS) == (PAGE, X)
    claimed = claim(ledger, delivery_id=named)
    assert nothing_to_claim(ledger)
    assert ledger.due_channels(NOW, CAMPAIGNS) == (PAGE,)
    assert claim(ledger, channel=PAGE).channel == PAGE
    ledger.settle(claimed, SENT, RECEIPT, NOW)
    assert ledger.due_channels(NOW, CAMPAIGNS) == (X,)


def test_the_database_itself_refuses_a_second_on_its_way(ledger: SqlLedger, url: str) -> None:
    put(ledger, 1)
    put(ledger, 2)
    claim(ledger)
    with pytest.raises(Exception, match=r"(?i)unique"):
        run_sql(
            url,
            "UPDATE delivery SET state = 'sending', claimant = 'x', epoch = 9, leased_until_at = due_at"
            " WHERE state = 'pending'",
        )


def test_a_refused_claim_writes_nothing(ledger: SqlLedger, url: str) -> None:
    put(ledger, 1)
    claim(ledger)
    put(ledger, 2, channel=PAGE, due_at=NOW + MINUTE)
    before = snapshot(url)
    assert nothing_to_claim(ledger)
    assert nothing_to_claim(ledger, PAGE)
    assert nothing_to_claim(ledger, "nobody")
    assert snapshot(url) == before


def test_every_claim_takes_a_new_epoch(ledger: SqlLedger) -> None:
    put(ledger, 1)
    epochs = []
    for _ in range(3):
        claimed = claim(ledger)
        epochs.append(claimed.epoch)
        ledger.settle(claimed, Verdict(state=State.PENDING, outcome=Outcome.UNREACHABLE), None, NOW)
    assert epochs == [1, 2, 3]
    assert [status.epoch for status in ledger.channels()] == [0, 3]


def test_a_receipt_settles_as_sent(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, 1)
    ledger.settle(claim(ledger), SENT, RECEIPT, NOW + MINUTE / 2)
    shown = ledger.delivery(delivery_id)
    assert (shown.state, shown.receipt, shown.reason, shown.tries) == (State.SENT, RECEIPT, None, 0)
    assert shown.changed_at == NOW + MINUTE / 2
    (attempt,) = ledger.attempts(delivery_id)
    assert (attempt.outcome, attempt.ended_at, attempt.detail) == (Outcome.SENT, NOW + MINUTE / 2, None)
    assert ledger.deliveries() == (shown,)


def test_a_verdict_moves_due_time_reason_and_tries(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, 1)
    again = Verdict(
        state=State.PENDING, outcome=Outcome.UNREACHABLE, reason="no answer", due_at=NOW + MINUTE, burns=True
    )
    ledger.settle(claim(ledger), again, None, NOW)
    shown = ledger.delivery(delivery_id)
    assert (shown.state, shown.reason, shown.due_at, shown.tries) == (
        State.PENDING,
        "no answer",
        NOW + MINUTE,
        1,
    )
    assert nothing_to_claim(ledger)
    second = claim(ledger, NOW + MINUTE)
    assert (second.number, second.tries) == (2, 1)
    assert ledger.delivery(delivery_id).reason is None
    ledger.settle(second, replace(again, burns=False, due_at=None), None, NOW + MINUTE)
    shown = ledger.delivery(delivery_id)
    assert (shown.tries, shown.due_at) == (1, NOW + MINUTE)
    assert [attempt.number for attempt in ledger.attempts(delivery_id)] == [1, 2]
    assert [attempt.detail for attempt in ledger.attempts(delivery_id)] == ["no answer", "no answer"]


@pytest.mark.parametrize(
    ("state", "outcome"), [(State.FAILED, Outcome.REJECTED), (State.UNSURE, Outcome.UNKNOWN)]
)
def test_what_failed_or_is_unsure_is_not_claimed_again(
    ledger: SqlLedger, state: State, outcome: Outcome
) -> None:
    delivery_id = put(ledger, 1)
    ledger.settle(claim(ledger), Verdict(state=state, outcome=outcome, reason="so it is"), None, NOW)
    assert ledger.delivery(delivery_id).state is state
    assert ledger.attempts(delivery_id)[0].outcome is outcome
    assert ledger.claim_due(X, NOW + 1_000 * MINUTE, MINUTE, "tester", TEMPO) is None


def test_a_paused_channel_waits_and_says_what_to_do(ledger: SqlLedger) -> None:
    put(ledger, 1)
    put(ledger, 2)
    verdict = Verdict(state=State.PENDING, outcome=Outcome.UNAUTHORIZED, pause="make a new token")
    ledger.settle(claim(ledger), verdict, None, NOW)
    page, account = ledger.channels()
    assert (account.paused_at, account.paused_reason, page.paused_at) == (NOW, "make a new token", None)
    assert nothing_to_claim(ledger)
    assert ledger.due_channels(NOW + MINUTE, CAMPAIGNS) == ()
    assert ledger.next_due_at(X) is None
    assert ledger.attempts(1)[0].detail == "make a new token"
    assert ledger.counts() == {State.PENDING: 2}


def test_a_pause_that_stands_keeps_its_reason(ledger: SqlLedger, url: str) -> None:
    put(ledger, 1)
    claimed = claim(ledger)
    run_sql(url, f"UPDATE channel SET paused_at = '{NOW.isoformat()}', paused_reason = 'by hand'")
    ledger.settle(
        claimed, Verdict(state=State.PENDING, outcome=Outcome.UNAUTHORIZED, pause="token"), None, NOW
    )
    assert [status.paused_reason for status in ledger.channels()] == ["by hand", "by hand"]


def test_a_throttled_channel_waits_for_its_reset_and_others_go_on(ledger: SqlLedger) -> None:
    put(ledger, 1)
    put(ledger, 2, channel=PAGE)
    throttled = Verdict(state=State.PENDING, outcome=Outcome.THROTTLED, channel_due_at=NOW + MINUTE)
    ledger.settle(claim(ledger), throttled, None, NOW)
    assert nothing_to_claim(ledger)
    assert ledger.due_channels(NOW, CAMPAIGNS) == (PAGE,)
    assert ledger.next_due_at(X) == NOW + MINUTE
    assert ledger.due_channels(NOW + MINUTE, CAMPAIGNS) == (PAGE, X)
    sooner = replace(throttled, channel_due_at=NOW + MINUTE / 2)
    ledger.settle(claim(ledger, NOW + MINUTE), sooner, None, NOW)
    assert ledger.channels()[1].due_at == NOW + MINUTE


def test_a_claim_tells_when_it_was_turned_away_last(ledger: SqlLedger) -> None:
    put(ledger, 1)
    told = []
    for minute, outcome in enumerate((Outcome.THROTTLED, Outcome.UNAUTHORIZED, Outcome.UNREACHABLE)):
        now = NOW + minute * MINUTE
        claimed = claim(ledger, now)
        told.append(claimed.turned_away_at)
        ledger.settle(claimed, Verdict(state=State.PENDING, outcome=outcome), None, now)
    told.append(claim(ledger, NOW + 5 * MINUTE).turned_away_at)
    assert told == [None, NOW, NOW + MINUTE, NOW + MINUTE]


def test_the_next_due_time_is_the_earliest_pending(ledger: SqlLedger) -> None:
    assert ledger.next_due_at(X) is None
    assert ledger.next_due_at("nobody") is None
    put(ledger, 1, due_at=NOW + 2 * MINUTE)
    put(ledger, 2, due_at=NOW + MINUTE)
    put(ledger, 3, state=State.PROPOSED, due_at=NOW)
    assert ledger.next_due_at(X) == NOW + MINUTE
    assert ledger.next_due_at(PAGE) is None


def test_a_settlement_counts_once(ledger: SqlLedger, url: str) -> None:
    put(ledger, 1)
    claimed = claim(ledger)
    ledger.settle(claimed, SENT, RECEIPT, NOW)
    before = snapshot(url)
    failed = Verdict(state=State.FAILED, outcome=Outcome.REJECTED, pause="stop", channel_due_at=NOW + MINUTE)
    with pytest.raises(ClaimLost):
        ledger.settle(claimed, failed, replace(RECEIPT, post_id="100"), NOW + MINUTE)
    assert snapshot(url) == before


def test_a_claimant_who_slept_may_settle_while_nobody_stranded_it(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, 1)
    claimed = claim(ledger)
    ledger.settle(claimed, SENT, RECEIPT, NOW + 60 * MINUTE)
    assert ledger.delivery(delivery_id).state is State.SENT
    assert ledger.strand(NOW + 61 * MINUTE) == ()


def test_past_its_lease_a_delivery_is_unsure_with_a_reason(ledger: SqlLedger) -> None:
    second, first = put(ledger, 1), put(ledger, 2, channel=PAGE)
    put(ledger, 3)
    claim(ledger, channel=PAGE)
    claim(ledger)
    assert ledger.strand(NOW + MINUTE - MINUTE / 60) == ()
    assert ledger.strand(NOW + MINUTE) == tuple(sorted((first, second)))
    shown = ledger.delivery(second)
    assert (shown.state, shown.changed_at) == (State.UNSURE, NOW + MINUTE)
    assert shown.reason is not None
    assert "may be public" in shown.reason
    (attempt,) = ledger.attempts(second)
    assert (attempt.outcome, attempt.ended_at) == (Outcome.STRANDED, NOW + MINUTE)
    assert ledger.counts() == {State.UNSURE: 2, State.PENDING: 1}
    assert ledger.strand(NOW + MINUTE) == ()


def test_a_stranded_claimant_without_a_receipt_cannot_write(ledger: SqlLedger, url: str) -> None:
    put(ledger, 1)
    claimed = claim(ledger)
    ledger.strand(NOW + MINUTE)
    before = snapshot(url)
    with pytest.raises(ClaimLost, match="delivery 1"):
        ledger.settle(claimed, SENT, None, NOW + MINUTE)
    assert snapshot(url) == before


def test_a_claimant_fenced_off_by_a_later_claim_cannot_write(ledger: SqlLedger, url: str) -> None:
    delivery_id = put(ledger, 1)
    old = claim(ledger)
    ledger.strand(NOW + MINUTE)
    run_sql(url, "UPDATE delivery SET state = 'pending', reason = NULL")
    new = claim(ledger, NOW + MINUTE)
    assert (new.delivery_id, new.number, new.epoch) == (delivery_id, 2, old.epoch + 1)
    before = snapshot(url)
    verdict = Verdict(
        state=State.FAILED, outcome=Outcome.REJECTED, pause="stop", channel_due_at=NOW + 9 * MINUTE
    )
    with pytest.raises(ClaimLost):
        ledger.settle(old, verdict, RECEIPT, NOW + MINUTE)
    assert snapshot(url) == before
    ledger.settle(new, SENT, RECEIPT, NOW + MINUTE)
    assert ledger.delivery(delivery_id).receipt == RECEIPT


def test_a_receipt_that_is_another_deliverys_settles_nothing(ledger: SqlLedger, url: str) -> None:
    put(ledger, 1)
    put(ledger, 2)
    ledger.settle(claim(ledger), SENT, RECEIPT, NOW)
    taken = claim(ledger)
    before = snapshot(url)
    with pytest.raises(ClaimLost, match=f"post {RECEIPT.post_id} is another's"):
        ledger.settle(taken, SENT, RECEIPT, NOW)
    assert snapshot(url) == before


def test_a_settlement_that_cannot_be_written_is_undone(ledger: SqlLedger, url: str) -> None:
    put(ledger, 1)
    claimed = claim(ledger)
    before = snapshot(url)
    with pytest.raises(LedgerError):
        ledger.settle(claimed, SENT, replace(RECEIPT, post_id="\ud83d"), NOW)
    assert snapshot(url) == before
    ledger.settle(claimed, SENT, RECEIPT, NOW)


def test_the_post_is_claimed_to_the_letter(ledger: SqlLedger) -> None:
    post = Post(text="“Wörds”\r\n\t👮🏽‍♀️ &amp; #Tag ", link="https://site.example/1")
    put(ledger, 1, post=post)
    assert claim(ledger).post == post


def test_a_late_recording_does_not_disturb_what_is_on_its_way(ledger: SqlLedger) -> None:
    put(ledger, 1)
    claimed = claim(ledger)
    with ledger.recording(SITE) as book:
        book.finish(cursor="x", next_poll_at=NOW, baseline_done=True, now=NOW)
    put(ledger, 2)
    ledger.settle(claimed, SENT, RECEIPT, NOW)
    assert ledger.counts() == {State.SENT: 1, State.PENDING: 1}


def test_resuming_lifts_the_rest_of_a_throttled_channel(ledger: SqlLedger) -> None:
    put(ledger, 1)
    rest = NOW + 1_000 * MINUTE
    throttled = Verdict(state=State.PENDING, outcome=Outcome.THROTTLED, channel_due_at=rest)
    ledger.settle(claim(ledger), throttled, None, NOW)
    assert ledger.due_channels(NOW, CAMPAIGNS) == ()
    assert ledger.resume_channel(X, "mended", NOW, "ada")
    assert ledger.due_channels(NOW, CAMPAIGNS) == (X,)


def test_deliveries_of_other_campaigns_wait(ledger: SqlLedger) -> None:
    put(ledger, 1)
    assert ledger.due_channels(NOW, ()) == ()
    assert ledger.claim_due(X, NOW, MINUTE, "tester", tempo("other")) is None
    assert ledger.claim_due(X, NOW, MINUTE, "tester", TEMPO) is not None


def test_a_receipt_after_the_lease_settles_but_nothing_else_does(ledger: SqlLedger) -> None:
    first, second = put(ledger, 1), put(ledger, 2)
    late = claim(ledger)
    ledger.strand(NOW + 2 * MINUTE)
    ledger.settle(late, Verdict(state=State.SENT, outcome=Outcome.SENT), Receipt(post_id="7", url=None), NOW)
    assert ledger.delivery(first).state is State.SENT
    hopeless = claim(ledger)
    ledger.strand(NOW + 2 * MINUTE)
    with pytest.raises(ClaimLost):
        ledger.settle(hopeless, Verdict(state=State.PENDING, outcome=Outcome.UNREACHABLE), None, NOW)
    assert ledger.delivery(second).state is State.UNSURE


@pytest.mark.parametrize("outcome", [Outcome.UNKNOWN, Outcome.STRANDED])
def test_a_claim_is_doubted_once_an_earlier_attempt_may_have_made_it_public(
    ledger: SqlLedger, url: str, outcome: Outcome
) -> None:
    delivery_id, other = put(ledger, 1), put(ledger, 2, channel=PAGE)
    first = claim(ledger)
    assert not first.doubted
    if outcome is Outcome.UNKNOWN:
        ledger.settle(first, Verdict(state=State.UNSURE, outcome=outcome, reason="no answer"), None, NOW)
    else:
        ledger.strand(NOW + MINUTE)
    run_sql(url, f"UPDATE delivery SET state = 'pending' WHERE id = {delivery_id}")
    for _ in range(2):  # also when a later attempt ended clearly
        again = claim(ledger)
        assert (again.delivery_id, again.doubted) == (delivery_id, True)
        ledger.settle(again, Verdict(state=State.PENDING, outcome=Outcome.UNREACHABLE), None, NOW)
    assert claim(ledger, channel=PAGE, delivery_id=other).doubted is False


@pytest.mark.parametrize(
    "outcome", [each for each in Outcome if each not in (Outcome.UNKNOWN, Outcome.STRANDED)]
)
def test_an_attempt_that_ended_clearly_leaves_no_doubt(ledger: SqlLedger, outcome: Outcome) -> None:
    put(ledger, 1)
    ledger.settle(claim(ledger), Verdict(state=State.PENDING, outcome=outcome), None, NOW)
    assert claim(ledger).doubted is False


def test_a_receipt_that_comes_after_a_mistaken_proof_of_absence_settles(ledger: SqlLedger, url: str) -> None:
    first = put(ledger, 1)
    late = claim(ledger)
    ledger.strand(NOW + 2 * MINUTE)
    run_sql(url, "UPDATE delivery SET state = 'pending', look_at = NULL")
    ledger.settle(late, SENT, RECEIPT, NOW)
    assert ledger.delivery(first).state is State.SENT
