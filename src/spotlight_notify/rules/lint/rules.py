"""The rules: how grave a breach is, where each rule comes from, and which a configuration leaves out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from spotlight_notify.model.aids import Theme
from spotlight_notify.model.posts import Finding
from spotlight_notify.model.words import Level

OURS = "this project"
_SECTION_508 = "section508.gov/create/social-media"
_DIGITAL_GOV = "digital.gov, Improving the Accessibility of Social Media in Government"
_GCS = "GCS (gcs.civilservice.gov.uk)"
_GCS_AND_508 = f"{_GCS}; {_SECTION_508}"
_GCS_AND_DEFRA = f"{_GCS}; Defra (defra-design.github.io/accessibility)"
_PLAIN = "plainlanguage.gov"
_X = "X OpenAPI 2.167"
_FACEBOOK = "developers.facebook.com/docs/sharing/webmasters"
_ERRORS = {
    "hashtag-present": OURS,
    "hashtag-case": f"{_SECTION_508}; digital.gov",
    "alt-missing": f"{_X}; {_SECTION_508}",
    "alt-length": _X,
    "garbled": OURS,
    "symbol-letters": _GCS_AND_DEFRA,
    "ascii-art": _GCS_AND_DEFRA,
    "animated-gif": _SECTION_508,
    "alt-file-name": _SECTION_508,
    "alt-says-nothing": _SECTION_508,
    "poster-picture": OURS,
    "stop-words": OURS,
    "contact-details": OURS,
    "says-nothing": OURS,
    "event-unclear": OURS,
    "title-acronym": OURS,
    "accidental-link": OURS,
}
_WARNINGS = {
    "alt-long": _SECTION_508,
    "alt-url": _SECTION_508,
    "alt-opening": _SECTION_508,
    "alt-repeats": _SECTION_508,
    "alt-equal": _SECTION_508,
    "hashtags-many": _GCS,
    "hashtags-place": _GCS,
    "hashtags-strangers": OURS,
    "emoji-many": _GCS_AND_508,
    "emoji-repeated": _GCS_AND_508,
    "emoji-place": _GCS_AND_508,
    "capitals": _PLAIN,
    "cut-short": OURS,
    "one-link": _GCS,
    "short-link": OURS,
    "click-here": _GCS,
    "picture-unusable": OURS,
    "card-title": _FACEBOOK,
    "card-image": _FACEBOOK,
    "link-front-page": OURS,
    "link-unchecked": OURS,
}
_HINTS = {
    "cut-away": OURS,
    "long-sentence": _GCS,
    "acronym": _DIGITAL_GOV,
    "plain-words": _PLAIN,
    "text-version": _SECTION_508,
}
_EASED = frozenset({"alt-missing", "alt-length", "animated-gif", "alt-file-name", "alt-says-nothing"})
"""Rules on pictures that stop a post which shows such a picture. A post that goes without it harms nobody."""
_LEVELS = {Level.ERROR: _ERRORS, Level.WARNING: _WARNINGS, Level.HINT: _HINTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of the lint; ``source`` is its public source. An error cannot be left out by the configuration.

    ``eased``: its breach is a warning when the picture that breaks it is left out of the post.
    """

    name: str
    level: Level
    source: str
    eased: bool = False

    @property
    def optional(self) -> bool:
        """Return whether the configuration may leave it out; of an eased one only the warnings."""
        return self.level is not Level.ERROR or self.eased


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the lint leaves out and what it knows.

    ``ignore``: rules left out; errors never are. ``ask``: rules whose findings stop a post, though they only
    warn or hint. ``acronyms``: those that followers know beside everybody's. ``themes``: their hashtags are
    ours, as the campaign's is. ``stop_words``: patterns by name, beside the list's own or in place of them;
    an empty one takes its name off the list.
    """

    ignore: frozenset[str] = frozenset()
    ask: frozenset[str] = frozenset()
    acronyms: frozenset[str] = frozenset()
    themes: tuple[Theme, ...] = ()
    stop_words: Mapping[str, str] = field(default_factory=dict)


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        name: Rule(name=name, level=level, source=source, eased=name in _EASED)
        for level, sources in _LEVELS.items()
        for name, source in sources.items()
    }
)
"""All rules by name, the gravest first. Those on cards and links are found by whoever asks the page, the
others here."""


def make_finding(rule: str, message: str, *, left_out: bool = False) -> Finding:
    """Return what a rule found; KeyError when there is no rule of this name.

    ``left_out``: the post goes without the picture that breaks the rule, so the finding is no error.
    """
    known = RULES[rule]
    level = Level.WARNING if left_out and known.eased else known.level
    return Finding(rule=known.name, level=level, message=message, source=known.source)
