import threading
from functools import partial

import pytest

from spotlight_notify.worker.threads import Crew


def nothing() -> None:
    """Do nothing."""


def test_a_name_is_worked_on_by_one_thread_and_a_second_call_is_not_lost() -> None:
    crew, gate, done = Crew(4, nothing), threading.Event(), list[object]()

    def work() -> None:
        done.append(threading.current_thread().name)
        gate.wait(60)

    assert crew.start("drain", work)
    assert crew.start("drain", work)
    assert crew.start("drain", work)
    assert crew.busy() == {"drain"}
    gate.set()
    assert crew.wait(60)
    assert len(done) == 2


def test_no_more_than_so_many_and_room_is_told() -> None:
    gate, room = threading.Event(), threading.Event()
    crew = Crew(1, room.set)
    crew.start("a", lambda: nothing() if gate.wait(60) else None)
    assert not crew.start("b", nothing)
    assert not room.is_set()
    gate.set()
    assert crew.wait(60)
    assert room.is_set()


def test_room_can_start_the_next_and_wait_sees_it() -> None:
    waiting = [f"source-{n}" for n in range(50)]
    done: list[str] = []

    def start_waiting() -> None:
        while waiting and crew.start(waiting[0], partial(done.append, waiting[0])):
            waiting.pop(0)

    crew = Crew(3, start_waiting)
    start_waiting()
    while waiting:
        crew.wait(0.01)
    assert crew.wait(60)
    assert sorted(done) == sorted(f"source-{n}" for n in range(50))


def test_closed_takes_no_new_work_but_finishes_what_is_under_way() -> None:
    crew, gate, done = Crew(4, nothing), threading.Event(), list[object]()

    def work() -> None:
        gate.wait(60)
        done.append(1)

    crew.start("a", work)
    crew.close()
    assert not crew.start("b", work)
    assert not crew.wait(0.01)
    gate.set()
    assert crew.wait(60)
    assert done == [1]


@pytest.mark.parametrize("calls", [1, 2])
def test_a_failing_piece_of_work_frees_its_name(calls: int) -> None:
    gate = threading.Event()

    def fail() -> None:
        gate.wait(60)
        raise RuntimeError("on purpose")

    hook, threading.excepthook = threading.excepthook, lambda args: None
    try:
        crew = Crew(1, nothing)
        for _ in range(calls):
            crew.start("a", fail)
        gate.set()
        assert crew.wait(60)
    finally:
        threading.excepthook = hook
    assert crew.start("a", nothing)
    assert crew.wait(60)


def test_feeds_142_hostile_doubtful_work_leaves_places_to_the_rest() -> None:
    gate, done = threading.Event(), list[str]()
    crew = Crew(4, nothing, for_doubtful=2)
    started = [
        crew.start(f"doubtful-{n}", lambda: nothing() if gate.wait(60) else None, doubtful=True)
        for n in range(142)
    ]
    assert started == [True, True, *[False] * 140]
    assert crew.start("sound", partial(done.append, "sound"))
    while crew.busy() != {"doubtful-0", "doubtful-1"}:
        crew.wait(0.01)
    assert done == ["sound"]
    gate.set()
    assert crew.wait(60)
    assert crew.start("doubtful-9", nothing, doubtful=True)
    assert crew.wait(60)
