"""Which document is read next when several wait for a worker."""

import threading
from collections.abc import Sequence

import pytest

from spotlight_notify.sources.feed.parser_pool import PrioritySemaphore, QueueFull

Document = tuple[str, int, bool]
"""A name, a size, and whether its source was costly the last time."""


def order(waiting: Sequence[Document]) -> list[str]:
    """Let documents come one after the other while the only place is taken; tells in which order they go."""
    places, went = PrioritySemaphore(1), list[str]()
    threads = [threading.Thread(target=_wait, args=(places, went, *each)) for each in waiting]
    with places.taken(0, costly=False):
        for number, thread in enumerate(threads, 1):
            thread.start()
            while places.waiting() < number:
                pass
    for thread in threads:
        thread.join()
    return went


def _wait(places: PrioritySemaphore, went: list[str], name: str, size: int, costly: bool) -> None:
    with places.taken(size, costly=costly):
        went.append(name)


def test_feeds_142_hostile_the_small_go_first_and_the_costly_last() -> None:
    waiting = [("costly", 10, True), ("huge", 5_000_000, False), ("small", 2_000, False), ("tiny", 9, False)]
    assert order(waiting) == ["tiny", "small", "huge", "costly"]


def test_feeds_142_hostile_of_equals_who_came_first_goes_first() -> None:
    assert order([(name, 100, False) for name in "abcde"]) == list("abcde")


def test_feeds_142_hostile_the_costly_never_take_the_last_place() -> None:
    places, went = PrioritySemaphore(2), list[str]()
    with places.taken(1, costly=True):
        second = threading.Thread(target=_wait, args=(places, went, "costly", 1, True))
        second.start()
        while not places.waiting():
            pass
        with places.taken(1_000_000, costly=False):
            assert went == []
        assert went == []
    second.join()
    assert went == ["costly"]


def test_feeds_142_hostile_more_than_a_few_large_ones_are_sent_away() -> None:
    places, went = PrioritySemaphore(1, most_large=1), list[str]()
    with places.taken(9, costly=False):
        waiting = threading.Thread(target=_wait, args=(places, went, "large", 2_000_000, False))
        waiting.start()
        while not places.waiting():
            pass
        with pytest.raises(QueueFull), places.taken(2_000_000, costly=False):
            pass
    waiting.join()
    assert went == ["large"]
    with places.taken(2_000_000, costly=False):
        went.append("later")
    assert went == ["large", "later"]
