"""Roll dice that fall the same way every time for the same seed."""

import hashlib
from itertools import count

from spotlight_notify.ports.parts import Jitter


def seeded(seed: int | str) -> Jitter:
    """Make dice whose rolls follow from the seed alone; many threads may roll them."""
    rolls = count()

    def roll() -> float:
        digest = hashlib.sha256(f"{seed}:{next(rolls)}".encode()).digest()
        return int.from_bytes(digest[:6]) / 2**48

    return roll
