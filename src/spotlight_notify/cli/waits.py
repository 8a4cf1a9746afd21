"""Say what goes on only once a person has acted, gravest first, each with the command that does it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spotlight_notify.cli.hold_lines import counted, line_of
from spotlight_notify.cli.source import Watched
from spotlight_notify.model import advice
from spotlight_notify.model.records.orders import Hold
from spotlight_notify.model.records.standing import ChannelStatus, Delivery
from spotlight_notify.model.words import State
from spotlight_notify.rules.explain.explanations import Explanation, Word

PROPOSED = "deliveries --state proposed"
"""Lists what people are asked about."""

QUIET = (Word.SOURCE_UNCHANGED, Word.BASELINE)
"""How a source stands about which nobody need do anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Say what waits for a person, and what the person does: a sentence that ends with a command."""

    what: str
    change: str

    def __str__(self) -> str:
        end = "" if self.what.endswith((".", "!", "?")) else "."
        return f"waits for a person: {self.what}{end} {self.change}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Join a delivery to what explains it."""

    delivery: Delivery
    why: Explanation


def waits_for_people(
    *,
    not_down: Iterable[Explained],
    channels: Iterable[ChannelStatus],
    sources: Iterable[Watched],
    open_deliveries: Iterable[Explained],
    holds: Iterable[Hold],
) -> tuple[Wait, ...]:
    """List all that goes on only once a person has acted.

    ``not_down``: deliveries that were ordered off their network and are not known to be gone.
    """
    opened = list(open_deliveries)
    stuck = [one for one in opened if one.delivery.state is State.UNSURE and one.delivery.look_at is None]
    asked = [one for one in opened if one.delivery.state is State.PROPOSED]
    return (
        *map(_of_delivery, not_down),
        *(_paused(each) for each in channels if each.paused_at),
        *map(_of_delivery, stuck),
        *(_source(each) for each in sources if each.why.word not in QUIET),
        *_asked(asked),
        *(Wait(what=line_of(each), change=f"Lift the hold: {advice.lift(each.id)}") for each in holds),
    )


def _of_delivery(one: Explained) -> Wait:
    which = f"delivery {one.delivery.id} on {one.delivery.channel}"
    return Wait(what=f"{which}, {one.why.word}: {one.why.sentence}", change=one.why.change)


def _paused(status: ChannelStatus) -> Wait:
    return Wait(
        what=f"channel {status.name} is paused: {status.paused_reason}",
        change=f"Mend that, then: {advice.resume_channel(status.name)}",
    )


def _source(one: Watched) -> Wait:
    return Wait(what=f"source {one.status.name}, {one.why.word}: {one.why.sentence}", change=one.why.change)


def _asked(asked: Sequence[Explained]) -> Iterator[Wait]:
    """Yield one for each question; what many deliveries are asked in one word is told once."""
    for word, found in _by_word(asked).items():
        if len(found) == 1:
            yield _of_delivery(found[0])
        else:
            numbers = sorted(one.delivery.id for one in found)
            yield Wait(what=f"{counted(len(found))}, {word}", change=_answer(word, numbers))


def _by_word(asked: Iterable[Explained]) -> Mapping[Word, list[Explained]]:
    """Group what is asked; what the brake holds is told with its source."""
    by_word: dict[Word, list[Explained]] = {}
    for one in asked:
        if one.why.word is not Word.BRAKED:
            by_word.setdefault(one.why.word, []).append(one)
    return by_word


def _answer(word: Word, numbers: Sequence[int]) -> str:
    if word is not Word.AWAITING_APPROVAL:
        return f"To see them: {PROPOSED}"
    listed = " ".join(map(str, numbers))
    return f"To see them: {PROPOSED}; to let them go: approve {listed}"
