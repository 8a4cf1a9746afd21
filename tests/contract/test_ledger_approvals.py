"""What Ledger promises about approvals and edits: bound to the very post, one in force, all on record."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgers import (
    MINUTE,
    NOW,
    RECEIPT,
    SENT,
    SITE,
    TEMPO,
    UNKNOWN,
    X,
    claim,
    make_approval,
    make_plan,
    put,
    put_approved,
    run_sql,
    snapshot,
    tempo,
)
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Image
from spotlight_notify.model.campaigns import Plan
from spotlight_notify.model.errors import Refused, UnknownName
from spotlight_notify.model.posts import Finding, Post
from spotlight_notify.model.records.attempts import Verdict
from spotlight_notify.model.records.orders import Approval
from spotlight_notify.model.schedule import Late, LatePolicy
from spotlight_notify.model.words import Cause, Level, Outcome, State
from spotlight_notify.rules.approval import post_hash

LATER = NOW + MINUTE
LINK = "https://site.example/1"
OTHER = Post(text=f"Other words {LINK} #Tag", link=LINK)
WARNING = Finding(rule="length", level=Level.WARNING, message="long", source="")
GIVEN_UP = [State.SENDING, State.SENT, State.UNSURE, State.FAILED, State.SKIPPED, State.CANCELLED]


def put_asked(ledger: SqlLedger, number: int = 1, cause: Cause = Cause.APPROVAL) -> int:
    return put(ledger, number, state=State.PROPOSED, cause=cause, reason="it has warnings")


def edit(ledger: SqlLedger, delivery_id: int, plan: Plan | None = None) -> bool:
    plan = plan or make_plan(post=OTHER)
    return ledger.edit(ledger.delivery(delivery_id), plan, who="eve", reason="a word was missing", now=LATER)


def retry(ledger: SqlLedger, delivery_id: int) -> bool:
    states = [State.PROPOSED, State.CANCELLED, State.SKIPPED, State.FAILED]
    return ledger.change_delivery(delivery_id, states, State.PENDING, who="ada", reason="go", now=LATER)


# --- approving


def test_what_is_approved_goes_with_its_approval(ledger: SqlLedger) -> None:
    delivery_id = put_asked(ledger)
    approval = make_approval(ledger, delivery_id, until_at=LATER)
    assert ledger.delivery(delivery_id).approval is None
    assert ledger.approve(delivery_id, approval)
    shown = ledger.delivery(delivery_id)
    assert (shown.state, shown.cause, shown.reason, shown.approval) == (State.PENDING, None, None, approval)
    assert shown.changed_at == NOW
    assert claim(ledger).delivery_id == delivery_id
    assert ledger.deliveries()[0].approval == approval


def test_an_approval_is_on_record_with_what_it_was_asked_for(ledger: SqlLedger) -> None:
    delivery_id = put_approved(ledger)
    (change,) = ledger.changes()
    assert (change.who, change.action, change.changed_at) == ("ada", "approved", NOW)
    assert (change.reason, change.delivery_id) == ("awaits approval", delivery_id)


@pytest.mark.parametrize("wait", [-MINUTE, MINUTE])
def test_what_is_approved_is_due_as_planned_and_not_before_it_is_approved(
    ledger: SqlLedger, wait: timedelta
) -> None:
    delivery_id = put(ledger, state=State.PROPOSED, cause=Cause.APPROVAL, due_at=NOW + wait)
    assert ledger.approve(delivery_id, make_approval(ledger, delivery_id))
    assert ledger.delivery(delivery_id).due_at == max(NOW, NOW + wait)


def test_what_was_approved_days_later_is_not_late(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, state=State.PROPOSED, cause=Cause.APPROVAL, due_at=NOW - timedelta(days=9))
    assert ledger.approve(delivery_id, make_approval(ledger, delivery_id))
    at = tempo(late=Late(policy=LatePolicy.SKIP, after=timedelta(hours=1)))
    assert claim(ledger, at=at).delivery_id == delivery_id


def test_a_reason_of_ones_own_is_on_record_beside_what_was_asked(ledger: SqlLedger) -> None:
    delivery_id = put_asked(ledger)
    assert ledger.approve(delivery_id, make_approval(ledger, delivery_id), reason="the chief has seen it")
    (change,) = ledger.changes()
    assert change.reason == "the chief has seen it"
    assert json.loads(change.detail or "") == {"reason": "it has warnings"}


def test_another_post_is_not_approved(ledger: SqlLedger, url: str) -> None:
    delivery_id = put_asked(ledger)
    before = snapshot(url)
    assert not ledger.approve(delivery_id, make_approval(ledger, delivery_id, digest=post_hash(OTHER)))
    assert snapshot(url) == before


@pytest.mark.parametrize("state", [state for state in State if state not in (State.PROPOSED, State.SENDING)])
def test_only_what_is_proposed_is_approved(ledger: SqlLedger, url: str, state: State) -> None:
    delivery_id = put(ledger, state=state)
    before = snapshot(url)
    assert not ledger.approve(delivery_id, make_approval(ledger, delivery_id))
    assert snapshot(url) == before


@pytest.mark.parametrize("cause", [cause for cause in Cause if cause is not Cause.APPROVAL])
def test_only_what_is_proposed_for_approval_is_approved(ledger: SqlLedger, url: str, cause: Cause) -> None:
    delivery_id = put_asked(ledger, cause=cause)
    before = snapshot(url)
    assert not ledger.approve(delivery_id, make_approval(ledger, delivery_id))
    assert snapshot(url) == before


def test_what_has_no_post_or_is_unknown_is_not_approved(ledger: SqlLedger) -> None:
    approval = Approval(digest=post_hash(OTHER), who="ada", approved_at=NOW, until_at=None)
    assert not ledger.approve(put(ledger, state=State.PROPOSED, cause=Cause.APPROVAL, post=None), approval)
    with pytest.raises(UnknownName, match="no delivery 77"):
        ledger.approve(77, approval)


def test_the_last_approval_is_shown_and_earlier_ones_are_kept(ledger: SqlLedger, url: str) -> None:
    delivery_id = put_approved(ledger, until_at=LATER)
    assert ledger.claim_due(X, LATER, MINUTE, "tester", TEMPO) is None
    second = make_approval(ledger, delivery_id, who="bo", approved_at=LATER)
    assert ledger.delivery(delivery_id).approval != second
    assert ledger.approve(delivery_id, second)
    assert ledger.delivery(delivery_id).approval == second
    kept = run_sql(url, "SELECT who, ended_at IS NULL FROM approval ORDER BY id")
    assert [(who, bool(in_force)) for who, in_force in kept] == [("ada", False), ("bo", True)]
    assert claim(ledger, LATER).delivery_id == delivery_id


def test_the_database_itself_refuses_a_second_approval_in_force(ledger: SqlLedger, url: str) -> None:
    put_approved(ledger)
    with pytest.raises(Exception, match=r"(?i)unique"):
        run_sql(
            url,
            "INSERT INTO approval (delivery_id, digest, who, approved_at)"
            " SELECT delivery_id, 'x', 'bo', approved_at FROM approval",
        )


# --- what only an approval, or an answer, lets go


def test_what_awaits_approval_is_not_let_go_by_a_retry(ledger: SqlLedger, url: str) -> None:
    delivery_id = put_asked(ledger)
    before = snapshot(url)
    with pytest.raises(Refused, match="it awaits approval: approve it"):
        retry(ledger, delivery_id)
    assert snapshot(url) == before


def test_what_was_cancelled_before_its_approval_is_not_let_go_by_a_retry(ledger: SqlLedger) -> None:
    delivery_id = put_asked(ledger)
    assert ledger.change_delivery(
        delivery_id, [State.PROPOSED], State.CANCELLED, who="ada", reason="no", now=NOW
    )
    with pytest.raises(Refused, match="nobody approved it; to announce its aid again: announce aid 1"):
        retry(ledger, delivery_id)
    with ledger.recording(SITE) as book:
        assert book.replan(delivery_id, make_plan(), NOW)
    assert claim(ledger).delivery_id == delivery_id


def test_what_the_brake_held_is_not_let_go_by_a_retry(ledger: SqlLedger) -> None:
    delivery_id = put_asked(ledger, cause=Cause.BRAKE)
    with pytest.raises(
        Refused, match=r"To let it go: accept source site; to take it as known: baseline source site"
    ):
        retry(ledger, delivery_id)
    assert ledger.delivery(delivery_id).state is State.PROPOSED


@pytest.mark.parametrize("cause", [Cause.RULE, Cause.LINK, Cause.DATE, Cause.LATE])
def test_what_is_proposed_for_another_cause_is_let_go_by_a_retry(ledger: SqlLedger, cause: Cause) -> None:
    delivery_id = put_asked(ledger, cause=cause)
    assert retry(ledger, delivery_id)
    assert ledger.delivery(delivery_id).cause is None


def test_what_is_retried_goes_only_if_its_approval_still_fits(ledger: SqlLedger) -> None:
    delivery_id = put_approved(ledger, until_at=LATER)
    refused = Verdict(state=State.FAILED, outcome=Outcome.REJECTED, reason="refused")
    ledger.settle(claim(ledger), refused, None, NOW)
    assert retry(ledger, delivery_id)
    assert ledger.claim_due(X, LATER, MINUTE, "tester", TEMPO) is None
    assert ledger.delivery(delivery_id).cause is Cause.APPROVAL


# --- editing


@pytest.mark.parametrize("state", [State.PROPOSED, State.PENDING])
def test_another_post_comes_with_its_plan(ledger: SqlLedger, state: State) -> None:
    delivery_id = put(ledger, state=state, findings=(WARNING,))
    plan = make_plan(
        post=OTHER,
        state=State.PROPOSED,
        cause=Cause.APPROVAL,
        reason="awaits approval",
        findings=(WARNING, WARNING),
        due_at=NOW + 9 * MINUTE,
        any_hour=True,
    )
    assert edit(ledger, delivery_id, plan)
    shown = ledger.delivery(delivery_id)
    assert (shown.post, shown.state, shown.cause) == (OTHER, State.PROPOSED, Cause.APPROVAL)
    assert (shown.reason, shown.findings, shown.writers) == ("awaits approval", (WARNING, WARNING), ("eve",))
    assert (shown.changed_at, shown.due_at, shown.any_hour) == (LATER, NOW + 9 * MINUTE, False)


def test_the_change_keeps_the_post_as_it_was(ledger: SqlLedger) -> None:
    image = Image(url="https://site.example/a.png", alt="“A”", digest="ab" * 32)
    post = Post(text=f"Wörds {LINK}", link=LINK, images=(image,), reply_to="77")
    delivery_id = put(ledger, post=post)
    assert edit(ledger, delivery_id)
    (change,) = ledger.changes()
    assert (change.who, change.reason, change.action) == ("eve", "a word was missing", "edited")
    assert json.loads(change.detail or "") == {
        "text": f"Wörds {LINK}",
        "link": LINK,
        "images": [{"url": image.url, "alt": "“A”", "digest": image.digest}],
        "reply_to": "77",
    }


def test_a_post_written_for_what_could_not_be_rendered_has_none_before(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, state=State.PROPOSED, cause=Cause.RULE, post=None)
    assert edit(ledger, delivery_id)
    assert ledger.changes()[0].detail is None
    assert claim(ledger, LATER).post == OTHER


def test_an_edit_ends_the_approval(ledger: SqlLedger) -> None:
    delivery_id = put_approved(ledger)
    approval = ledger.delivery(delivery_id).approval
    assert edit(ledger, delivery_id, make_plan(post=OTHER, state=State.PROPOSED, cause=Cause.APPROVAL))
    assert ledger.delivery(delivery_id).approval == approval  # the last one given, to be told of
    assert ledger.claim_due(X, LATER, MINUTE, "tester", TEMPO) is None
    with pytest.raises(Refused):
        retry(ledger, delivery_id)
    assert ledger.approve(delivery_id, make_approval(ledger, delivery_id, who="bo"))
    assert claim(ledger, LATER).post == OTHER


def test_an_edit_after_which_nobody_must_approve_goes_without_an_approval(ledger: SqlLedger) -> None:
    delivery_id = put_approved(ledger)
    assert edit(ledger, delivery_id)
    assert claim(ledger, LATER).post == OTHER


def test_what_was_asked_again_with_the_same_post_has_no_other_writer(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, writers=("bo",))
    assert edit(ledger, delivery_id, make_plan(state=State.PROPOSED, cause=Cause.APPROVAL))
    assert ledger.delivery(delivery_id).writers == ("bo",)
    assert ledger.changes()[0].action == "asked again"


def test_all_who_wrote_on_a_post_are_known(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, writers=("bo",))
    assert ledger.delivery(delivery_id).writers == ("bo",)
    assert edit(ledger, delivery_id)
    assert ledger.delivery(delivery_id).writers == ("bo", "eve")


def test_an_edit_of_what_changed_since_it_was_seen_changes_nothing(ledger: SqlLedger, url: str) -> None:
    dropped, edited, approved = put(ledger, 1), put(ledger, 2), put_asked(ledger, 3)
    seen = [ledger.delivery(each) for each in (dropped, edited, approved)]
    assert edit(ledger, edited)
    assert ledger.approve(approved, make_approval(ledger, approved))
    assert ledger.change_delivery(dropped, [State.PENDING], State.CANCELLED, who="bo", reason="no", now=LATER)
    before = snapshot(url)
    plan = make_plan(post=replace(OTHER, text="Still others"))
    for one in seen:
        assert not ledger.edit(one, plan, who="eve", reason="late", now=LATER)
    assert snapshot(url) == before


@pytest.mark.parametrize("state", GIVEN_UP)
def test_what_does_not_wait_is_not_edited(ledger: SqlLedger, url: str, state: State) -> None:
    if state in (State.SENDING, State.SENT, State.UNSURE):
        delivery_id = put(ledger)
        claimed = claim(ledger)
        if state is not State.SENDING:
            sent = state is State.SENT
            ledger.settle(claimed, SENT if sent else UNKNOWN, RECEIPT if sent else None, NOW)
    else:
        delivery_id = put(ledger, state=state)
    before = snapshot(url)
    assert not edit(ledger, delivery_id)
    assert snapshot(url) == before


def test_a_plan_without_a_post_cannot_wait(ledger: SqlLedger, url: str) -> None:
    delivery_id = put(ledger)
    before = snapshot(url)
    with pytest.raises(Refused, match="no post"):
        edit(ledger, delivery_id, make_plan(post=None))
    with pytest.raises(UnknownName, match="no delivery 77"):
        edit(ledger, 77)
    assert snapshot(url) == before


# --- another plan


def test_another_plan_for_the_same_post_keeps_its_approval(ledger: SqlLedger) -> None:
    delivery_id = put_approved(ledger, until_at=LATER)
    with ledger.recording(SITE) as book:
        assert book.replan(delivery_id, make_plan(), NOW)
    assert ledger.claim_due(X, LATER, MINUTE, "tester", TEMPO) is None
    assert ledger.delivery(delivery_id).cause is Cause.APPROVAL


@pytest.mark.parametrize("post", [OTHER, None])
def test_another_plan_for_another_post_ends_the_approval(
    ledger: SqlLedger, url: str, post: Post | None
) -> None:
    delivery_id, other = put_approved(ledger, 1, until_at=LATER), put_approved(ledger, 2)
    state = State.PROPOSED if post is None else State.PENDING
    with ledger.recording(SITE) as book:
        assert book.replan(delivery_id, make_plan(post=post, state=state), NOW)
    in_force = run_sql(url, "SELECT delivery_id FROM approval WHERE ended_at IS NULL")
    assert in_force == [(other,)]


words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=words, alt=words, reply_to=st.none() | words)
def test_a_post_is_approved_as_it_comes_back(
    ledger: SqlLedger, text: str, alt: str, reply_to: str | None
) -> None:
    post = replace(OTHER, text=text, images=(Image(url="i", alt=alt),), reply_to=reply_to)
    number = len(ledger.aids()) + 1
    delivery_id = put(ledger, number, post=post, state=State.PROPOSED, cause=Cause.APPROVAL)
    assert ledger.delivery(delivery_id).post == post
    assert ledger.approve(delivery_id, make_approval(ledger, delivery_id, digest=post_hash(post)))
    assert claim(ledger, delivery_id=delivery_id).post == post
    ledger.strand(LATER)
