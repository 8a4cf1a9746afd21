"""What waits when the configuration changes: written anew where it would not pass, or asked about."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from builders import BY, CAMPAIGN, NOW, X, aid, no_lint
from spotlight_notify.cli.commands_to_type import worded
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Aid, Theme
from spotlight_notify.model.campaigns import ApprovalPolicy, Campaign
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Finding, Post
from spotlight_notify.model.words import Cause, Level, State
from spotlight_notify.networks.registry import NETWORKS
from spotlight_notify.operations.announce.digest_members import gather
from spotlight_notify.operations.announce.digests import announce_digests
from spotlight_notify.operations.announce.orders import When
from spotlight_notify.operations.announce.rewriting import Rewriting, Rewritten, rewrite_unfit
from spotlight_notify.operations.decide.approvals import approve
from spotlight_notify.operations.decide.edits import Edit, edit
from spotlight_notify.posts.rendering.gate import gate
from spotlight_notify.posts.rendering.posts import render, render_digest
from spotlight_notify.posts.templates.loading import packaged_templates
from spotlight_notify.rules.planning import Writing, plan_delivery

TEMPLATES = packaged_templates(NETWORKS)
CALM = Theme(name="Calm", link="https://valor.test/themes/calm")
OLD = replace(CAMPAIGN, channels=(X,), hashtag="#OldTag")
NEW = replace(OLD, hashtag="#NewTag")
LACKS = "the post lacks #NewTag as a hashtag with exactly these capitals"
WRITING = Writing(render=partial(render, TEMPLATES, {}), lint=no_lint)
WHO: dict[str, Any] = {"who": "Desk 4", "reason": "asked to", "now": NOW}


def put(ledger: SqlLedger, number: int = 1, aid_: Aid | None = None, **changes: Any) -> int:
    """Record an aid with the delivery that was planned for it under the old hashtag."""
    made = aid_ or aid(number)
    plan = replace(plan_delivery(made, OLD, X, WRITING, NOW), **changes)
    with ledger.recording("site") as book:
        planned = book.plan(book.add(made, baseline=False, now=NOW).id, plan, NOW)
    assert planned is not None
    return planned


def rewrite(ledger: SqlLedger, campaign: Campaign = NEW, writing: Writing = WRITING) -> Rewritten:
    parts = Rewriting(
        ledger=ledger,
        campaigns=[campaign],
        writing=writing,
        render_digest=partial(render_digest, TEMPLATES),
        themes={"Calm": CALM},
        gate=gate,
    )
    return rewrite_unfit(parts, NOW)


def text_of(ledger: SqlLedger, delivery_id: int) -> str:
    post = ledger.delivery(delivery_id).post
    assert post is not None
    return post.text


def test_promise_13_what_waits_is_written_anew_when_the_hashtag_changes(ledger: SqlLedger) -> None:
    later = NOW + timedelta(days=1)
    one, other = put(ledger, 1, due_at=later, reason="waits for its own date"), put(ledger, 2, any_hour=True)
    before = ledger.delivery(one)
    assert rewrite(ledger) == Rewritten(rewritten=(one, other), reasons=(LACKS,))
    after = ledger.delivery(one)
    assert text_of(ledger, one) == (before.post and before.post.text.replace("#OldTag", "#NewTag"))
    assert (after.state, after.due_at, after.reason, after.writers) == (
        State.PENDING,
        later,
        "waits for its own date",
        (),
    )
    assert ledger.delivery(other).any_hour
    assert not rewrite(ledger)


def test_promise_13_the_change_is_on_record_with_the_old_post(ledger: SqlLedger) -> None:
    one = put(ledger)
    rewrite(ledger)
    (change,) = ledger.changes(delivery_id=one)
    assert (change.who, change.action, change.reason) == ("policy", "written anew", LACKS)
    assert "#OldTag" in (change.detail or "")


@pytest.mark.parametrize("by", ["edited", "approved"])
def test_promise_13_what_a_person_wrote_or_approved_is_asked_about_once(ledger: SqlLedger, by: str) -> None:
    one = put(ledger, state=State.PROPOSED, cause=Cause.APPROVAL) if by == "approved" else put(ledger)
    if by == "approved":
        everything = {OLD.name: replace(OLD, approval=ApprovalPolicy(everything=True))}
        approve([one], ledger=ledger, campaigns=everything, who="Chief", now=NOW)
    else:
        words = Edit(text=f"My own words https://valor.test/aids/1 {OLD.hashtag}")
        edit(one, words, ledger=ledger, campaigns={OLD.name: OLD}, lint=no_lint, **WHO)
    text = text_of(ledger, one)
    assert ledger.delivery(one).state is State.PENDING
    assert rewrite(ledger) == Rewritten(asked=(one,), reasons=(LACKS,))
    asked = ledger.delivery(one)
    assert (asked.state, asked.cause, asked.reason) == (State.PROPOSED, Cause.RULE, LACKS)
    assert text_of(ledger, one) == text
    change = ledger.changes(delivery_id=one)[0]
    assert (change.who, change.action) == ("policy", "pending -> proposed")
    assert not rewrite(ledger)


def test_promise_13_an_edit_with_the_new_hashtag_answers(ledger: SqlLedger) -> None:
    one = put(ledger, writers=("Desk 4",))
    rewrite(ledger)
    words = Edit(text=f"My own words https://valor.test/aids/1 {NEW.hashtag}")
    edited = edit(one, words, ledger=ledger, campaigns={NEW.name: NEW}, lint=no_lint, **WHO)
    assert (edited.state, edited.cause) == (State.PENDING, None)


def test_promise_13_one_line_says_how_many_and_why(ledger: SqlLedger) -> None:
    put(ledger, 1)
    put(ledger, 2)
    put(ledger, 3, writers=("Desk 4",))
    assert worded(rewrite(ledger).said) == (
        "what waits did not pass under this configuration: 2 posts written anew, "
        f"1 post asked about (deliveries --state proposed): {LACKS}"
    )


def test_promise_13_a_digest_is_written_anew_too(ledger: SqlLedger) -> None:
    for number in (1, 2):
        put(ledger, aid_=aid(number, theme="Calm"))
    gathered = gather("Calm", [(OLD, X)], ledger, When(), NOW)
    (order,) = announce_digests(
        CALM,
        gathered,
        ledger=ledger,
        render=partial(render_digest, TEMPLATES),
        lint=no_lint,
        when=When(),
        by=BY,
        now=NOW,
    )
    before = text_of(ledger, order.delivery_id)
    assert rewrite(ledger).rewritten == (order.delivery_id,)
    assert text_of(ledger, order.delivery_id) == before.replace("#OldTag", "#NewTag")


def test_promise_13_a_question_stays_when_its_post_is_written_anew(ledger: SqlLedger) -> None:
    one = put(ledger, state=State.PROPOSED, cause=Cause.BRAKE, reason="26 new at once")
    assert rewrite(ledger).rewritten == (one,)
    asked = ledger.delivery(one)
    assert (asked.state, asked.cause, asked.reason) == (State.PROPOSED, Cause.BRAKE, "26 new at once")
    assert "#NewTag" in text_of(ledger, one)


def test_promise_13_what_was_refused_as_it_left_goes_again_once_it_is_written_anew(ledger: SqlLedger) -> None:
    one = put(ledger, state=State.PROPOSED, cause=Cause.RULE, reason=LACKS)
    rewrite(ledger)
    assert (ledger.delivery(one).state, ledger.delivery(one).due_at) == (State.PENDING, NOW)


def test_promise_13_what_the_lint_forbids_is_asked_about_still(ledger: SqlLedger) -> None:
    error = Finding(rule="too-long", level=Level.ERROR, message="too long", source="")
    one = put(ledger, state=State.PROPOSED, cause=Cause.RULE, reason="too long", findings=(error,))
    rewrite(ledger)
    assert ledger.delivery(one).state is State.PROPOSED


def test_promise_13_what_cannot_be_written_anew_is_asked_about_once(ledger: SqlLedger) -> None:
    one = put(ledger)
    long = replace(NEW, hashtag=f"#{'A' * 270}")
    assert rewrite(ledger, long).asked == (one,)
    asked = ledger.delivery(one)
    assert (asked.state, asked.cause) == (State.PROPOSED, Cause.RULE)
    assert "#OldTag" in text_of(ledger, one)
    assert not rewrite(ledger, long)


def test_promise_13_what_the_lint_forbids_in_the_new_post_stays_with_it(ledger: SqlLedger) -> None:
    error = Finding(rule="too-long", level=Level.ERROR, message="too long", source="")
    one = put(ledger)
    assert rewrite(ledger, writing=replace(WRITING, lint=lambda *seen: (error,))).asked == (one,)
    asked = ledger.delivery(one)
    assert (asked.reason, asked.findings) == ("too long (too-long)", (error,))
    assert "#NewTag" in text_of(ledger, one)


def test_promise_13_what_is_over_or_passes_or_is_nobody_s_is_left_alone(ledger: SqlLedger) -> None:
    put(ledger, aid_=aid(1, event_at=NOW - timedelta(hours=1)), state=State.PENDING, cause=None)
    put(ledger, 2, state=State.CANCELLED)
    put(ledger, 3, campaign="gone")
    assert not rewrite(ledger)
    assert not rewrite(ledger, OLD)


def test_promise_13_what_somebody_moves_meanwhile_stays_as_they_left_it(ledger: SqlLedger) -> None:
    one = put(ledger)

    def render_late(made: Aid, campaign: Campaign, network: Network) -> Post:
        ledger.change_delivery(one, [State.PENDING], State.CANCELLED, **WHO)
        return WRITING.render(made, campaign, network)

    assert not rewrite(ledger, writing=replace(WRITING, render=render_late))
    assert ledger.delivery(one).state is State.CANCELLED
    assert "#OldTag" in text_of(ledger, one)
