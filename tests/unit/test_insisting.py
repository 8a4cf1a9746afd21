"""A hold is wanted in an emergency: a busy ledger is asked again and again."""

import pytest

from ledgers import NOW
from spotlight_notify.model.campaigns import Scope
from spotlight_notify.model.errors import LedgerBusy, UnknownName
from spotlight_notify.model.records.orders import Hold
from spotlight_notify.model.words import ScopeKind
from spotlight_notify.operations.decide.holds import MOST_TRIES, Held, insist


class Placing:
    """Fail so many times, then place."""

    def __init__(self, held: Held, failures: int, error: Exception | None = None) -> None:
        self.held, self.failures, self.calls = held, failures, 0
        self.error = error or LedgerBusy("another process holds it")

    def __call__(self) -> Held:
        self.calls += 1
        if self.calls <= self.failures:
            raise self.error
        return self.held


@pytest.fixture
def held() -> Held:
    hold = Hold(
        id=1, scope=Scope(kind=ScopeKind.ALL), reason="incident", who="Desk 5", placed_at=NOW, until_at=None
    )
    return Held(hold=hold, held_back=0, in_flight=())


@pytest.mark.parametrize("failures", [0, 1, MOST_TRIES - 1])
def test_it_is_placed_as_soon_as_the_ledger_takes_it(held: Held, failures: int) -> None:
    said: list[str] = []
    assert insist(Placing(held, failures), said.append) is held
    assert len(said) == failures
    assert all("not held yet" in each for each in said)


def test_in_the_end_it_says_that_nothing_is_held(held: Held) -> None:
    placing = Placing(held, MOST_TRIES)
    with pytest.raises(LedgerBusy):
        insist(placing, lambda words: None)
    assert placing.calls == MOST_TRIES


def test_what_will_never_do_is_not_tried_again(held: Held) -> None:
    placing = Placing(held, 1, UnknownName("no campaign"))
    with pytest.raises(UnknownName):
        insist(placing, lambda words: None)
    assert placing.calls == 1
