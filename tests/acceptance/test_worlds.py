"""Three thousand small worlds, each from its seed, in which the sentence over the door must hold."""

import pytest

from worlds.trying import try_seeds

SEEDS, AT_ONCE = 3000, 75


@pytest.mark.parametrize("first", range(0, SEEDS, AT_ONCE))
def test_the_promise_holds_in_small_worlds(first: int) -> None:
    failures = try_seeds(range(first, first + AT_ONCE))
    told = "\n".join(map(str, failures))
    assert not failures, f"replay with sh run.sh worlds --seed N:\n{told}"
