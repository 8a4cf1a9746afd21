"""Wait for as long as something moves, however slow the machine is."""

import time
from collections.abc import Callable, Hashable

NO_PROGRESS_SECONDS = 150.0
"""How long nothing may move before a wait is given up: longer than any one request, lease and command."""
LOOK_EVERY_SECONDS = 0.05


def wait_while_it_moves(
    done: Callable[[], bool],
    seen: Callable[[], Hashable],
    *,
    patience: float = NO_PROGRESS_SECONDS,
    between: Callable[[], None] = lambda: time.sleep(LOOK_EVERY_SECONDS),
) -> bool:
    """Wait until it is done; False when what is ``seen`` has stayed the same for ``patience`` seconds."""
    latest, since = seen(), time.monotonic()
    while not done():
        between()
        now_seen, now = seen(), time.monotonic()
        if now_seen != latest:
            latest, since = now_seen, now
        elif now - since > patience:
            return False
    return True
