"""The simulated worlds themselves: they repeat, do what a script says, and see a fault."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes import SECONDS
from worlds.judge import Kind
from worlds.networks import Live
from worlds.program.ledgers import Ledgers, open_ledgers
from worlds.scripts import ANY, PAGE, Aid, Blow, Deed, Event, Ill, Machine, Mishap, Net, Script, Trouble, X
from worlds.world import World

TESTS = Path(__file__).parents[1]
PUBLISH = Event(at=10, deed=Deed.PUBLISH, aid=0)


@pytest.fixture(scope="module")
def ledgers() -> Iterator[Ledgers]:
    with open_ledgers() as held:
        yield held


def small(**changes: object) -> Script:
    """Make a world of one X account, one daemon and one aid."""
    values: dict[str, object] = {"seed": 1, "nets": (Net(name=X),), "aids": (Aid(),), "events": (PUBLISH,)}
    return Script(**values | changes)  # type: ignore[arg-type]


def tale(script: Script, ledgers: Ledgers) -> list[str]:
    """Let a world happen that must hold, and tell its steps."""
    steps: list[str] = []
    world = World(script, ledgers, steps.append)
    assert world.live() == ()
    assert world.surprises == []
    return steps


def count(steps: list[str], words: str) -> int:
    return sum(words in step for step in steps)


def replayed(seed: int, hash_seed: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", "worlds", "--seed", str(seed)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(TESTS), "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert not ended.stderr, ended.stderr
    return ended.stdout


def test_a_seed_tells_the_same_tale_in_any_process() -> None:
    once = replayed(3, "1")
    assert "after settle" in once
    assert replayed(3, "2") == once


def test_nothing_of_a_world_is_left_in_the_next(ledgers: Ledgers) -> None:
    once = tale(small(), ledgers)
    tale(small(seed=2, nets=(Net(name=PAGE),)), ledgers)
    assert tale(small(), ledgers) == once


def test_who_comes_first_follows_from_the_seed(ledgers: Ledgers) -> None:
    two = (Machine(), Machine())
    first = {
        next(step for step in tale(small(seed=seed, machines=two), ledgers) if "claim_poll -> True" in step)[
            14:
        ]
        for seed in range(1, 9)
    }
    assert first == {"daemon 0 after claim_poll -> True", "daemon 1 after claim_poll -> True"}


@pytest.mark.parametrize("step", ["before create", "after create", "before settle", "after claim_due"])
def test_a_daemon_that_crashes_forgets_all_and_begins_again(ledgers: Ledgers, step: str) -> None:
    blow = Mishap(machine=0, step=step, nth=0, blow=Blow.CRASH, amount=5)
    steps = tale(small(mishaps=(blow,)), ledgers)
    assert count(steps, "daemon 0 begins again") == 1
    assert count(steps, "after strand -> (1,)") == 1, "its claim was left behind"


def test_a_crash_may_come_at_any_step(ledgers: Ledgers) -> None:
    ends = set()
    for nth in range(15):
        steps = tale(small(mishaps=(Mishap(machine=0, step=ANY, nth=nth, blow=Blow.CRASH),)), ledgers)
        crash = next(number for number, each in enumerate(steps) if each.endswith("daemon 0: crash"))
        ends.add(steps[crash - 1][14:])
    assert {
        "daemon 0 before claim_poll",
        "daemon 0 after recording",
        "daemon 0 after claim_poll -> True",
    } <= ends


def test_paused_work_outlasts_its_lease_and_sends_nothing_then(ledgers: Ledgers) -> None:
    blow = Mishap(machine=0, step="after claim_due", nth=0, blow=Blow.PAUSE, amount=4000)
    steps = tale(small(mishaps=(blow,)), ledgers)
    assert count(steps, "before create") == 1
    assert count(steps, "after strand -> (1,)") == 1


@pytest.mark.parametrize("name", [X, PAGE])
@pytest.mark.parametrize(
    ("ill", "made"), [(Ill.LOST_ANSWER, 1), (Ill.LOST_REQUEST, 2), (Ill.NO_CONNECTION, 2), (Ill.LATE, 1)]
)
def test_what_is_lost_is_looked_for(ledgers: Ledgers, name: str, ill: Ill, made: int) -> None:
    trouble = Trouble(channel=name, call="create", nth=0, ill=ill, amount=5)
    steps = tale(small(nets=(Net(name=name, lag=40),), troubles=(trouble,)), ledgers)
    assert count(steps, "before create") == made


def test_a_copy_put_back_forgets_what_came_after_it(ledgers: Ledgers) -> None:
    events = (PUBLISH, Event(at=5, deed=Deed.BACK_UP), Event(at=3600, deed=Deed.RESTORE))
    page = Net(name=PAGE, adopt=True)
    steps = tale(small(nets=(page,), events=events), ledgers)
    assert count(steps, "after recording") == 2, "the aid was new twice"
    assert count(steps, "before create") == 1, "and found the second time"


def test_a_post_that_is_no_record_s_is_seen(ledgers: Ledgers) -> None:
    world = World(small(), ledgers)
    assert world.live() == ()
    shore = world.around.shores[X]
    (post,) = shore.posts
    shore.add(Live(post_id="7", text=post.text, links=post.links, at=9000.0, made_at=9000.0, by="program"))
    assert {fault.kind for fault in world.judged()} == {Kind.TWICE, Kind.UNRECORDED}


def test_a_world_holds_on_postgresql_too() -> None:
    with open_ledgers(postgres=True) as held:
        once = tale(small(machines=(Machine(), Machine())), held)
        assert tale(small(machines=(Machine(), Machine())), held) == once
