"""Explain a delivery, an aid without one, or a source, by the facts about it."""

from dataclasses import replace
from datetime import datetime

from spotlight_notify.model.advice import Deed, advise, do, on_alarm
from spotlight_notify.model.aids import ON_DEMAND
from spotlight_notify.model.words import State
from spotlight_notify.rules.explain.explanations import (
    AbsenceFacts,
    DeliveryFacts,
    Explanation,
    SourceFacts,
    Word,
)
from spotlight_notify.rules.explain.outcomes import explain_ended, explain_skipped
from spotlight_notify.rules.explain.pending import explain_pending
from spotlight_notify.rules.explain.proposed import explain_proposed
from spotlight_notify.text.times import utc_minute


def explain(facts: DeliveryFacts | AbsenceFacts | SourceFacts) -> Explanation:
    """Return why a delivery, an aid without one, or a source is where it is."""
    found = _explained(facts)
    return replace(found, sentence=_whole(found.sentence))


def explain_absence(facts: AbsenceFacts) -> Explanation:
    """Return why nothing was planned for an aid."""
    known = facts.aid
    change = advise("A person may announce it all the same: ", do(Deed.ANNOUNCE, known.id))
    if facts.campaign is None:
        return Explanation(
            word=Word.FILTERED,
            sentence=f"No campaign of the configuration listens to source {known.aid.source}.",
            change="Name the source under a campaign's sources in the configuration, then announce it.",
        )
    if known.baseline:
        why = "It was there at a first look (a baseline), which announces nothing."
        return Explanation(word=Word.BASELINE, sentence=why, change=change)
    why = f"{facts.campaign} did not announce there when it was first seen, {utc_minute(known.first_seen_at)}"
    if known.aid.source == ON_DEMAND:
        why = "nobody ordered it to go there"
    sentence = f"It was not planned on {facts.channel}: {why}."
    return Explanation(word=Word.FILTERED, sentence=sentence, change=change)


def explain_source(facts: SourceFacts) -> Explanation:
    """Return how a source stands: what needs a person comes first."""
    source = facts.source
    if not facts.configured:
        sentence, change = "The configuration does not name it: it is not looked at.", "Put it back there."
        return Explanation(word=Word.FILTERED, sentence=sentence, change=change)
    if source.paused_reason:
        sentence, change = f"It is not looked at: {source.paused_reason}", "Its pause ends."
        return Explanation(word=Word.PAUSED_SOURCE, sentence=sentence, change=change)
    if source.alarm:
        return _braked(facts, source.alarm)
    if source.failures:
        return _failing(facts)
    if source.baseline_at is None:
        return Explanation(
            word=Word.BASELINE,
            sentence="Its next look is a baseline: what is there is recorded and not announced.",
            change=advise("To announce its latest all the same: ", do(Deed.BASELINE_BUT_LATEST, source.name)),
            next_at=_next_at(facts),
        )
    looked = f"at {utc_minute(source.succeeded_at)}" if source.succeeded_at else "before"
    return Explanation(
        word=Word.SOURCE_UNCHANGED,
        sentence=f"It was read {looked}, and all that it showed is known.",
        change="What it publishes next is new at the next look.",
        next_at=_next_at(facts),
    )


def _explained(facts: DeliveryFacts | AbsenceFacts | SourceFacts) -> Explanation:
    match facts:
        case AbsenceFacts():
            return explain_absence(facts)
        case SourceFacts():
            return explain_source(facts)
        case _:
            return _explain_delivery(facts)


def _whole(sentence: str) -> str:
    """End a sentence that ends with somebody's words as they left them."""
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def _explain_delivery(facts: DeliveryFacts) -> Explanation:
    match facts.delivery.state:
        case State.PENDING:
            return explain_pending(facts)
        case State.PROPOSED:
            return explain_proposed(facts.delivery)
        case State.SKIPPED:
            return explain_skipped(facts.delivery)
        case _:
            return explain_ended(facts)


def _braked(facts: SourceFacts, alarm: str) -> Explanation:
    source = facts.source
    since = f" since {utc_minute(source.alarm_at)}" if source.alarm_at else ""
    return Explanation(
        word=Word.BRAKED,
        sentence=f"What is new there is held{since}: {alarm}",
        change=on_alarm(source.name),
        next_at=_next_at(facts),
    )


def _failing(facts: SourceFacts) -> Explanation:
    source = facts.source
    times = f"{source.failures} looks in a row" if source.failures > 1 else "The last look"
    return Explanation(
        word=Word.SOURCE_FAILING,
        sentence=f"{times} failed: {source.error}",
        change="It is asked again by itself, less and less often; mend its address if it has moved.",
        next_at=_next_at(facts),
    )


def _next_at(facts: SourceFacts) -> datetime:
    """Return when it is looked at next; what is overdue is looked at now."""
    return max(facts.source.next_poll_at, facts.now)
