"""Read the clock, roll the dice, let time pass: nowhere else."""

import random
import time
from datetime import UTC, datetime


def clock() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


def jitter() -> float:
    """Roll the dice."""
    return random.random()


def pause(seconds: float) -> None:
    """Let time pass; for a command that waits for another process."""
    time.sleep(seconds)
