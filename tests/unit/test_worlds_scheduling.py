"""Turns on the true time line of a simulated world."""

import pytest

from worlds.scheduling import Scheduler


def test_actors_go_on_in_the_order_of_their_times() -> None:
    scheduler, told = Scheduler(1), list[tuple[str, float]]()

    def work(name: str, seconds: float) -> None:
        for _ in range(2):
            scheduler.wait(seconds)
            told.append((name, scheduler.now))

    scheduler.spawn("slow", "one", lambda: work("slow", 10))
    scheduler.spawn("quick", "two", lambda: work("quick", 4))
    scheduler.run(100)
    assert told == [("quick", 4), ("quick", 8), ("slow", 10), ("slow", 20)]
    assert scheduler.now == 100


@pytest.mark.parametrize("asker", ["itself", "another"])
def test_a_crash_ends_all_of_a_process_at_once_and_nothing_else(asker: str) -> None:
    scheduler, told = Scheduler(1), list[str]()

    def work(name: str) -> None:
        try:
            scheduler.wait(10)
            told.append(f"{name} went on")
        finally:
            told.append(f"{name} ended at {scheduler.now:g}")

    def strike() -> None:
        scheduler.wait(5)
        scheduler.crash("daemon")
        told.append("survived")

    scheduler.spawn("a", "daemon", lambda: work("a"))
    scheduler.spawn("b", "other", lambda: work("b"))
    scheduler.spawn("striker", "daemon" if asker == "itself" else "other", strike)
    scheduler.run(100)
    survived = ["survived"] if asker == "another" else []
    assert told == [*survived, "a ended at 5", "b went on", "b ended at 10"]


def test_who_is_about_to_end_cannot_wait_any_more() -> None:
    scheduler, told = Scheduler(1), list[str]()

    def work() -> None:
        try:
            scheduler.wait(10)
        finally:
            scheduler.wait(1)
            told.append("waited")

    scheduler.spawn("a", "daemon", work)
    scheduler.run(5)
    scheduler.close()
    assert told == []


def test_a_waiting_actor_can_be_woken_earlier_and_goes_on_once() -> None:
    scheduler, told = Scheduler(1), list[float]()

    def work() -> None:
        scheduler.wait(50)
        told.append(scheduler.now)

    actor = scheduler.spawn("a", "daemon", work)
    scheduler.call(3, lambda: scheduler.wake(actor, 7))
    scheduler.run(100)
    assert told == [7]


def test_a_mistake_in_an_actor_is_not_swallowed() -> None:
    scheduler = Scheduler(1)
    scheduler.spawn("a", "daemon", lambda: [][1])
    with pytest.raises(IndexError):
        scheduler.run(1)
