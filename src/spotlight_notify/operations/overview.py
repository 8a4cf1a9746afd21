"""See how everything stands: what waits for a person first, then sources, channels, holds and deliveries."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from spotlight_notify.model.advice import Advice, Deed, Field, Said, advise, do
from spotlight_notify.model.aids import ON_DEMAND
from spotlight_notify.model.campaigns import Campaign
from spotlight_notify.model.errors import UnknownName
from spotlight_notify.model.records.orders import Hold
from spotlight_notify.model.records.standing import ChannelStatus, Delivery, KnownAid, SourceStatus
from spotlight_notify.model.schedule import Tempo
from spotlight_notify.model.states import OPEN
from spotlight_notify.model.words import Cause, State
from spotlight_notify.operations.decide.holds import counted
from spotlight_notify.operations.status import (
    Absence,
    ChannelSummary,
    Standing,
    look_ahead,
    standing_of,
    summary_of,
    survey_aid,
)
from spotlight_notify.ports.ledger import Ledger
from spotlight_notify.rules.explain.explain import explain
from spotlight_notify.rules.explain.explanations import Explanation, SourceFacts, Word
from spotlight_notify.rules.pricing import Prices, Reads, in_words, reads_of
from spotlight_notify.text.times import utc_minute

LONG_UNSURE = timedelta(days=1)
"""After so long somebody should look at a network that does not tell whether a post is there."""

QUIET = (Word.SOURCE_UNCHANGED, Word.BASELINE)
"""How a source stands about which nobody need do anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """What waits for a person, and what the person does about it."""

    what: str
    change: Said

    @property
    def said(self) -> Advice:
        """Both, in a sentence each."""
        end = "" if self.what.endswith((".", "!", "?")) else "."
        return advise(f"waits for a person: {self.what}{end} ", self.change)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A source, and what explains how it stands."""

    status: SourceStatus
    why: Explanation


def watched(found: Sequence[SourceStatus], configured: Collection[str], now: datetime) -> list[Watched]:
    """Explain how sources stand; what people announce by hand has no place to look at."""
    facts = [
        SourceFacts(now=now, source=each, configured=each.name in configured)
        for each in found
        if each.name != ON_DEMAND
    ]
    return [Watched(status=each.source, why=explain(each)) for each in facts]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How everything stands at ``now``; ``channels`` are by name, ``reads`` only those that cost.

    ``waits``: what goes on only once a person has acted, gravest first.
    """

    now: datetime
    sources: list[Watched]
    channels: Mapping[str, tuple[ChannelStatus, ChannelSummary]]
    holds: tuple[Hold, ...]
    counts: Mapping[State, int]
    reads: Mapping[str, Reads]
    waits: tuple[Wait, ...]


def overview(
    *,
    ledger: Ledger,
    campaigns: Sequence[Campaign],
    tempos: Mapping[str, Tempo],
    sources: Collection[str],
    prices: Mapping[str, Prices],
    now: datetime,
) -> Overview:
    """Read how everything stands; ``sources`` are those of the configuration, ``prices`` are by channel."""
    outlooks = look_ahead(ledger, tempos, now)
    waiting, failed = (
        [standing_of(one, outlooks[one.channel], campaigns) for one in ledger.deliveries(states=states)]
        for states in (OPEN, (State.FAILED,))
    )
    channels = {
        name: (outlook.status, summary_of(outlook, [one for one in waiting if one.channel == name]))
        for name, outlook in outlooks.items()
    }
    left = [(ledger.delivery(order.delivery_id), order) for order in ledger.takedowns_left()]
    not_down = [standing_of(one, outlooks[one.channel], campaigns, order) for one, order in left]
    reads = {name: reads_of(read, prices.get(name)) for name, read in sorted(ledger.reads().items())}
    looked_at, holds = watched(ledger.sources(), sources, now), ledger.holds(now)
    waits = waits_for_people(
        not_down=not_down,
        channels=[outlook.status for outlook in outlooks.values()],
        sources=looked_at,
        open_deliveries=waiting,
        failed=failed,
        holds=holds,
    )
    return Overview(
        now=now,
        sources=looked_at,
        channels=channels,
        holds=holds,
        counts=ledger.counts(),
        reads={name: cost for name, cost in reads.items() if in_words(cost)},
        waits=waits,
    )


def waits_for_people(
    *,
    not_down: Iterable[Standing],
    channels: Iterable[ChannelStatus],
    sources: Iterable[Watched],
    open_deliveries: Iterable[Standing],
    failed: Sequence[Standing],
    holds: Iterable[Hold],
) -> tuple[Wait, ...]:
    """Return all that goes on only once a person has acted.

    ``not_down``: deliveries that were ordered off their network and are not known to be gone.
    """
    opened = list(open_deliveries)
    stuck = [one for one in opened if _is_stuck(one)]
    asked = [one for one in opened if one.delivery.state is State.PROPOSED]
    return (
        *map(_of_delivery, not_down),
        *(_paused(each) for each in channels if each.paused_at),
        *map(_of_delivery, stuck),
        *(_source(each) for each in sources if each.why.word not in QUIET),
        *_asked(asked),
        *_failed(failed),
        *(
            Wait(what=each.in_full, change=advise("Lift the hold: ", do(Deed.LIFT_HOLD, each.id)))
            for each in holds
        ),
    )


def _of_delivery(one: Standing) -> Wait:
    which = f"delivery {one.delivery.id} on {one.delivery.channel}"
    return Wait(what=f"{which}, {one.why.word}: {one.why.sentence}", change=one.why.change)


def _paused(status: ChannelStatus) -> Wait:
    return Wait(
        what=f"channel {status.name} is paused: {status.paused_reason}",
        change=advise("Mend that, then: ", do(Deed.RESUME_CHANNEL, status.name)),
    )


def _source(one: Watched) -> Wait:
    return Wait(what=f"source {one.status.name}, {one.why.word}: {one.why.sentence}", change=one.why.change)


def _is_stuck(one: Standing) -> bool:
    """Return whether a delivery gets nowhere by itself: unclear for good or for long, or no campaign's."""
    delivery = one.delivery
    if delivery.state is State.UNSURE:
        return delivery.look_at is None or one.now - delivery.changed_at > LONG_UNSURE
    return delivery.state is State.PENDING and one.why.word is Word.FILTERED


def _failed(failed: Sequence[Standing]) -> Iterator[Wait]:
    """Yield the one that failed, or in a line all that did; who cancels one has seen it."""
    if len(failed) == 1:
        yield _of_delivery(failed[0])
    elif failed:
        change = advise("To see them: ", do(Deed.SEE_FAILED))
        yield Wait(what=f"{counted(len(failed))}, {Word.FAILED}", change=change)


def _asked(asked: Sequence[Standing]) -> Iterator[Wait]:
    """Yield one for each question; what many deliveries are asked in one word is told once."""
    for word, found in _by_word(asked).items():
        if len(found) == 1:
            yield _of_delivery(found[0])
        else:
            numbers = sorted(one.delivery.id for one in found)
            yield Wait(what=f"{counted(len(found))}, {word}", change=_answer(word, numbers))


def _by_word(asked: Iterable[Standing]) -> Mapping[Word, list[Standing]]:
    """Group what is asked; what the brake holds is told with its source."""
    by_word: dict[Word, list[Standing]] = {}
    for one in asked:
        if one.why.word is not Word.BRAKED:
            by_word.setdefault(one.why.word, []).append(one)
    return by_word


def _answer(word: Word, numbers: Sequence[int]) -> Advice:
    if word is not Word.AWAITING_APPROVAL:
        return advise("To see them: ", do(Deed.SEE_PROPOSED))
    return advise("To see them: ", do(Deed.SEE_PROPOSED), "; to let them go: ", do(Deed.APPROVE, *numbers))


def explain_aids(
    words: str,
    *,
    ledger: Ledger,
    campaigns: Sequence[Campaign],
    tempos: Mapping[str, Tempo],
    sources: Collection[str],
    now: datetime,
) -> list[tuple[KnownAid, Sequence[Standing | Absence]]]:
    """Explain each aid that is meant in every place it could go; UnknownName if none is known."""
    found = ledger.find_aids(words)
    if not found:
        raise UnknownName(_no_aid(words, watched(ledger.sources(), sources, now)))
    return [
        (one, survey_aid(one, ledger=ledger, campaigns=campaigns, tempos=tempos, now=now)) for one in found
    ]


def _no_aid(words: str, read: Iterable[Watched]) -> Said:
    """Return the sentence that no source has shown such an aid, and how far the sources were read."""
    looks = ", ".join(f"{one.status.name} {_last_look(one.status)} ({one.why.word})" for one in read)
    hint = advise("; for a delivery say ", Field("delivery"), f" {words}") if words.isdecimal() else ""
    return advise(f"no aid {words} is known", hint, f"; sources were last read: {looks or 'there is none'}")


def _last_look(source: SourceStatus) -> str:
    return utc_minute(source.succeeded_at) if source.succeeded_at else "-"


def held_by_brake(source: str, ledger: Ledger) -> tuple[Delivery, ...]:
    """Return what the brake holds of a source, theme by theme, each in the order it was planned."""
    proposed = ledger.deliveries(states=(State.PROPOSED,))
    held = (one for one in proposed if one.cause is Cause.BRAKE and one.source == source)
    return tuple(sorted(held, key=lambda one: (one.theme or "", one.id)))
