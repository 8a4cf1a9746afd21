from datetime import timedelta
from typing import Any

import pytest

from builders import NOW
from spotlight_notify.model import LivePost, Post, Receipt, State, Timeline
from spotlight_notify.records import Conclusion, Doubt
from spotlight_notify.resolving import Patience, judge_look

LINK = "https://valor.test/aids/1"
POST = Post(text=f"Keep Calm & De-Escalate\n\n{LINK}\n\n#SpotlightOnSafety", link=LINK)
PATIENCE = Patience(apart=timedelta(minutes=2))


def doubt(**changes: Any) -> Doubt:
    fields: dict[str, Any] = {
        "delivery_id": 1,
        "campaign": "spotlight",
        "channel": "valor-x",
        "post": POST,
        "since": NOW,
        "absent_at": None,
        "resent": 0,
        "failed_looks": 0,
    }
    return Doubt(**fields | changes)


def live(
    number: int, text: str = POST.text, links: tuple[str, ...] = (LINK,), reply_to: str | None = None
) -> LivePost:
    receipt = Receipt(post_id=str(number), url=f"https://net.example/{number}", posted_at=NOW)
    return LivePost(receipt=receipt, text=text, links=links, reply_to=reply_to)


def timeline(*posts: LivePost, complete: bool = True) -> Timeline:
    return Timeline(posts=posts, complete=complete, read=len(posts))


def judged(seen: Timeline, taken: frozenset[str] = frozenset(), **changes: Any) -> Conclusion:
    return judge_look(doubt(**changes), seen, taken, PATIENCE, NOW)


def test_found_once_is_sent_with_its_receipt() -> None:
    conclusion = judged(timeline(live(7), live(8, "other words", ("https://valor.test/2",))))
    assert (conclusion.state, conclusion.found, conclusion.read) == (State.SENT, 1, 2)
    assert conclusion.receipt is not None
    assert conclusion.receipt.post_id == "7"


def test_posts_of_other_deliveries_do_not_count() -> None:
    assert judged(timeline(live(7)), frozenset({"7"})).found == 0


def test_found_more_than_once_waits_for_a_person_and_says_why() -> None:
    conclusion = judged(timeline(live(7), live(8)))
    assert conclusion.state is State.UNSURE
    assert "7, 8" in conclusion.reason
    assert conclusion.look_at is not None


def test_absent_once_is_looked_up_again_later() -> None:
    conclusion = judged(timeline())
    assert (conclusion.state, conclusion.absent_at, conclusion.look_at) == (
        State.UNSURE,
        NOW,
        NOW + PATIENCE.apart,
    )


def test_absent_twice_far_enough_apart_is_sent_again() -> None:
    assert judged(timeline(), absent_at=NOW - PATIENCE.apart).state is State.PENDING


def test_absent_twice_too_close_together_proves_nothing() -> None:
    conclusion = judged(timeline(), absent_at=NOW - timedelta(seconds=119))
    assert conclusion.state is State.UNSURE
    assert conclusion.look_at == NOW + timedelta(seconds=1)


def test_absent_again_after_it_was_sent_again_waits_for_a_person() -> None:
    conclusion = judged(timeline(), absent_at=NOW - PATIENCE.apart, resent=1)
    assert (conclusion.state, conclusion.look_at) == (State.UNSURE, None)
    assert "person" in conclusion.reason


@pytest.mark.parametrize("absent_at", [None, NOW - PATIENCE.apart])
def test_a_timeline_that_ends_too_early_proves_no_absence(absent_at: object) -> None:
    conclusion = judged(timeline(complete=False), absent_at=absent_at)
    assert conclusion.state is State.UNSURE
    assert conclusion.absent_at is None
    assert conclusion.look_at is not None


def test_a_reply_is_found_by_its_words_and_not_by_the_link_of_the_post_above() -> None:
    correction = Post(text=f"Correction: the date was wrong. {LINK}", link=LINK, reply_to="7")
    found = judged(timeline(live(9, correction.text, reply_to="7"), live(7)), post=correction)
    assert found.receipt is not None
    assert (found.state, found.receipt.post_id) == (State.SENT, "9")
    assert judged(timeline(live(7), live(6)), post=correction).found == 0
