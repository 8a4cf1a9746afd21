"""What people are advised to do, as values: the command line words them as commands, a page as buttons."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Deed(StrEnum):
    """What a person can do; behind each stands its subject: a number, a name, or several."""

    RETRY = "retry delivery"
    CANCEL = "cancel delivery"
    MARK_SENT = "mark as sent delivery"
    APPROVE = "approve delivery"
    APPROVE_AS = "approve, by name, delivery"
    EDIT = "edit delivery"
    REJECT = "reject delivery"
    FOLLOW_UP = "correct delivery"
    TAKE_DOWN = "take down delivery"
    SEE_DELIVERY = "see delivery"
    ANNOUNCE = "announce aid"
    ANNOUNCE_THEME = "announce a digest of"
    LIFT_HOLD = "lift hold"
    RESUME_CHANNEL = "resume channel"
    ACCEPT_SOURCE = "accept source"
    BASELINE_SOURCE = "baseline source"
    BASELINE_BUT_LATEST = "baseline all but the latest of source"
    BASELINE_RENAMED = "take as new source"
    RENAME = "rename"
    """Its subject is a kind, an old name and a new one."""
    LOOK_UP = "look up unsure deliveries"
    CHECK_CONFIG = "a check of the configuration"
    WORK_ONCE = "one round of work"
    SEE_AIDS = "the list of aids"
    SEE_DELIVERIES = "the list of deliveries"
    SEE_PROPOSED = "the list of proposed deliveries"
    SEE_FAILED = "the list of failed deliveries"
    SEE_HOLDS = "the list of holds"


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a person may do now, and what to."""

    deed: Deed
    subject: tuple[int | str, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, (self.deed, *self.subject)))


@dataclass(frozen=True, slots=True)
class Field:
    """Something that a person says with an order, by its name: an option, a column of a plan, an input."""

    name: str

    def __str__(self) -> str:
        return self.name


Part = str | Action | Field


@dataclass(frozen=True, slots=True)
class Advice:
    """A sentence in pieces, so that what it names is written as those who read it know it."""

    parts: tuple[Part, ...]

    def worded(self, word: Callable[[Action | Field], str]) -> str:
        """Return the sentence, with its actions and fields written by ``word``."""
        return "".join(part if isinstance(part, str) else word(part) for part in self.parts)

    def __str__(self) -> str:
        return self.worded(str)


Said = str | Advice
"""A sentence that may carry actions."""


def do(deed: Deed, *subject: int | str) -> Action:
    """Return an action on its subject."""
    return Action(deed, subject)


def advise(*parts: Part | Advice) -> Advice:
    """Return the sentence that these pieces make."""
    flat = (each.parts if isinstance(each, Advice) else (each,) for each in parts)
    return Advice(tuple(piece for pieces in flat for piece in pieces))


def joined(between: str, sentences: Iterable[Said]) -> Advice:
    """Return one sentence of several."""
    pieces = [piece for each in sentences for piece in (between, each)]
    return advise(*pieces[1:])


def on_alarm(source: str) -> Advice:
    """Return how a person answers a source's alarm."""
    accept, baseline = do(Deed.ACCEPT_SOURCE, source), do(Deed.BASELINE_SOURCE, source)
    return advise("To let it go: ", accept, "; to take it as known: ", baseline)
