"""What a ledger keeps of a post beside its words: its pictures' digests, their troubles, what was found."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgers import (
    CAMPAIGNS,
    MINUTE,
    NOW,
    RECEIPT,
    SENT,
    SITE,
    TEMPO,
    X,
    claim,
    doubt_of,
    make_aid,
    make_plan,
    put,
    run_sql,
    snapshot,
)
from spotlight_notify.ledger.sql_ledger import SqlLedger
from spotlight_notify.model.aids import Image
from spotlight_notify.model.errors import ClaimLost
from spotlight_notify.model.posts import Finding, Post
from spotlight_notify.model.records.attempts import Verdict
from spotlight_notify.model.words import Level, Outcome, State

ADDRESS = "https://site.example/a.png"
DIGEST = "ab" * 32
BARE = Image(url=ADDRESS)
WORDED = Image(url=ADDRESS, alt="A poster: “calm”")
KEPT = replace(WORDED, digest=DIGEST)
TROUBLED = replace(WORDED, trouble="its file is damaged")
LINK = "https://site.example/1"
PLANNED = Post(text=f"Words {LINK}", link=LINK, images=(WORDED,))
LEARNED = replace(PLANNED, images=(KEPT,))
ERROR = Finding(rule="hashtag", level=Level.ERROR, message="“#Tag” is missing\n👮🏽‍♀️", source="house style")
WARNING = Finding(rule="length", level=Level.WARNING, message="long", source="")


def add(ledger: SqlLedger, *images: Image) -> int:
    with ledger.recording(SITE) as book:
        return book.add(make_aid(1, images=images), baseline=False, now=NOW).id


def refreshed(ledger: SqlLedger, *images: Image) -> tuple[Image, ...]:
    (known,) = ledger.aids()
    with ledger.recording(SITE) as book:
        book.refresh(known.id, make_aid(1, images=images))
    return ledger.aids()[0].aid.images


# --- digests and troubles


def test_what_is_known_of_a_picture_comes_back_with_aid_and_post(ledger: SqlLedger) -> None:
    images = (BARE, WORDED, KEPT, TROUBLED, replace(KEPT, alt=None, trouble="both"))
    add(ledger, *images)
    assert ledger.aids()[0].aid.images == images
    post = replace(PLANNED, images=images)
    delivery_id = put(ledger, 1, post=post)
    assert ledger.delivery(delivery_id).post == claim(ledger).post == post
    ledger.strand(NOW + MINUTE)
    assert doubt_of(ledger, delivery_id).post == post


def test_of_what_is_not_known_nothing_is_written(ledger: SqlLedger, url: str) -> None:
    add(ledger, BARE, KEPT)
    put(ledger, 1, post=PLANNED)
    ((images,),) = run_sql(url, "SELECT images FROM aid")
    assert json.loads(images) == [
        {"url": ADDRESS, "alt": None},
        {"url": ADDRESS, "alt": KEPT.alt, "digest": DIGEST},
    ]
    ((post,),) = run_sql(url, "SELECT post FROM delivery")
    assert json.loads(post)["images"] == [{"url": ADDRESS, "alt": WORDED.alt}]


def test_an_older_ledgers_images_have_neither_digest_nor_trouble(ledger: SqlLedger, url: str) -> None:
    add(ledger)
    delivery_id = put(ledger, 1)
    old = [{"url": ADDRESS, "alt": WORDED.alt}]
    post = {"text": PLANNED.text, "link": LINK, "images": old}
    run_sql(url, f"UPDATE aid SET images = '{json.dumps(old)}'")
    run_sql(url, f"UPDATE delivery SET post = '{json.dumps(post)}'")
    assert ledger.aids()[0].aid.images == (WORDED,)
    assert ledger.delivery(delivery_id).post == PLANNED


@pytest.mark.parametrize(
    ("known", "said", "kept"),
    [
        (KEPT, WORDED, KEPT),
        (KEPT, BARE, KEPT),
        (KEPT, replace(BARE, alt="Other words"), replace(KEPT, alt="Other words")),
        (TROUBLED, WORDED, TROUBLED),
        (TROUBLED, BARE, TROUBLED),
        (TROUBLED, replace(BARE, alt="Other words"), replace(BARE, alt="Other words")),
        (TROUBLED, KEPT, KEPT),
        (KEPT, TROUBLED, TROUBLED),
        (KEPT, replace(KEPT, digest="cd" * 32), replace(KEPT, digest="cd" * 32)),
        (BARE, WORDED, WORDED),
        (KEPT, replace(WORDED, url="https://site.example/b"), replace(WORDED, url="https://site.example/b")),
    ],
)
def test_a_refresh_keeps_what_is_known_of_a_picture(
    ledger: SqlLedger, known: Image, said: Image, kept: Image
) -> None:
    add(ledger, known)
    assert refreshed(ledger, said) == (kept,)
    assert refreshed(ledger, kept) == (kept,)


def test_a_refresh_shows_the_pictures_that_are_there_now_in_their_order(ledger: SqlLedger) -> None:
    other = Image(url="https://site.example/b.png", alt="b")
    add(ledger, KEPT, replace(other, trouble="too small"))
    assert refreshed(ledger, other, WORDED) == (replace(other, trouble="too small"), KEPT)
    assert refreshed(ledger, WORDED) == (KEPT,)
    assert refreshed(ledger) == ()
    assert refreshed(ledger, WORDED) == (WORDED,)


def test_a_refresh_leaves_planned_posts_and_other_aids_alone(ledger: SqlLedger) -> None:
    add(ledger, WORDED)
    delivery_id, other = put(ledger, 1, post=LEARNED), put(ledger, 2)
    before = ledger.find_aids("guid:2")
    assert refreshed_in_two(ledger) == "Better"
    assert ledger.delivery(delivery_id).post == LEARNED
    assert ledger.find_aids("guid:2") == before
    assert ledger.delivery(other).aid_title == "Aid 2"


def refreshed_in_two(ledger: SqlLedger) -> str:
    with ledger.recording(SITE) as book:
        book.refresh(1, make_aid(1, title="Better"))
        book.refresh(12_345, make_aid(3))
    return ledger.find_aids("guid:1")[0].aid.title


# --- findings


def test_what_was_found_in_a_post_is_recorded_with_its_delivery(ledger: SqlLedger) -> None:
    clean, doubtful = put(ledger, 1), put(ledger, 2, findings=(ERROR, WARNING), state=State.PROPOSED)
    assert ledger.delivery(clean).findings == ()
    assert ledger.delivery(doubtful).findings == (ERROR, WARNING)
    assert [each.findings for each in ledger.deliveries()] == [(ERROR, WARNING), ()]


def test_another_plan_has_its_own_findings(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, 1, state=State.PROPOSED, reason="no tag", findings=(ERROR, WARNING))
    for findings in ((WARNING,), ()):
        with ledger.recording(SITE) as book:
            assert book.replan(delivery_id, make_plan(findings=findings), NOW)
        assert ledger.delivery(delivery_id).findings == findings


def test_findings_stay_through_everything_that_happens_to_a_delivery(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, 1, findings=(WARNING,))
    ledger.settle(claim(ledger), SENT, RECEIPT, NOW)
    assert ledger.delivery(delivery_id).findings == (WARNING,)
    with ledger.recording(SITE) as book:
        assert not book.replan(delivery_id, make_plan(findings=(ERROR,)), NOW)
        assert book.plan(1, make_plan(findings=(ERROR,)), NOW) is None
        found = book.delivery_of(1, "spotlight", X)
    assert found is not None
    assert found.findings == (WARNING,)


def test_a_row_written_without_findings_has_none(ledger: SqlLedger, url: str) -> None:
    put(ledger, 1)
    run_sql(
        url,
        "INSERT INTO delivery (id, campaign, channel, aid_id, state, due_at, tries, created_at, changed_at)"
        " SELECT 77, 'other', channel, aid_id, 'skipped', due_at, 0, due_at, due_at FROM delivery",
    )
    assert ledger.delivery(77).findings == ()


words = st.text(st.characters(codec="utf-8"), max_size=30)
findings = st.builds(Finding, rule=words, level=st.sampled_from(Level), message=words, source=words)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.lists(findings, max_size=3), digest=words, trouble=words)
def test_any_words_come_back(ledger: SqlLedger, found: list[Finding], digest: str, trouble: str) -> None:
    post = replace(PLANNED, images=(replace(WORDED, digest=digest, trouble=trouble),))
    number = len(ledger.deliveries()) + 1
    shown = ledger.delivery(put(ledger, number, post=post, findings=tuple(found)))
    assert (shown.post, shown.findings) == (post, tuple(found))


# --- a post that is known better once it was tried


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (State.SENT, Outcome.SENT),
        (State.PENDING, Outcome.UNREACHABLE),
        (State.FAILED, Outcome.REJECTED),
        (State.UNSURE, Outcome.UNKNOWN),
        (State.PROPOSED, Outcome.REJECTED),
    ],
)
def test_a_settlement_may_bring_the_post_whatever_comes_next(
    ledger: SqlLedger, state: State, outcome: Outcome
) -> None:
    delivery_id, other = put(ledger, 1, post=PLANNED), put(ledger, 2, post=PLANNED)
    verdict = Verdict(state=state, outcome=outcome, post=LEARNED)
    ledger.settle(claim(ledger), verdict, RECEIPT if state is State.SENT else None, NOW)
    assert (ledger.delivery(delivery_id).state, ledger.delivery(delivery_id).post) == (state, LEARNED)
    assert ledger.delivery(other).post == PLANNED
    if state is State.UNSURE:
        assert doubt_of(ledger, delivery_id).post == LEARNED
    if state is State.PENDING:
        assert claim(ledger).post == LEARNED


def test_a_settlement_without_a_post_leaves_the_planned_one(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, 1, post=PLANNED)
    ledger.settle(claim(ledger), SENT, RECEIPT, NOW)
    assert ledger.delivery(delivery_id).post == PLANNED


def test_a_claim_that_was_fenced_off_brings_no_post(ledger: SqlLedger, url: str) -> None:
    put(ledger, 1, post=PLANNED)
    late = claim(ledger)
    ledger.strand(NOW + MINUTE)
    run_sql(url, "UPDATE delivery SET state = 'pending', look_at = NULL")
    claim(ledger, NOW + MINUTE)
    before = snapshot(url)
    with pytest.raises(ClaimLost):
        ledger.settle(late, replace(SENT, post=LEARNED), RECEIPT, NOW + MINUTE)
    assert snapshot(url) == before


def test_a_receipt_after_the_lease_brings_its_post(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, 1, post=PLANNED)
    late = claim(ledger)
    ledger.strand(NOW + MINUTE)
    ledger.settle(late, replace(SENT, post=LEARNED), RECEIPT, NOW + MINUTE)
    assert ledger.delivery(delivery_id).post == LEARNED


# --- a post that a person must look at


def change(ledger: SqlLedger, delivery_id: int, state: State, **changes: Any) -> bool:
    return ledger.change_delivery(
        delivery_id, [State.PROPOSED], state, who="ada", reason="it is right", now=NOW + MINUTE, **changes
    )


def test_a_proposed_post_waits_until_a_person_lets_it_go(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, 1, state=State.PROPOSED, reason="no tag", post=PLANNED, findings=(ERROR,))
    assert ledger.due_channels(NOW, CAMPAIGNS) == ()
    assert ledger.claim_due(X, NOW, MINUTE, "tester", TEMPO, delivery_id=delivery_id) is None
    assert change(ledger, delivery_id, State.PENDING)
    claimed = claim(ledger, NOW + MINUTE)
    assert (claimed.delivery_id, claimed.post, claimed.tries) == (delivery_id, PLANNED, 0)
    ledger.settle(claimed, SENT, RECEIPT, NOW + MINUTE)
    shown = ledger.delivery(delivery_id)
    assert (shown.state, shown.findings) == (State.SENT, (ERROR,))
    assert [(each.action, each.reason) for each in ledger.changes()] == [
        ("proposed -> pending", "it is right")
    ]


def test_what_was_proposed_while_it_was_sent_can_go_again(ledger: SqlLedger) -> None:
    delivery_id = put(ledger, 1, post=PLANNED)
    doubtful = Verdict(state=State.PROPOSED, outcome=Outcome.REJECTED, reason="the link is dead")
    ledger.settle(claim(ledger), doubtful, None, NOW)
    shown = ledger.delivery(delivery_id)
    assert (shown.state, shown.reason, shown.post) == (State.PROPOSED, "the link is dead", PLANNED)
    assert change(ledger, delivery_id, State.PENDING)
    again = claim(ledger, NOW + MINUTE)
    assert (again.number, again.doubted) == (2, False)


def test_a_proposed_delivery_may_be_cancelled_or_marked_as_sent(ledger: SqlLedger) -> None:
    first, second = (put(ledger, number, state=State.PROPOSED, post=PLANNED) for number in (1, 2))
    assert change(ledger, first, State.CANCELLED)
    assert change(ledger, second, State.SENT, receipt=RECEIPT)
    assert ledger.delivery(second).receipt == RECEIPT
