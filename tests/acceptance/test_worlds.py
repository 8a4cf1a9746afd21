"""Small worlds, each from its seed, in which the promise must hold; `sh run.sh worlds` tries more."""

import pytest

from worlds.trying import try_seeds

pytestmark = pytest.mark.long

SEEDS, AT_ONCE = 300, 30


@pytest.mark.parametrize("first", range(0, SEEDS, AT_ONCE))
def test_the_promise_holds_in_small_worlds(first: int) -> None:
    failures = try_seeds(range(first, first + AT_ONCE))
    told = "\n".join(map(str, failures))
    assert not failures, f"replay with sh run.sh worlds --seed N:\n{told}"


@pytest.mark.parametrize("seed", [440181, 444686, 1001224])
def test_the_promise_holds_in_worlds_in_which_it_once_did_not(seed: int) -> None:
    """A double after a restore; what was taken back while nothing ran, and while it was being sent."""
    assert not try_seeds([seed])
