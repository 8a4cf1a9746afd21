"""Making failing worlds small, and keeping them fair."""

import pytest

from worlds.drawing import draw
from worlds.fairness import LATEST_ARRIVAL, fair
from worlds.scripts import PAGE, Aid, Deed, Event, Ill, Machine, Net, Script, Trouble, X
from worlds.shrinking import shrunk
from worlds.telling import told

LOST = Trouble(channel=X, call="create", nth=0, ill=Ill.LOST_ANSWER, amount=40)
LARGE = Script(
    seed=5,
    nets=(Net(name=X, lag=80, refuses_repeats=True), Net(name=PAGE, adopt=True)),
    machines=(Machine(skew=180), Machine()),
    aids=(Aid(), Aid(own_link=False), Aid(pictures=4)),
    events=tuple(Event(at=10 * n, deed=Deed.PUBLISH, aid=n) for n in range(3)),
    troubles=(LOST, Trouble(channel=PAGE, call="look", nth=0, ill=Ill.THROTTLED)),
)


def test_only_what_is_needed_to_fail_is_left() -> None:
    def fails(script: Script) -> bool:
        lost = any(each.ill is Ill.LOST_ANSWER for each in script.troubles)
        return lost and any(event.aid == 1 for event in script.events)

    small = shrunk(LARGE, fails)
    assert [event.aid for event in small.events] == [1]
    assert [(each.ill, each.amount) for each in small.troubles] == [(Ill.LOST_ANSWER, 0)]
    assert (len(small.nets), len(small.machines), len(small.aids)) == (1, 1, 2)
    assert small.aids == (Aid(), Aid())


def test_numbers_become_smaller() -> None:
    small = shrunk(LARGE, lambda script: any(machine.skew > 40 for machine in script.machines))
    assert small.machines == (Machine(skew=45),)


def test_looks_lie_far_enough_apart_for_the_lag() -> None:
    assert fair(Script(seed=1, nets=(Net(name=X, lag=150),))).looks_apart == 150 + LATEST_ARRIVAL


def test_what_an_old_ledger_could_not_know_is_left_out() -> None:
    events = (
        Event(at=5, deed=Deed.BACK_UP),
        Event(at=20, deed=Deed.EDIT),
        Event(at=30, deed=Deed.CHANGE, aid=0),
        Event(at=40, deed=Deed.CHANGE, aid=1),
        Event(at=50, deed=Deed.RESTORE),
    )
    aids = (Aid(), Aid(own_link=False))
    kept = fair(Script(seed=1, nets=(Net(name=X),), aids=aids, events=events)).events
    assert [(event.deed, event.aid) for event in kept] == [
        (Deed.BACK_UP, None),
        (Deed.CHANGE, 0),
        (Deed.RESTORE, None),
    ]


@pytest.mark.parametrize("seed", range(0, 2000, 97))
def test_a_drawn_world_is_small_and_fair(seed: int) -> None:
    script = draw(seed)
    assert script == draw(seed) == fair(script)
    assert 1 <= len(script.nets) <= 2
    assert 1 <= len(script.aids) <= 5
    assert len(script.events) <= 30


def test_a_script_is_told_so_that_it_can_be_pasted() -> None:
    names = {each.__name__: each for each in (Script, Net, Machine, Aid, Event, Trouble, Deed, Ill)}
    assert eval(told(LARGE), names) == LARGE
