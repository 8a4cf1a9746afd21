"""Script what goes wrong between a client and a stand-in: by name, in order, or by chance."""

import hashlib
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate, count

from spotlight_notify.ports.parts import Jitter

OK = "ok"
"""Stands in a script for a request that goes well."""


class Fault(StrEnum):
    """A trouble; ``MEANINGS`` says what each of them is."""

    LOST_ANSWER = "lost-answer"
    LATE_ANSWER = "late-answer"
    SLOW_ANSWER = "slow-answer"
    ERROR_500_LIVE = "500-live"
    CODE_1_LIVE = "code-1-live"
    CODE_2_LIVE = "code-2-live"
    GARBAGE_LIVE = "garbage-live"
    EMPTY_LIVE = "empty-live"
    RESET_AFTER = "reset-after"
    DUPLICATE_LIVE = "403-duplicate-live"
    DELIVERED_TWICE = "delivered-twice"
    NOT_READ_BACK = "not-read-back"
    RESET_BEFORE = "reset-before"
    THROTTLED = "429"
    THROTTLED_NO_RESET = "429-no-reset"
    NO_CREDITS = "402"
    DUPLICATE = "403-duplicate"
    SIGNED_OUT = "dead-token"
    MISSING_PERMISSION = "missing-permission"
    CHECKPOINT = "checkpoint"
    HTML_503 = "html-503"
    REDIRECT = "redirect"


MEANINGS: Mapping[Fault, str] = {
    Fault.LOST_ANSWER: "done, then the connection closes without an answer",
    Fault.LATE_ANSWER: "done, but no answer comes for as long as the client waits",
    Fault.SLOW_ANSWER: "done, and the true answer comes two seconds later",
    Fault.ERROR_500_LIVE: "done, but answered with a plain 500",
    Fault.CODE_1_LIVE: "done, but answered with Graph's code 1 (X: a 500)",
    Fault.CODE_2_LIVE: "done, but answered with Graph's code 2 (X: a 503)",
    Fault.GARBAGE_LIVE: "done, but the answer is broken JSON",
    Fault.EMPTY_LIVE: "done, but the answer is an empty 200",
    Fault.RESET_AFTER: "done, then the connection is reset",
    Fault.DUPLICATE_LIVE: "done, but refused as a duplicate of itself",
    Fault.DELIVERED_TWICE: "done, then delivered once more, and what answers the second comes back",
    Fault.NOT_READ_BACK: "done, but answered with Graph's error that holds the new post's id (X: a 500)",
    Fault.RESET_BEFORE: "the connection is reset before anything is done",
    Fault.THROTTLED: "not done: too many requests, with the time when it ends",
    Fault.THROTTLED_NO_RESET: "not done: too many requests, without a time",
    Fault.NO_CREDITS: "not done: no credits left (Facebook: posting too fast)",
    Fault.DUPLICATE: "not done, and refused as a duplicate of something that is not there",
    Fault.SIGNED_OUT: "not done: the token is dead",
    Fault.MISSING_PERMISSION: "not done: the token lacks a permission",
    Fault.CHECKPOINT: "not done: a person must log in and confirm the account",
    Fault.HTML_503: "not done: a 503 with a page of HTML",
    Fault.REDIRECT: "not done: a redirect to a page that answers 200",
}

LIVE = frozenset(
    {
        Fault.LOST_ANSWER,
        Fault.LATE_ANSWER,
        Fault.ERROR_500_LIVE,
        Fault.CODE_1_LIVE,
        Fault.CODE_2_LIVE,
        Fault.GARBAGE_LIVE,
        Fault.EMPTY_LIVE,
        Fault.RESET_AFTER,
    }
)
"""The troubles that come after the work is done, with an answer that tells nothing."""
DONE = LIVE | {Fault.SLOW_ANSWER, Fault.DUPLICATE_LIVE, Fault.DELIVERED_TWICE, Fault.NOT_READ_BACK}
"""All troubles that come after the work is done."""


class Step(StrEnum):
    """What a request is for; a fault waits for one of these."""

    PUBLISH = "publish"
    REPLY = "reply"
    """Replies, and comments on a Page's posts: public like any post."""
    PREPARE = "prepare"
    """Uploads, alt texts and unpublished posts: nothing becomes public."""
    DELETE = "delete"
    """Taking down what is public, and dropping drafts."""
    READ = "read"


STEPS: Mapping[str, Step] = {step.value: step for step in Step} | {
    "comment": Step.REPLY,
    "remove": Step.DELETE,
}
"""What steps are called in scripts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What happens to the next ``times`` requests of a step; ``fault`` is None where they go well."""

    step: Step
    fault: Fault | None
    times: int = 1

    @property
    def name(self) -> str:
        return self.fault or OK


@dataclass(frozen=True, slots=True, kw_only=True)
class Odds:
    """How likely (0 to 1) each request of a step goes wrong, and the weights of what may happen then."""

    step: Step
    probability: float
    faults: Mapping[Fault, float]


class Faults:
    """What is to go wrong with a stand-in's requests, and a count of what did. Safe from any thread.

    Without ``chance`` the dice fall the same way every time.
    """

    def __init__(self, chance: Jitter | None = None) -> None:
        self._chance = chance or seeded(0)
        self._lock = threading.Lock()
        self._turns: list[Turn] = []
        self._odds: dict[Step, Odds] = {}
        self._happened: Counter[tuple[Step, Fault]] = Counter()

    def add(self, fault: Fault | str, *, times: int = 1, on: Step = Step.PUBLISH) -> None:
        """Make the next ``times`` requests of this step go wrong; turns of one step are used up in order.

        Raises ValueError, naming what there is, for a fault that does not exist.
        """
        self.script([fault] * times, on=on)

    def script(self, names: Iterable[Fault | str], *, on: Step = Step.PUBLISH) -> None:
        """Set for each of the step's next requests what happens to it, ``"ok"`` for nothing; as ``add``."""
        turns = [Turn(step=on, fault=None if name == OK else Fault(name)) for name in names]
        self.take_turns(turns)

    def take_turns(self, turns: Iterable[Turn]) -> None:
        """Put turns behind those that wait."""
        with self._lock:
            self._turns.extend(turn for turn in turns if turn.times > 0)

    def at_random(self, probability: float, *faults: Fault | str, on: Step = Step.PUBLISH) -> None:
        """Make each request of this step go wrong with this probability, in one of these ways, all as likely.

        Requests that a script speaks of are not drawn for.
        """
        self.set_odds(Odds(step=on, probability=probability, faults={Fault(name): 1.0 for name in faults}))

    def set_odds(self, odds: Odds) -> None:
        """Put odds in the place of the step's former ones; a probability of 0 ends them."""
        with self._lock:
            self._odds.pop(odds.step, None)
            if odds.probability > 0 and odds.faults:
                self._odds[odds.step] = odds

    def take(self, step: Step) -> Fault | None:
        """Return what happens to a request of this step, None for nothing, and use up what was scripted."""
        with self._lock:
            fault = self._next(step)
            if fault is not None:
                self._happened[step, fault] += 1
            return fault

    def _next(self, step: Step) -> Fault | None:
        place = next((place for place, turn in enumerate(self._turns) if turn.step is step), None)
        if place is None:
            return self._drawn(step)
        turn = self._turns[place]
        left = [replace(turn, times=turn.times - 1)] if turn.times > 1 else []
        self._turns[place : place + 1] = left
        return turn.fault

    def _drawn(self, step: Step) -> Fault | None:
        odds = self._odds.get(step)
        if odds is None or self._chance() >= odds.probability:
            return None
        return _weighted(odds.faults, self._chance())

    def clear(self) -> None:
        """Forget all that is still to go wrong."""
        with self._lock:
            self._turns.clear()
            self._odds.clear()

    @property
    def waiting(self) -> tuple[Turn, ...]:
        """Show the turns that wait, in order."""
        with self._lock:
            return tuple(self._turns)

    @property
    def odds(self) -> tuple[Odds, ...]:
        """Show the odds in force, at most one entry per step."""
        with self._lock:
            return tuple(self._odds.values())

    @property
    def happened(self) -> dict[tuple[Step, Fault], int]:
        """Count what went wrong so far."""
        with self._lock:
            return dict(self._happened)


def _weighted(faults: Mapping[Fault, float], roll: float) -> Fault:
    """Choose by weight; ``roll`` is from 0 (included) to 1 (not included)."""
    names, weights = [*faults], [*faults.values()]
    mark = roll * sum(weights)
    for fault, reached in zip(names, accumulate(weights), strict=True):
        if mark < reached:
            return fault
    return names[-1]  # rounding can leave a crumb over


def seeded(seed: int | str) -> Jitter:
    """Make dice whose rolls follow from the seed alone; many threads may roll them."""
    rolls = count()

    def roll() -> float:
        digest = hashlib.sha256(f"{seed}:{next(rolls)}".encode()).digest()
        return int.from_bytes(digest[:6]) / 2**48

    return roll
