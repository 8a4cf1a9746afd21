"""Find the explanation that fits the facts."""

from dataclasses import replace

from spotlight_notify.model.words import State
from spotlight_notify.rules.explain.explanations import Explanation
from spotlight_notify.rules.explain.facts import AbsenceFacts, DeliveryFacts, SourceFacts
from spotlight_notify.rules.explain.outcomes import explain_ended, explain_skipped
from spotlight_notify.rules.explain.pending import explain_pending
from spotlight_notify.rules.explain.proposed import explain_proposed
from spotlight_notify.rules.explain.sources import explain_absence, explain_source


def explain(facts: DeliveryFacts | AbsenceFacts | SourceFacts) -> Explanation:
    """Say why a delivery, an aid without one, or a source is where it is."""
    found = _explained(facts)
    return replace(found, sentence=_whole(found.sentence))


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
