"""The judge of chaos campaigns sees what is twice, lost, waiting, untrue, or taken for what it is not."""

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from chaos.clockwork import build_clockwork
from chaos.ingredients import Ingredient
from chaos.judgement import Judgement, Public, judge
from chaos.progress import wait_while_it_moves
from chaos.weather import storm, ways
from spotlight_notify.model.posts import Post, Receipt
from spotlight_notify.model.records.standing import Delivery
from spotlight_notify.model.words import State
from spotlight_notify.networks.x.traits import X as X_NETWORK
from spotlight_notify.sandbox.fault_scripts import parse_script
from spotlight_notify.sandbox.shown import ShownPost

NOW = datetime(2026, 11, 30, tzinfo=UTC)
LINK = "https://valor.test/1"
X = "sample-x"


def delivery(state: State, receipt: str | None = None, **changes: Any) -> Delivery:
    fields: dict[str, Any] = {
        "id": 7,
        "campaign": "spotlight",
        "channel": X,
        "aid_id": 5,
        "source": "site",
        "aid_key": "guid:1",
        "aid_title": "Keep Calm",
        "state": state,
        "reason": None if state is State.SENT else "a reason",
        "due_at": NOW,
        "post": Post(text=f"Words {LINK} #Tag", link=LINK),
        "tries": 1,
        "created_at": NOW,
        "changed_at": NOW,
        "receipt": Receipt(post_id=receipt, url="https://x.test/1", posted_at=NOW) if receipt else None,
    }
    return Delivery(**fields | changes)


def live(*texts: str) -> list[ShownPost]:
    """Show posts whose ids are "1", "2", and so on."""
    return [
        ShownPost(network=X_NETWORK, id=str(n), text=text, link=None, images=(), posted_at=NOW)
        for n, text in zip(count(1), texts, strict=False)
    ]


def judged(
    posts: list[ShownPost],
    *deliveries: Delivery,
    by_hand: Mapping[str, str | None] = {},
    strangers: tuple[str, ...] = (),
) -> Judgement:
    hand = {(X, post_id): link for post_id, link in by_hand.items()}
    public = Public(timelines={X: posts}, by_hand=hand, strangers={(X, post_id) for post_id in strangers})
    return judge({LINK}, public, deliveries, [])


OURS = f"Words {LINK} #Tag"


def test_promise_1_to_9_the_judge_passes_what_is_sent_once() -> None:
    found = judged(live(OURS), delivery(State.SENT, "1"))
    assert (found.passed, found.sent, found.duplicates, found.lost, sum(found.waiting.values())) == (
        True,
        1,
        0,
        0,
        0,
    )


def test_promise_1_to_9_the_judge_counts_what_is_twice() -> None:
    found = judged(live(OURS, OURS), delivery(State.SENT, "1"))
    assert (found.passed, found.duplicates) == (False, 1)
    assert found.troubles == ("post 2 on sample-x is public, and no receipt says so",)


@pytest.mark.parametrize("state", [State.PENDING, State.PROPOSED, State.UNSURE, State.FAILED])
def test_command_line_26_and_promise_1_to_9_the_judge_tells_waiting_from_lost(state: State) -> None:
    waiting, lost = judged([], delivery(state)), judged([], delivery(state, reason=None))
    assert (waiting.passed, sum(waiting.waiting.values()), waiting.lost) == (True, 1, 0)
    assert (lost.passed, sum(lost.waiting.values()), lost.lost) == (False, 0, 1)


def test_promise_1_to_9_the_judge_finds_what_is_nowhere_or_undone() -> None:
    assert judged([]).lost == 1
    assert judged([], delivery(State.SENT)).lost == 1
    assert judged([], delivery(State.SKIPPED)).lost == 1
    assert "delivery 7 on sample-x is still sending" in judged(live(OURS), delivery(State.SENDING)).troubles
    gone = judged([], delivery(State.SENT, "9"))
    assert gone.troubles == ("the receipt 9 on sample-x is of no live post",)


@pytest.mark.parametrize(("state", "passed"), [(State.UNSURE, True), (State.FAILED, False)])
def test_promise_9_a_post_that_is_public_is_not_failed(state: State, passed: bool) -> None:
    assert judged(live(OURS), delivery(state)).passed is passed


@pytest.mark.parametrize("state", [State.UNSURE, State.PROPOSED])
def test_promise_3_a_post_by_hand_with_the_aids_link_may_be_asked_about(state: State) -> None:
    found = judged(live(f"Save the date {LINK}"), delivery(state), by_hand={"1": LINK})
    assert (found.passed, sum(found.waiting.values()), found.duplicates) == (True, 1, 0)


def test_promise_3_a_post_by_hand_beside_the_announcement_is_no_duplicate() -> None:
    posts = live(f"Save the date {LINK}", OURS)
    assert judged(posts, delivery(State.SENT, "2"), by_hand={"1": LINK}).passed
    assert judged(posts[:1], delivery(State.SENT, "1"), by_hand={"1": LINK}).passed


def test_promise_1_a_post_by_hand_without_the_aids_link_is_no_announcement() -> None:
    posts = live("Closed on Friday. https://valor.test/")
    found = judged(posts, delivery(State.SENT, "1"), by_hand={"1": None})
    assert (found.passed, found.lost) == (False, 1)
    assert "takes a post without its link for its own" in found.troubles[0]


def test_promise_3_a_strangers_post_is_no_announcement() -> None:
    found = judged(live(f"RT {LINK}"), delivery(State.SENT, "1"), strangers=("1",))
    assert (found.passed, "takes a stranger's post for its own" in found.troubles[0]) == (False, True)
    assert judged(live(f"RT {LINK}", OURS), delivery(State.SENT, "2"), strangers=("1",)).passed


def test_command_line_26_a_wait_goes_on_while_something_moves_and_ends_when_nothing_does() -> None:
    looks = count()
    assert wait_while_it_moves(
        lambda: next(looks) > 50, lambda: next(looks), patience=0, between=lambda: None
    )
    assert not wait_while_it_moves(lambda: False, lambda: "the same", patience=0)


@pytest.mark.parametrize("without", [*Ingredient])
def test_each_ingredient_can_be_left_out_of_the_weather(without: Ingredient) -> None:
    wanted = frozenset(Ingredient) - {without}
    scripts = [storm(random.Random(seed), wanted) for seed in range(20)]
    marks = {Ingredient.TWICE: "delivered-twice", Ingredient.UNREAD: "not-read-back"}
    for ingredient, mark in marks.items():
        assert any(mark in script for script in scripts) is (ingredient in wanted)
    assert ("page: 7" in ways(wanted)) is (Ingredient.PAGES in wanted)
    assert all(parse_script(script) for script in [*scripts, ways(wanted)])


CLOCKS = "import time; print(time.time(), time.monotonic(), flush=True); input()\n" * 2


def test_promise_7_a_shim_steps_the_wall_clock_of_a_running_process_and_no_other(tmp_path: Path) -> None:
    clockwork = build_clockwork(tmp_path)
    if clockwork is None:
        assert not any(map(shutil.which, ("cc", "gcc", "clang")))
        return
    clockwork.set(86_400)
    words = [sys.executable, "-c", CLOCKS]
    with subprocess.Popen(
        words, env=clockwork.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        assert process.stdin
        assert process.stdout
        ahead = [float(word) for word in process.stdout.readline().split()]
        clockwork.set(-86_400)
        print(file=process.stdin, flush=True)
        behind = [float(word) for word in process.stdout.readline().split()]
        print(file=process.stdin, flush=True)
    assert ahead[0] - behind[0] > 86_400
    assert ahead[1] <= behind[1] <= time.monotonic()
    assert behind[0] < time.time() < ahead[0]
    assert clockwork.furthest == 86_400
