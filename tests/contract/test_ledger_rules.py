"""What rules do to deliveries is on record beside what people do; an answer keeps its question."""

import json
from datetime import timedelta

import pytest

from ledgers import (
    MINUTE,
    NOW,
    RECEIPT,
    SENT,
    X,
    claim,
    make_aid,
    make_plan,
    put,
    snapshot,
    tempo,
)
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.schedule import Late, LatePolicy
from spotlight_notify.model.words import Cause, State

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("policy", "state"), [(LatePolicy.SKIP, State.SKIPPED), (LatePolicy.ASK, State.PROPOSED)]
)
def test_what_is_late_is_on_record_with_its_reason(
    ledger: SqlLedger, policy: LatePolicy, state: State
) -> None:
    delivery_id = put(ledger)
    late = tempo(late=Late(policy=policy, after=HOUR))
    assert ledger.claim_due(X, NOW + 9 * HOUR, MINUTE, "tester", late) is None
    one, (change,) = ledger.delivery(delivery_id), ledger.changes()
    assert (change.who, change.action, change.reason) == ("policy", f"pending -> {state}", one.reason)
    assert (change.delivery_id, change.changed_at) == (delivery_id, NOW + 9 * HOUR)


@pytest.mark.parametrize("policy", LatePolicy)
def test_what_will_be_stopped_as_late_is_foretold_and_nothing_is_written(
    ledger: SqlLedger, url: str, policy: LatePolicy
) -> None:
    delivery_id, late = put(ledger, 1), tempo(late=Late(policy=policy, after=HOUR))
    put(ledger, 2, due_at=NOW + 9 * HOUR)
    before = snapshot(url)
    foretold = [(one.id, one.slot) for one in ledger.late(X, late, NOW + 9 * HOUR)]
    assert foretold == ([] if policy is LatePolicy.SEND else [(delivery_id, NOW)])
    assert snapshot(url) == before
    ledger.claim_due(X, NOW + 9 * HOUR, MINUTE, "tester", late)
    stopped = [one.id for one in ledger.deliveries() if one.cause is Cause.LATE]
    assert stopped == [each for each, _ in foretold]


def test_what_is_over_is_on_record(ledger: SqlLedger) -> None:
    put(ledger, aid={"event_at": NOW + HOUR})
    assert ledger.claim_due(X, NOW + HOUR, MINUTE, "tester", tempo()) is None
    assert [(each.who, each.action) for each in ledger.changes()] == [("policy", "pending -> skipped")]


def test_why_a_person_was_asked_outlasts_the_answer(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, state=State.PROPOSED, cause=Cause.LATE, reason="it is late")
    ledger.change_delivery(delivery_id, [State.PROPOSED], State.PENDING, who="ada", reason="go", now=NOW)
    (change,) = ledger.changes()
    assert (change.who, change.reason) == ("ada", "go")
    assert json.loads(change.detail or "") == {"cause": "late", "reason": "it is late"}


def test_a_claim_knows_when_its_aid_is_over(ledger: SqlLedger) -> None:
    put(ledger, 1, aid={"event_at": NOW + 2 * HOUR, "expires_at": NOW + HOUR})
    assert claim(ledger).over_at == NOW + HOUR


def test_what_a_digest_tells_of_is_not_sent_for_another_source(ledger: SqlLedger) -> None:
    ledger.register({"table": ""}, [], NOW)
    digest = put(ledger, 1)
    ledger.settle(claim(ledger), SENT, RECEIPT, NOW)
    put(ledger, 2, state=State.SKIPPED, cause=Cause.DIGEST, digest_id=digest)
    link = "https://site.example/2"
    with ledger.recording("table") as book:
        aid = make_aid("t", source="table", link=link, aliases=("guid:t", f"link:{link}"))
        twin = book.plan(book.add(aid, baseline=False, now=NOW).id, make_plan(), NOW)
    assert twin is not None
    assert ledger.claim_due(X, NOW, MINUTE, "tester", tempo()) is None
    assert (ledger.delivery(twin).state, ledger.delivery(twin).cause) == (State.SKIPPED, Cause.DUPLICATE)
