"""Say why a delivery, an aid or a source is where it is: in a word, a sentence, and what would change it."""

from spotlight_notify.rules.explain.explanations import Explanation, Word
from spotlight_notify.rules.explain.facts import AbsenceFacts, DeliveryFacts, Lateness, SourceFacts
from spotlight_notify.rules.explain.whys import explain

__all__ = ["AbsenceFacts", "DeliveryFacts", "Explanation", "Lateness", "SourceFacts", "Word", "explain"]
