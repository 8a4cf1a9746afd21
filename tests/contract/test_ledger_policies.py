"""What Ledger promises about posts that nobody approved though their campaign wants it: none is claimed."""

from typing import Any

import pytest

from ledgers import (
    MINUTE,
    NOW,
    PAGE,
    TEMPO,
    UNKNOWN,
    X,
    claim,
    make_approval,
    put,
    put_approved,
    snapshot,
)
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.campaigns import ApprovalPolicy
from spotlight_notify.model.posts import Finding
from spotlight_notify.model.records.attempts import Claim
from spotlight_notify.model.words import Access, Cause, Kind, Level, State

EVERYTHING = ApprovalPolicy(everything=True)
WARNING = Finding(rule="length", level=Level.WARNING, message="long", source="")


def claimed(ledger: SqlLedger, policy: ApprovalPolicy = EVERYTHING) -> Claim | None:
    return ledger.claim_due(X, NOW, MINUTE, "tester", TEMPO, policies={"spotlight": policy})


def test_what_was_planned_before_approvals_were_wanted_is_asked_about(ledger: SqlLedger) -> None:
    due, later = put(ledger, 1), put(ledger, 2, due_at=NOW + 99 * MINUTE)
    assert claimed(ledger) is None
    for delivery_id in (due, later):
        shown = ledger.delivery(delivery_id)
        assert (shown.state, shown.cause) == (State.PROPOSED, Cause.APPROVAL)
        assert shown.reason == "awaits approval: every post of this campaign is approved by a person first"
    assert ledger.approve(due, make_approval(ledger, due))
    given = claimed(ledger)
    assert given is not None
    assert (given.delivery_id, given.approved) == (due, True)


@pytest.mark.parametrize(
    ("policy", "asked"),
    [
        (ApprovalPolicy(kinds=frozenset({Kind.WEBINAR, Kind.POSTER})), [2]),
        (ApprovalPolicy(sign_in=True), [3]),
        (ApprovalPolicy(warnings=True), [4]),
        (ApprovalPolicy(warnings=True, sign_in=True), [3, 4]),
        (ApprovalPolicy(approvers=("ada",), four_eyes=True), []),
    ],
)
def test_only_what_the_policy_is_about_is_asked_about(
    ledger: SqlLedger, policy: ApprovalPolicy, asked: list[int]
) -> None:
    plain = put(ledger, 1)
    made: list[dict[str, Any]] = [
        {"aid": {"kind": Kind.WEBINAR}},
        {"aid": {"access": Access.SIGN_IN}},
        {"findings": (WARNING,)},
        {"findings": (Finding(rule="hint", level=Level.HINT, message="", source=""),)},
    ]
    ids = [plain, *(put(ledger, number, **each) for number, each in enumerate(made, 2))]
    given = claimed(ledger, policy)
    assert given is not None
    assert given.delivery_id == plain
    proposed = [one.id for one in ledger.deliveries() if one.state is State.PROPOSED]
    assert sorted(proposed) == [ids[number - 1] for number in asked]


def test_other_campaigns_other_channels_and_what_is_approved_are_left_alone(
    ledger: SqlLedger, url: str
) -> None:
    approved = put_approved(ledger, 1)
    put(ledger, 2, channel="page")
    before = snapshot(url)
    assert (
        ledger.claim_due(X, NOW, MINUTE, "tester", TEMPO, policies={"other": EVERYTHING}, delivery_id=99)
        is None
    )
    assert (
        ledger.claim_due(X, NOW, MINUTE, "tester", TEMPO, policies={"spotlight": EVERYTHING}, delivery_id=99)
        is None
    )
    assert snapshot(url) == before
    given = claimed(ledger)
    assert given is not None
    assert given.delivery_id == approved


def test_what_is_proven_absent_after_approvals_were_wanted_is_asked_about(ledger: SqlLedger) -> None:
    delivery_id = put(ledger)
    ledger.settle(claim(ledger), UNKNOWN, None, NOW)
    assert ledger.change_delivery(
        delivery_id, [State.UNSURE], State.PENDING, who="eve", reason="gone", now=NOW
    )
    assert claimed(ledger) is None
    assert ledger.delivery(delivery_id).cause is Cause.APPROVAL


def test_what_nobody_was_asked_about_is_claimed_as_not_approved(ledger: SqlLedger) -> None:
    put(ledger)
    assert not claim(ledger).approved


def test_it_is_asked_about_before_anything_is_due_for_whoever_wants_to_know(ledger: SqlLedger) -> None:
    later, page = put(ledger, 1, due_at=NOW + 99 * MINUTE), put(ledger, 2, channel=PAGE)
    approved = put_approved(ledger, 3)
    ledger.ask_unapproved({"spotlight": EVERYTHING}, NOW)
    asked = {one.id for one in ledger.deliveries() if one.cause is Cause.APPROVAL}
    assert asked == {later, page}
    assert ledger.delivery(approved).state is State.PENDING


def test_what_a_policy_asks_is_on_record_once(ledger: SqlLedger, url: str) -> None:
    delivery_id = put(ledger)
    ledger.ask_unapproved({"spotlight": EVERYTHING}, NOW)
    (change,) = ledger.changes()
    assert (change.who, change.action, change.delivery_id) == ("policy", "pending -> proposed", delivery_id)
    before = snapshot(url)
    ledger.ask_unapproved({"spotlight": EVERYTHING}, NOW)
    assert snapshot(url) == before


def test_a_digest_is_asked_about_if_one_of_its_aids_would_be(ledger: SqlLedger) -> None:
    webinars = ApprovalPolicy(kinds=frozenset({Kind.WEBINAR}))
    calm, digest = put(ledger, 1), put(ledger, 2)
    put(ledger, 3, aid={"kind": Kind.WEBINAR}, state=State.SKIPPED, cause=Cause.DIGEST, digest_id=digest)
    ledger.ask_unapproved({"spotlight": webinars}, NOW)
    assert ledger.delivery(calm).state is State.PENDING
    assert ledger.delivery(digest).cause is Cause.APPROVAL


def test_an_approval_ends_with_what_it_let_go(ledger: SqlLedger) -> None:
    delivery_id = put_approved(ledger)
    for states, state in (([State.PENDING], State.CANCELLED), ([State.CANCELLED], State.PENDING)):
        assert ledger.change_delivery(delivery_id, states, state, who="eve", reason="so", now=NOW)
    assert claimed(ledger) is None
    assert ledger.delivery(delivery_id).cause is Cause.APPROVAL
