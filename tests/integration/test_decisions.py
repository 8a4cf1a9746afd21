"""Approve, reject, edit, let go and hold, on a real ledger."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from builders import ALWAYS, CAMPAIGN, NOW, X, aid, no_lint
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Aid, Image
from spotlight_notify.model.campaigns import ApprovalPolicy, Campaign, Plan, Scope
from spotlight_notify.model.errors import Refused, UnknownName
from spotlight_notify.model.networks import Network
from spotlight_notify.model.posts import Finding, Post
from spotlight_notify.model.records.attempts import Verdict
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import Cause, Level, Outcome, ScopeKind, State
from spotlight_notify.operations.decide.approvals import approve, reject
from spotlight_notify.operations.decide.edits import Edit, edit
from spotlight_notify.operations.decide.holds import Names, held_by, lift_holds, place_hold, read_scope
from spotlight_notify.operations.decide.retries import retry
from spotlight_notify.ports.parts import Lint
from spotlight_notify.rules.approval import post_hash

LINK = "https://valor.test/aids/1"
TEXT = f"Keep calm\n\n{LINK}\n\n#SpotlightOnSafety"
POST = Post(text=TEXT, link=LINK, images=(Image(url="https://valor.test/a.png", alt="A", digest="0f" * 32),))
OTHER = TEXT.replace("calm", "very calm")
EVERYTHING = ApprovalPolicy(everything=True, lasts=timedelta(days=1))
WHO: dict[str, Any] = {"who": "Desk 4", "reason": "asked to", "now": NOW}
NAMES = Names(campaigns=["spotlight"], channels=["valor-x", "valor-page"], themes=["Officer Wellness"])


def campaigns(policy: ApprovalPolicy | None = None) -> dict[str, Campaign]:
    return {CAMPAIGN.name: replace(CAMPAIGN, approval=policy or ApprovalPolicy())}


def put(ledger: SqlLedger, number: int = 1, *, words: dict[str, Any] | None = None, **changes: Any) -> int:
    """Record an aid with a delivery on X; returns the delivery's id."""
    fields: dict[str, Any] = {
        "campaign": CAMPAIGN.name,
        "channel": X.name,
        "state": State.PENDING,
        "due_at": NOW,
        "post": POST,
    }
    with ledger.recording("site") as book:
        known = book.add(aid(number, **(words or {})), baseline=False, now=NOW)
        delivery_id = book.plan(known.id, Plan(**fields | changes), NOW)
    assert delivery_id is not None
    return delivery_id


def ask(ledger: SqlLedger, number: int = 1, cause: Cause = Cause.APPROVAL, **changes: Any) -> int:
    return put(ledger, number, state=State.PROPOSED, cause=cause, reason="is that right?", **changes)


def approved(ledger: SqlLedger, number: int = 1) -> int:
    delivery_id = ask(ledger, number)
    approve([delivery_id], ledger=ledger, campaigns=campaigns(EVERYTHING), who="Chief", now=NOW)
    return delivery_id


def edited(
    ledger: SqlLedger,
    delivery_id: int,
    wanted: Edit | None = None,
    policy: ApprovalPolicy | None = None,
    lint: Lint = no_lint,
) -> Delivery:
    wanted = wanted or Edit(text=OTHER)
    return edit(delivery_id, wanted, ledger=ledger, campaigns=campaigns(policy), lint=lint, **WHO)


def strict(aid: Aid, post: Post, campaign: Campaign, network: Network) -> tuple[Finding, ...]:
    return (Finding(rule="capitals", level=Level.ERROR, message="it shouts", source="a book"),)


# --- approvals
def test_an_approval_binds_to_the_post_and_ends_when_the_policy_says(ledger: SqlLedger) -> None:
    one = ledger.delivery(approved(ledger))
    assert (one.state, one.cause, one.reason) == (State.PENDING, None, None)
    assert one.approval is not None
    assert one.approval.digest == post_hash(POST)
    assert (one.approval.who, one.approval.until_at) == ("Chief", NOW + timedelta(days=1))


def test_all_ids_are_checked_before_anything_is_written(ledger: SqlLedger) -> None:
    asked, waiting = ask(ledger, 1), put(ledger, 2)
    with pytest.raises(Refused, match=f"delivery {waiting} does not await approval"):
        approve([asked, waiting], ledger=ledger, campaigns=campaigns(), who="Chief", now=NOW)
    with pytest.raises(UnknownName, match="99"):
        approve([asked, 99], ledger=ledger, campaigns=campaigns(), who="Chief", now=NOW)
    with pytest.raises(Refused, match=f"nobody is asked about delivery {waiting}: it is pending"):
        reject([asked, waiting], ledger=ledger, **WHO)
    assert ledger.delivery(asked).state is State.PROPOSED
    assert ledger.changes() == ()


def test_the_same_id_twice_is_one_approval(ledger: SqlLedger) -> None:
    asked = ask(ledger)
    found = approve([asked, asked], ledger=ledger, campaigns=campaigns(), who="Chief", now=NOW)
    assert [one.state for one in found] == [State.PENDING]


@pytest.mark.parametrize("cause", [Cause.APPROVAL, Cause.RULE, Cause.LATE, Cause.BRAKE])
def test_whatever_a_person_is_asked_about_can_be_rejected(ledger: SqlLedger, cause: Cause) -> None:
    (one,) = reject([ask(ledger, cause=cause)], ledger=ledger, **WHO)
    assert (one.state, one.reason) == (State.CANCELLED, "asked to")


# --- edits
def test_an_edit_after_the_approval_voids_it(ledger: SqlLedger) -> None:
    one = edited(ledger, approved(ledger))
    assert (one.state, one.cause) == (State.PROPOSED, Cause.APPROVAL)
    assert one.reason == "awaits approval: its post is not the one that Chief approved"
    assert (one.post and one.post.text, one.writers) == (OTHER, ("Desk 4",))
    assert ledger.claim_due(X.name, NOW, timedelta(minutes=5), "test", ALWAYS) is None


@pytest.mark.parametrize(
    ("state", "cause", "policy", "lint", "becomes"),
    [
        (State.PENDING, None, None, no_lint, (State.PENDING, None)),
        (State.PENDING, None, EVERYTHING, no_lint, (State.PROPOSED, Cause.APPROVAL)),
        (State.PENDING, None, EVERYTHING, strict, (State.PROPOSED, Cause.RULE)),
        (State.PENDING, None, None, strict, (State.PROPOSED, Cause.RULE)),
        (State.PROPOSED, Cause.RULE, None, no_lint, (State.PENDING, None)),
        (State.PROPOSED, None, None, no_lint, (State.PENDING, None)),
        (State.PROPOSED, Cause.RULE, EVERYTHING, no_lint, (State.PROPOSED, Cause.APPROVAL)),
        (State.PROPOSED, Cause.APPROVAL, None, no_lint, (State.PROPOSED, Cause.APPROVAL)),
        (State.PROPOSED, Cause.LINK, None, no_lint, (State.PROPOSED, Cause.LINK)),
        (State.PROPOSED, Cause.LATE, None, no_lint, (State.PROPOSED, Cause.LATE)),
        (State.PROPOSED, Cause.BRAKE, None, no_lint, (State.PROPOSED, Cause.BRAKE)),
        (State.PROPOSED, Cause.BRAKE, None, strict, (State.PROPOSED, Cause.RULE)),
    ],
)
def test_an_edit_answers_no_question_but_a_rules(
    ledger: SqlLedger,
    state: State,
    cause: Cause | None,
    policy: ApprovalPolicy | None,
    lint: Lint,
    becomes: tuple[State, Cause | None],
) -> None:
    delivery_id = put(ledger, state=state, cause=cause, reason="why it waits" if cause else None)
    one = edited(ledger, delivery_id, policy=policy, lint=lint)
    assert (one.state, one.cause) == becomes
    if cause in (Cause.LINK, Cause.LATE):
        assert one.reason == "why it waits"
    assert [finding.rule for finding in one.findings] == (["capitals"] if lint is strict else [])


def test_a_date_far_ahead_is_asked_about_still_after_an_edit(ledger: SqlLedger) -> None:
    far = NOW + timedelta(days=500)
    one = edited(ledger, ask(ledger, cause=Cause.DATE, words={"published_at": far}))
    assert (one.state, one.cause) == (State.PROPOSED, Cause.DATE)


def test_an_edit_keeps_when_a_delivery_is_due(ledger: SqlLedger) -> None:
    later = NOW + timedelta(days=2)
    one = edited(ledger, put(ledger, due_at=later, reason="waits for its own date"))
    assert (one.state, one.due_at, one.reason) == (State.PENDING, later, "waits for its own date")


@pytest.mark.parametrize("days", [-2, 2])
def test_what_is_mended_by_an_edit_is_due_as_planned_and_never_in_the_past(
    ledger: SqlLedger, days: int
) -> None:
    planned = NOW + timedelta(days=days)
    one = edited(ledger, ask(ledger, cause=Cause.RULE, due_at=planned))
    assert (one.state, one.due_at) == (State.PENDING, max(planned, NOW))


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (Edit(text="Keep calm #SpotlightOnSafety"), "the link is not whole"),
        (Edit(text=TEXT.replace("#Spot", "#spot")), "lacks #SpotlightOnSafety"),
        (Edit(text=TEXT + " long" * 60), "X takes 280"),
        (Edit(text=" "), "no words"),
        (Edit(text=TEXT), "has this post already"),
        (Edit(text=TEXT + "\n"), "has this post already"),
        (Edit(alts={2: "B"}), "no picture 2"),
    ],
)
def test_an_edit_that_would_not_do_changes_nothing(ledger: SqlLedger, wanted: Edit, why: str) -> None:
    before = ledger.delivery(approved(ledger))
    with pytest.raises(Refused, match=why):
        edited(ledger, before.id, wanted)
    assert ledger.delivery(before.id) == before


def test_words_for_a_picture_are_part_of_what_is_approved(ledger: SqlLedger) -> None:
    one = edited(ledger, approved(ledger), Edit(alts={1: "A blue poster."}))
    assert one.post is not None
    assert (one.post.text, one.post.images[0].alt) == (TEXT, "A blue poster.")
    assert (one.state, one.cause) == (State.PROPOSED, Cause.APPROVAL)


def test_what_could_not_be_written_can_be_given_words(ledger: SqlLedger) -> None:
    images = (
        Image(url="https://valor.test/a.png", alt="A"),
        Image(url="https://valor.test/b.png"),
        Image(url="https://valor.test/c.png", alt="C", trouble="it is too large"),
    )
    delivery_id = ask(ledger, cause=Cause.RULE, post=None, words={"images": images})
    one = edited(ledger, delivery_id, Edit(text=TEXT))
    assert one.state is State.PENDING
    assert one.post == Post(text=TEXT, link=LINK, images=images[:1])


def test_without_a_link_no_words_help(ledger: SqlLedger) -> None:
    delivery_id = ask(ledger, cause=Cause.RULE, post=None, words={"link": None, "aliases": ("guid:1",)})
    with pytest.raises(Refused, match="no link that can be opened"):
        edited(ledger, delivery_id, Edit(text=TEXT))


def test_what_is_over_is_not_edited(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, words={"event_at": NOW - timedelta(hours=1)})
    with pytest.raises(Refused, match="will not go out: its event began"):
        edited(ledger, delivery_id)


def test_what_is_on_its_way_is_not_edited(ledger: SqlLedger) -> None:
    delivery_id = put(ledger)
    assert ledger.claim_due(X.name, NOW, timedelta(minutes=5), "test", ALWAYS)
    with pytest.raises(Refused, match="is sending; only what is proposed or pending can be edited"):
        edited(ledger, delivery_id)


def test_a_campaign_that_is_gone_has_no_posts_to_edit_or_approve(ledger: SqlLedger) -> None:
    delivery_id = ask(ledger)
    with pytest.raises(Refused, match="no campaign spotlight that announces on valor-x"):
        edit(delivery_id, Edit(text=OTHER), ledger=ledger, campaigns={}, lint=no_lint, **WHO)
    with pytest.raises(Refused, match="not in the configuration any more"):
        approve([delivery_id], ledger=ledger, campaigns={}, who="Chief", now=NOW)


# --- letting go
def let_go(ledger: SqlLedger, delivery_id: int, policy: ApprovalPolicy | None = None) -> Delivery:
    return retry(delivery_id, ledger=ledger, campaigns=campaigns(policy), **WHO)


@pytest.mark.parametrize("cause", [Cause.RULE, Cause.LINK, Cause.DATE, Cause.LATE])
def test_a_person_lets_go_what_was_asked_about(ledger: SqlLedger, cause: Cause) -> None:
    one = let_go(ledger, ask(ledger, cause=cause))
    assert (one.state, one.cause, one.due_at) == (State.PENDING, None, NOW)


@pytest.mark.parametrize("cause", [Cause.RULE, Cause.LINK, Cause.DATE, Cause.LATE])
def test_letting_go_is_no_way_around_an_approval(ledger: SqlLedger, cause: Cause) -> None:
    one = let_go(ledger, ask(ledger, cause=cause), EVERYTHING)
    assert (one.state, one.cause, one.post) == (State.PROPOSED, Cause.APPROVAL, POST)
    assert one.reason == "awaits approval: every post of this campaign is approved by a person first"


@pytest.mark.parametrize("policy", [None, EVERYTHING])
def test_what_is_let_go_for_a_time_waits_for_it(ledger: SqlLedger, policy: ApprovalPolicy | None) -> None:
    delivery_id, later = ask(ledger, cause=Cause.DATE), NOW + timedelta(days=500)
    retry(delivery_id, ledger=ledger, campaigns=campaigns(policy), due_at=later, **WHO)
    if policy:
        approve([delivery_id], ledger=ledger, campaigns=campaigns(policy), who="Chief", now=NOW)
    one = ledger.delivery(delivery_id)
    assert (one.state, one.due_at) == (State.PENDING, later)


def test_who_lets_a_post_go_has_not_written_it(ledger: SqlLedger) -> None:
    delivery_id = ask(ledger, cause=Cause.LINK)
    eyes = replace(EVERYTHING, four_eyes=True)
    let_go(ledger, delivery_id, eyes)
    approve([delivery_id], ledger=ledger, campaigns=campaigns(eyes), who="Desk 4", now=NOW)
    assert ledger.delivery(delivery_id).state is State.PENDING


def test_who_wrote_a_post_by_hand_does_not_approve_it(ledger: SqlLedger) -> None:
    delivery_id = ask(ledger, writers=("Desk 4",))
    eyes = replace(EVERYTHING, four_eyes=True)
    with pytest.raises(Refused, match="wrote delivery 1"):
        approve([delivery_id], ledger=ledger, campaigns=campaigns(eyes), who="desk \u200b ４", now=NOW)


@pytest.mark.parametrize("cause", [Cause.APPROVAL, Cause.BRAKE])
def test_an_approval_and_a_brake_have_answers_of_their_own(ledger: SqlLedger, cause: Cause) -> None:
    delivery_id = ask(ledger, cause=cause)
    with pytest.raises(Refused, match=r"approve it|accept source"):
        let_go(ledger, delivery_id, EVERYTHING)
    assert ledger.delivery(delivery_id).cause is cause


def test_what_was_passed_over_needs_its_approval_too(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, state=State.SKIPPED, cause=Cause.TOO_OLD, reason="too old")
    with pytest.raises(Refused, match="cannot go without approval: every post"):
        let_go(ledger, delivery_id, EVERYTHING)
    assert let_go(ledger, delivery_id).state is State.PENDING


def test_what_was_approved_and_given_up_goes_again(ledger: SqlLedger) -> None:
    delivery_id = approved(ledger)
    ledger.change_delivery(delivery_id, [State.PENDING], State.CANCELLED, **WHO)
    assert let_go(ledger, delivery_id, EVERYTHING).state is State.PENDING


def test_what_had_leave_to_go_goes_again(ledger: SqlLedger) -> None:
    delivery_id = put(ledger)
    claim = ledger.claim_due(X.name, NOW, timedelta(minutes=5), "test", ALWAYS)
    assert claim is not None
    refused = Verdict(state=State.FAILED, outcome=Outcome.REJECTED, reason="refused")
    ledger.settle(claim, refused, None, NOW)
    assert let_go(ledger, delivery_id, EVERYTHING).state is State.PENDING


def test_what_waits_already_is_not_let_go(ledger: SqlLedger) -> None:
    with pytest.raises(Refused, match="is pending; this fits only one that is"):
        let_go(ledger, put(ledger), EVERYTHING)


# --- holds
@pytest.mark.parametrize(
    ("words", "scope"),
    [
        ("all", Scope(kind=ScopeKind.ALL)),
        (" All ", Scope(kind=ScopeKind.ALL)),
        ("campaign:spotlight", Scope(kind=ScopeKind.CAMPAIGN, name="spotlight")),
        ("Channel: valor-x", Scope(kind=ScopeKind.CHANNEL, name="valor-x")),
        ("theme:officer  wellness", Scope(kind=ScopeKind.THEME, name="Officer Wellness")),
    ],
)
def test_scopes_are_read_as_people_write_them(ledger: SqlLedger, words: str, scope: Scope) -> None:
    assert read_scope(words, NAMES, ledger) == (scope, None)


def test_promise_23_a_channel_is_held_however_its_name_was_typed(ledger: SqlLedger) -> None:
    for words in ("channel:Valor\u2011X", "channel: ｖａｌｏｒ-x\u200b"):
        assert read_scope(words, NAMES, ledger) == (Scope(kind=ScopeKind.CHANNEL, name="valor-x"), None)


@pytest.mark.parametrize("words", ["", "everything", "theme:", "channel", "all:x", "source:site"])
def test_what_is_no_scope_is_refused(ledger: SqlLedger, words: str) -> None:
    with pytest.raises(Refused, match="is no scope"):
        read_scope(words, NAMES, ledger)


@pytest.mark.parametrize("words", ["channel:nowhere", "campaign:valor-x"])
def test_a_scope_names_what_is_there(ledger: SqlLedger, words: str) -> None:
    with pytest.raises(UnknownName, match="there is no"):
        read_scope(words, NAMES, ledger)


def test_a_theme_is_held_as_aids_spell_it(ledger: SqlLedger) -> None:
    scope, warning = read_scope("theme:De-Escalation", NAMES, ledger)
    assert (scope.name, "no aid of this theme" in (warning or "")) == ("De-Escalation", True)
    reject([ask(ledger, 1, words={"theme": "De-escalation"})], ledger=ledger, **WHO)
    assert read_scope("theme:DE-ESCALATION", NAMES, ledger) == (
        Scope(kind=ScopeKind.THEME, name="De-escalation"),
        None,
    )
    put(ledger, 2, words={"theme": "De-Escalation"})
    put(ledger, 3, words={"theme": "De-escalation"})
    scope, warning = read_scope("theme:De-escalation", NAMES, ledger)
    assert (scope.name, warning) == ("De-escalation", None)


def test_promise_24_a_hold_on_any_theme_of_an_aid_waits_for_no_aid(ledger: SqlLedger) -> None:
    put(ledger, words={"theme": "Calm", "other_themes": ("Risk",)})
    assert read_scope("theme:RISK", NAMES, ledger) == (Scope(kind=ScopeKind.THEME, name="Risk"), None)
    listed = Scope(kind=ScopeKind.THEME, name="Risk, calm")
    assert read_scope("theme:Risk, calm", NAMES, ledger) == (listed, None)


def test_a_hold_on_a_theme_names_what_is_on_its_way_however_it_is_spelt(ledger: SqlLedger) -> None:
    sending = put(ledger, words={"theme": "officer  WELLNESS"})
    assert ledger.claim_due(X.name, NOW, timedelta(minutes=5), "test", ALWAYS)
    scope, _ = read_scope("theme:Officer Wellness", NAMES, ledger)
    held = place_hold(scope, ledger=ledger, until_at=None, **WHO)
    assert [one.id for one in held.in_flight] == [sending]


def test_a_hold_tells_what_it_holds_back_and_what_is_on_its_way(ledger: SqlLedger) -> None:
    for number, theme in enumerate((None, "Wellness", "Wellness")):
        put(ledger, number, words={"theme": theme})
    put(ledger, 9, words={"theme": "Wellness"}, channel="valor-page")
    claim = ledger.claim_due("valor-page", NOW, timedelta(minutes=5), "test", ALWAYS)
    assert claim is not None
    scope = Scope(kind=ScopeKind.THEME, name="Wellness")
    held = place_hold(scope, ledger=ledger, until_at=None, **WHO)
    assert (held.held_back, [one.id for one in held.in_flight]) == (2, [claim.delivery_id])
    other = place_hold(Scope(kind=ScopeKind.CHANNEL, name=X.name), ledger=ledger, until_at=None, **WHO)
    assert (other.held_back, other.in_flight) == (3, ())
    everything = place_hold(Scope(kind=ScopeKind.ALL), ledger=ledger, until_at=None, **WHO)
    assert (everything.held_back, len(everything.in_flight)) == (3, 1)
    lifted = lift_holds(ledger.holds(), ledger=ledger, **WHO)
    assert [each.id for each in lifted] == [3, 2, 1]
    assert lift_holds(ledger.holds(), ledger=ledger, **WHO) == ()
    assert held_by(held.hold, ledger, NOW).held_back == 0
