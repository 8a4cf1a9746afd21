from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOW
from spotlight_notify.model.errors import (
    OutcomeUnknown,
    PublishError,
    Rejected,
    Throttled,
    Unauthorized,
    Unreachable,
)
from spotlight_notify.model.posts import Post
from spotlight_notify.model.records.attempts import Claim, Verdict
from spotlight_notify.model.words import Cause, Outcome, State
from spotlight_notify.rules.retry import (
    PROBE_AFTER,
    PROBES,
    THROTTLED_WITHOUT_RESET,
    Retries,
    judge,
    judge_early,
    wait_before,
)


def claim(tries: int, *, reply_to: str | None = None, **known: Any) -> Claim:
    post = Post(text="words", link="https://valor.test/1", reply_to=reply_to)
    return Claim(
        delivery_id=1,
        campaign="spotlight",
        channel="valor-x",
        post=post,
        epoch=1,
        attempt_id=1,
        number=tries + 1,
        tries=tries,
        leased_until_at=NOW,
        **known,
    )


RETRIES = Retries(most=3, first=timedelta(seconds=30), longest=timedelta(minutes=2))
LATER = NOW + timedelta(minutes=7)


@pytest.mark.parametrize(
    ("error", "state", "outcome", "burns"),
    [
        (OutcomeUnknown("lost"), State.UNSURE, Outcome.UNKNOWN, False),
        (Rejected("no"), State.FAILED, Outcome.REJECTED, False),
        (Throttled("slow"), State.PENDING, Outcome.THROTTLED, False),
        (Unauthorized("dead", advice="renew"), State.PENDING, Outcome.UNAUTHORIZED, False),
        (Unreachable("dns"), State.PENDING, Outcome.UNREACHABLE, True),
    ],
)
def test_each_error_has_its_verdict(error: PublishError, state: State, outcome: Outcome, burns: bool) -> None:
    verdict = judge(error, claim(0), RETRIES, NOW, lambda: 0.5)
    assert (verdict.state, verdict.outcome, verdict.burns) == (state, outcome, burns)
    assert verdict.reason == str(error)


def test_only_what_is_surely_not_public_can_be_sent_again() -> None:
    sure = [Rejected("n"), Throttled("t"), Unauthorized("u", advice="a"), Unreachable("x")]
    errors: list[PublishError] = [OutcomeUnknown("?"), *sure]
    again = [e for e in errors if judge(e, claim(0), RETRIES, NOW, lambda: 0.5).state is State.PENDING]
    assert again
    assert not any(error.may_be_public for error in again)


def test_throttling_rests_the_channel_until_the_networks_own_time() -> None:
    assert judge(Throttled("x", until_at=LATER), claim(0), RETRIES, NOW, lambda: 0.5).channel_due_at == LATER
    without = judge(Throttled("x"), claim(0), RETRIES, NOW, lambda: 0.5)
    assert without.channel_due_at == NOW + THROTTLED_WITHOUT_RESET
    past = judge(Throttled("x", until_at=NOW - timedelta(hours=1)), claim(0), RETRIES, NOW, lambda: 0.5)
    assert past.channel_due_at == NOW


def test_a_dead_token_pauses_the_channel_and_says_what_to_do() -> None:
    verdict = judge(
        Unauthorized("token expired", advice="Make a new token."), claim(2), RETRIES, NOW, lambda: 0.5
    )
    assert verdict.pause == "token expired. Make a new token."


def test_tries_are_used_up() -> None:
    assert judge(Unreachable("x"), claim(1), RETRIES, NOW, lambda: 0.5).state is State.PENDING
    last = judge(Unreachable("x"), claim(2), RETRIES, NOW, lambda: 0.5)
    assert last.state is State.FAILED
    assert last.reason == "given up after 3 tries: x"


@given(tries=st.integers(0, 10_000), roll=st.floats(0, 1, exclude_max=True))
def test_waits_are_never_longer_than_the_longest(tries: int, roll: float) -> None:
    wait = wait_before(tries, RETRIES.first, RETRIES.longest, lambda: roll)
    assert timedelta() <= wait <= RETRIES.longest


def test_waits_double() -> None:
    waits = [wait_before(n, timedelta(seconds=1), timedelta(hours=1), lambda: 1.0) for n in range(4)]
    assert waits == [timedelta(seconds=s) for s in (1, 2, 4, 8)]


def judged(error: PublishError, **known: Any) -> Verdict:
    return judge(error, claim(0, **known), RETRIES, NOW, lambda: 0.5)


@pytest.mark.parametrize("doubted", [False, True])
def test_promise_9_a_duplicate_is_always_looked_up(doubted: bool) -> None:
    verdict = judged(Rejected("duplicate content", duplicate=True), doubted=doubted)
    assert (verdict.state, verdict.outcome, verdict.pause) == (State.UNSURE, Outcome.REJECTED, None)
    assert "may be public: duplicate content" in (verdict.reason or "")
    assert judged(Rejected("too long"), doubted=doubted).state is State.FAILED


SPAM = Rejected("spam", advice="Ask the network.")
STRANGE = Rejected("strange", advice="Ask the network.", unexplained=True)


@pytest.mark.parametrize(("error", "state"), [(SPAM, State.FAILED), (STRANGE, State.PROPOSED)])
def test_answers_5_and_12_a_suspicious_refusal_pauses_when_the_one_before_was_too(
    error: Rejected, state: State
) -> None:
    first, second = judged(error), judged(error, refused=True)
    assert (first.state, first.cause, first.pause) == (state, Cause.REFUSED, None)
    assert (second.state, second.cause) == (state, Cause.REFUSED)
    assert (second.pause or "").endswith(f"{error}. Ask the network.")


def test_answers_5_what_is_the_posts_own_fault_is_no_suspicion() -> None:
    verdict = judged(Rejected("too long"), refused=True)
    assert (verdict.state, verdict.cause, verdict.pause) == (State.FAILED, None, None)


def test_answers_12_replies_are_refused_for_reasons_of_their_own() -> None:
    assert judged(STRANGE, refused=True, reply_to="1").pause is None


STRAY = Unauthorized("no", advice="Copy the keys.", unexplained=True)


@pytest.mark.parametrize("reply_to", [None, "1"])
@pytest.mark.parametrize("before", range(PROBES))
def test_answers_13_a_token_that_is_refused_without_a_reason_is_probed_first(
    before: int, reply_to: str | None
) -> None:
    verdict = judged(STRAY, signed_out=before, reply_to=reply_to)
    assert (verdict.state, verdict.outcome, verdict.burns) == (State.PENDING, Outcome.UNAUTHORIZED, False)
    assert (verdict.pause, verdict.channel_due_at) == (None, NOW + PROBE_AFTER)
    assert timedelta(minutes=1) >= PROBES * PROBE_AFTER


def test_answers_13_two_refused_probes_pause_the_channel() -> None:
    assert judged(STRAY, signed_out=PROBES).pause == "no. Copy the keys."
    assert judged(STRAY, signed_out=PROBES, reply_to="1").state is State.FAILED


def test_answers_13_a_reason_pauses_at_once() -> None:
    assert judged(Unauthorized("expired", advice="Sign in.")).pause == "expired. Sign in."


@pytest.mark.parametrize(
    ("ago", "due_in"),
    [
        (None, None),
        (timedelta(), RETRIES.apart),
        (timedelta(seconds=20), RETRIES.apart - timedelta(seconds=20)),
        (RETRIES.apart, None),
        (-timedelta(seconds=3), RETRIES.apart + timedelta(seconds=3)),
        (-timedelta(hours=1), None),
    ],
    ids=["never refused", "just now", "lately", "long enough ago", "by a clock ahead", "by a clock set back"],
)
def test_a_look_proves_nothing_right_after_a_refusal(ago: timedelta | None, due_in: timedelta | None) -> None:
    verdict = judge_early(claim(0, turned_away_at=None if ago is None else NOW - ago), RETRIES, NOW)
    assert (verdict and verdict.due_at) == (None if due_in is None else NOW + due_in)
    assert verdict is None or (verdict.state, verdict.burns, verdict.channel_due_at) == (
        State.PENDING,
        False,
        None,
    )
