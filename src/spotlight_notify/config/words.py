"""Check the words that settings hold: names, hashtags, plain text."""

import difflib
import re
from collections.abc import Iterable, Sized
from typing import Annotated, TypeVar

from pydantic import AfterValidator, ValidationInfo

from spotlight_notify.config.validation import context_of, wrong
from spotlight_notify.model.aids import ON_DEMAND
from spotlight_notify.text.links import normalised_link

Holding = TypeVar("Holding", bound=Sized)

LONGEST_HASHTAG = 100

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ACRONYM = re.compile(r"[A-Z][A-Z0-9&/-]+s?")
_TRACKING = re.compile(r"[a-z][a-z_]*")
_TRACKED = re.compile(r"[A-Za-z0-9._-]*[A-Za-z0-9]")
_PLACE = "https://agency.example/"
_HASHTAG = re.compile(r"#\w+")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return which known word is near, ready to be put behind a sentence; empty when none is."""
    names = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), names, n=1)
    return f'; did you mean "{names[close[0]]}"?' if close else ""


def plain_name(name: str) -> str:
    """Check the name of a source, channel or campaign."""
    if not _NAME.fullmatch(name) or len(name) > 60:
        raise wrong("a name is made of lower-case letters, digits and single hyphens, such as valor-site")
    return name


def source_name(name: str) -> str:
    """Check a source's name, which must not be the one kept for aids announced by hand."""
    if name == ON_DEMAND:
        raise wrong(f'the name "{ON_DEMAND}" is kept for aids announced by hand; choose another')
    return plain_name(name)


def known_source(name: str, info: ValidationInfo) -> str:
    """Check that a campaign names a source there is."""
    around = context_of(info)
    return name if around is None else _known(name, around.sources, "source")


def known_channel(name: str, info: ValidationInfo) -> str:
    """Check that a campaign names a channel there is."""
    around = context_of(info)
    return name if around is None else _known(name, around.channels, "channel")


def _known(name: str, known: frozenset[str], what: str) -> str:
    if name not in known:
        listed = ", ".join(sorted(known)) or "none"
        raise wrong(f"no {what} has this name" + (did_you_mean(name, known) or f" (there are: {listed})"))
    return name


def each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    """Check that no name is listed twice."""
    if len(set(names)) < len(names):
        raise wrong("the same name is listed twice")
    return names


def not_empty(holding: Holding) -> Holding:
    """Check that there is something in it; a length limit of pydantic's would complain of wrong ones too."""
    if not holding:
        raise wrong("must not be empty")
    return holding


def hashtag(tag: str) -> str:
    """Check a hashtag: with ``#``, one word to both networks, its words told apart by capitals."""
    if not tag.startswith("#"):
        raise wrong('must begin with "#", such as #SpotlightOnSafety')
    if not _HASHTAG.fullmatch(tag) or not any(map(str.isalpha, tag)):
        raise wrong(
            'after the "#" only letters, digits and "_", and at least one letter; no blanks or hyphens'
        )
    if len(tag) > LONGEST_HASHTAG:
        raise wrong(f"must be at most {LONGEST_HASHTAG} characters long")
    if next(filter(str.isalpha, tag)).islower():
        raise wrong(
            "begin each word with a capital (#SpotlightOnSafety), so that screen readers tell them apart"
        )
    return tag


def acronym(word: str) -> str:
    """Check an acronym: capitals and digits, at least two."""
    if not _ACRONYM.fullmatch(word):
        raise wrong('must be an acronym in capitals, such as "CIT"')
    return word


def tracking_name(name: str) -> str:
    """Check the name of a parameter that is added to links."""
    if not _TRACKING.fullmatch(name) or normalised_link(f"{_PLACE}?{name}=1") != normalised_link(_PLACE):
        raise wrong("must begin with utm_, such as utm_source, so that a post is known with and without it")
    return name


def tracking_value(value: str) -> str:
    """Check the value of such a parameter: short, and in no need of quoting."""
    if not _TRACKED.fullmatch(value) or len(value) > 60:
        raise wrong('must be made of letters, digits, "-", "_" and ".", and end in a letter or digit')
    return value


def some_text(text: str) -> str:
    """Check that there is something to read."""
    if not text.strip():
        raise wrong("must not be empty")
    return text


Name = Annotated[str, AfterValidator(plain_name)]
SourceName = Annotated[str, AfterValidator(source_name)]
KnownSource = Annotated[str, AfterValidator(known_source)]
KnownChannel = Annotated[str, AfterValidator(known_channel)]
Hashtag = Annotated[str, AfterValidator(hashtag)]
Acronym = Annotated[str, AfterValidator(acronym)]
TrackingName = Annotated[str, AfterValidator(tracking_name)]
TrackingValue = Annotated[str, AfterValidator(tracking_value)]
Text = Annotated[str, AfterValidator(some_text)]
