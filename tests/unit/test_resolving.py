from datetime import timedelta
from typing import Any

import pytest

from builders import NOW
from fakes import FakeSteady
from spotlight_notify.model.posts import LivePost, Post, Receipt, Subject, Timeline
from spotlight_notify.model.records.attempts import Conclusion, Doubt
from spotlight_notify.model.words import State
from spotlight_notify.operations.resolve import GIVE_UP, FirstLooks, Patience, judge_look
from spotlight_notify.rules.proof import UNWITNESSED, recognise

LINK = "https://valor.test/aids/1"
TITLE = "Keep Calm & De-Escalate"
POST = Post(text=f"{TITLE}\n\n{LINK}\n\n#SpotlightOnSafety", link=LINK)
SUBJECT = Subject(title=TITLE, link=LINK, dated_at=NOW - timedelta(hours=1))
APART = timedelta(minutes=2)
PATIENCE = Patience(apart=APART)
LONG_APART = APART * UNWITNESSED


def doubt(**changes: Any) -> Doubt:
    fields: dict[str, Any] = {
        "delivery_id": 1,
        "campaign": "spotlight",
        "channel": "valor-x",
        "post": POST,
        "since": NOW - timedelta(minutes=10),
        "until": NOW - timedelta(minutes=10),
        "absent_at": None,
        "resent": 0,
        "failed_looks": 0,
    }
    return Doubt(**fields | changes)


def live(
    number: int,
    text: str = POST.text,
    links: tuple[str, ...] = (LINK,),
    reply_to: str | None = None,
    age: timedelta = timedelta(),
) -> LivePost:
    receipt = Receipt(post_id=str(number), url=f"https://net.example/{number}", posted_at=NOW - age)
    return LivePost(receipt=receipt, text=text, links=links, reply_to=reply_to)


LATER = live(5, "a later post", ())


def timeline(*posts: LivePost, complete: bool = True) -> Timeline:
    return Timeline(posts=posts, complete=complete, read=len(posts), at=NOW)


def judged(
    seen: Timeline,
    taken: frozenset[str] = frozenset(),
    elapsed: timedelta | None = None,
    **changes: Any,
) -> Conclusion:
    one = doubt(**({"absent_at": NOW - timedelta(minutes=1)} if elapsed is not None else {}) | changes)
    return judge_look(one, seen, recognise(one.post, SUBJECT, seen, taken), elapsed, PATIENCE, NOW)


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
    assert (conclusion.state, conclusion.absent_at, conclusion.look_at) == (State.UNSURE, NOW, NOW + APART)


def test_absent_twice_far_enough_apart_beside_a_later_post_is_sent_again() -> None:
    assert judged(timeline(LATER), elapsed=APART).state is State.PENDING


def test_promise_7_absent_twice_too_close_together_proves_nothing() -> None:
    conclusion = judged(timeline(LATER), elapsed=timedelta(seconds=119))
    assert conclusion.state is State.UNSURE
    assert conclusion.look_at == NOW + timedelta(seconds=1)


def test_promise_7_where_no_later_post_is_seen_the_looks_lie_further_apart() -> None:
    assert judged(timeline(), elapsed=APART).look_at == NOW + APART
    assert judged(timeline(), elapsed=LONG_APART - timedelta(seconds=1)).state is State.UNSURE
    assert judged(timeline(), elapsed=LONG_APART).state is State.PENDING


def test_absent_again_after_it_was_sent_again_waits_for_a_person() -> None:
    conclusion = judged(timeline(LATER), elapsed=APART, resent=1)
    assert (conclusion.state, conclusion.look_at) == (State.UNSURE, None)
    assert "person" in conclusion.reason


@pytest.mark.parametrize("elapsed", [None, LONG_APART])
def test_promise_10_a_timeline_that_ends_too_early_proves_no_absence(elapsed: timedelta | None) -> None:
    conclusion = judged(timeline(LATER, complete=False), elapsed=elapsed)
    assert conclusion.state is State.UNSURE
    assert conclusion.absent_at is None
    assert conclusion.look_at is not None


def test_a_timeline_that_stays_too_short_is_left_to_a_person_after_a_day() -> None:
    conclusion = judged(timeline(complete=False), until=NOW - GIVE_UP - APART)
    assert (conclusion.state, conclusion.look_at) == (State.UNSURE, None)
    assert "a person must decide" in conclusion.reason


def test_promise_1_a_hand_post_with_the_link_is_never_the_lost_post_itself() -> None:
    hand = live(8, f"Save the date: {LINK}")
    assert judged(timeline(hand)).state is State.UNSURE
    conclusion = judged(timeline(hand), elapsed=APART)
    assert (conclusion.state, conclusion.look_at) == (State.UNSURE, None)
    assert "https://net.example/8, under an hour old" in conclusion.reason
    assert conclusion.asked_about == {"8"}
    assert judged(timeline(hand), elapsed=APART, asked_about=frozenset({"8"})).state is State.PENDING


def test_an_announcement_by_hand_is_recorded_only_when_the_lost_post_is_surely_absent() -> None:
    hand = live(8, f"New: {TITLE}. {LINK}")
    assert judged(timeline(hand)).state is State.UNSURE
    conclusion = judged(timeline(hand), elapsed=APART)
    assert (conclusion.state, conclusion.receipt) == (State.SENT, hand.receipt)
    assert judged(timeline(hand, live(9)), elapsed=APART).receipt == live(9).receipt


def test_promise_9_a_repeat_that_the_network_refuses_and_does_not_show_has_failed() -> None:
    assert judged(timeline(live(7)), repeated=True).state is State.SENT
    assert judged(timeline(LATER), repeated=True).state is State.UNSURE
    conclusion = judged(timeline(LATER), repeated=True, elapsed=APART)
    assert conclusion.state is State.FAILED
    assert "other words" in conclusion.reason


def test_a_reply_is_found_by_its_words_and_not_by_the_link_of_the_post_above() -> None:
    correction = Post(text=f"Correction: the date was wrong. {LINK}", link=LINK, reply_to="7")
    found = judged(timeline(live(9, correction.text, reply_to="7"), live(7)), post=correction)
    assert found.receipt is not None
    assert (found.state, found.receipt.post_id) == (State.SENT, "9")
    assert judged(timeline(live(7), live(6)), post=correction).found == 0


def test_promise_7_the_time_between_looks_is_the_least_that_two_clocks_say() -> None:
    watch = FakeSteady()
    looks, first = FirstLooks(watch), doubt()
    assert looks.elapsed(first, NOW) is None
    looks.begin(first)
    again = doubt(absent_at=NOW)
    watch.seconds = 3
    assert looks.elapsed(again, NOW + timedelta(days=3)) == timedelta(seconds=3)
    watch.seconds = 300
    assert looks.elapsed(again, NOW + timedelta(seconds=200)) == timedelta(seconds=200)
    assert looks.elapsed(again, None) == timedelta(seconds=300)


def test_promise_7_another_process_counts_by_the_networks_clock_alone() -> None:
    other = FirstLooks(FakeSteady())
    assert other.elapsed(doubt(absent_at=NOW), NOW + APART) == APART
    assert other.elapsed(doubt(absent_at=NOW), None) is None


def test_another_attempt_is_another_doubt() -> None:
    watch = FakeSteady()
    looks = FirstLooks(watch)
    looks.begin(doubt())
    watch.seconds = 900
    assert looks.elapsed(doubt(until=NOW), None) is None
    looks.end(doubt())
    assert looks.elapsed(doubt(), None) is None


def test_where_no_answer_tells_the_time_a_person_decides_after_a_day() -> None:
    """Rounds by cron, each a process of its own, cannot tell two looks apart without it."""
    timeless = Timeline(posts=(), complete=True, read=0, at=None)
    day = GIVE_UP + timedelta(minutes=1)
    assert judged(timeless, until=NOW - GIVE_UP / 2).look_at
    given_up = judged(timeless, until=NOW - day, since=NOW - day)
    assert (given_up.state, given_up.look_at) == (State.UNSURE, None)
    assert given_up.reason.endswith("a person must decide")
