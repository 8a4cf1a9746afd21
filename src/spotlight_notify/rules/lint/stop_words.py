"""Find words by which an office says that something is not, or not yet, for the public.

``STOP_WORDS`` is the list; the configuration adds to it, and takes out of it, by name.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

import regex

from spotlight_notify.rules.lint.parsed_text import Breach, quoted
from spotlight_notify.rules.lint.rules import Policy

SECONDS = 0.2
"""How long a pattern may search in an aid's words; one that takes longer is taken to have found some."""
LONGEST = 32 * 1024
"""Characters of an aid's words that are searched."""
_SPREAD = r"(?:publish|publici[sz]|distribut|circulat|disseminat)(?:e|ed|ing)?"
_NOT = r"(?:do not|don['’]t|not to be|may not be)"
_ABROAD = r"(?:this|yet|until|before|outside|publicly|further|externally|online|(?:on|to) (?:any |the )?\w+)"
_EVENT = (
    r"(?:webinar|event|class|training|course|session|meeting|workshop|conference|seminar|briefing|hearing)"
)


def _any(*patterns: str) -> str:
    return "|".join(patterns)


STOP_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "embargo": _any(
            r"\bembargoed\b",
            r"\b(?:under|strict|news) embargo\b",
            r"(?-i:\bEMBARGO\b)",
            r"\A\W*embargo\b",
            r"\bnot for (?:release|publication) (?:before|until)\b",
            r"\bhold (?:for (?:release|publication) )?until\b",
            r"\bembargad[oa]\b",
        ),
        "draft": _any(
            r"[\[(]\s?(?:draft|borrador)\b[^\])\n]{0,40}[\])]",
            r"^\W*(?:draft|borrador)\s?(?:[:|–—-]|\Z)",
            r"(?-i:(?<![\p{Lu}][\p{Lu} ])\bDRAFT\b(?! [\p{Lu}]{2}))",
            r"\bdraft (?:for|pending) (?:\w+ )?(?:review|approval)\b",
            r"^\W*(?:for|pending) (?:\w+ )?(?:review|approval)\W*$",
            r"\bfor review by (?:legal|counsel|management)\b",
            r"\b(?:this is a|still in|still a) draft\b",
            r"\bdraft version\b",
        ),
        "test": _any(
            r"^\W*(?:test(?:ing)?|prueba)\W*$",
            r"^\W*(?:test|prueba)\s?[-–—:|]",
            r"[\[(](?:test|prueba)[\])]",
            r"\b(?:ignore|disregard) this (?:post|item|entry|message|page|test|email)\b",
            r"\b(?:please ignore|por favor ignor[ae])\b",
            r"\bthis is (?:only |just )?a test\b",
            r"\btest (?:post|entry|item|page|article|message|upload)\b",
        ),
        "placeholder": _any(
            r"\blorem ipsum\b",
            r"\bplaceholder\b",
            r"\bsample (?:page|post|text)\b",
            r"\A\W*(?:hello world|untitled)\b",
            r"\b(?:title|text|summary|description|headline) goes here\b",
            r"\binsert \w+ here\b",
            r"[\[{<(](?:insert|enter|add|your|tbd|tba|tk|xx+)\b[^\]}>)\n]{0,60}[\]}>)]",
            r"\bTKTK\b",
            r"\bXX/XX\b",
        ),
        "not for the public": _any(
            rf"\b{_NOT} (?:be )?{_SPREAD}\b",
            rf"\b{_NOT} (?:share|post|release|forward|tweet)(?:ed)? {_ABROAD}\b",
            r"\bnot for (?:(?:public|general|media) )?(?:release|publication|distribution|circulation)\b",
            r"\binternal (?:use|distribution|circulation|only)\b",
            r"\buso interno\b",
            r"\bno publicar\b",
            r"\bstrictly confidential\b",
            r"(?-i:\bCONFIDENTIAL\b)",
            r"^\W*confidential\W*$",
        ),
        "marking": _any(
            r"\bFOUO\b",
            r"\bofficial use only\b",
            r"\bsolo para uso oficial\b",
            r"\blaw enforcement sensitive\b",
            r"\bfor law enforcement (?:use|eyes|distribution) only\b",
            r"\bunclassified ?//",
            r"\bU ?//",
            r"\bCUI ?//",
            r"\bcontrolled unclassified information\b",
            r"[(\[](?-i:LES|CUI|SBU|SSI)[)\]]",
            r"\bsensitive but unclassified\b",
            r"\bsensitive security information\b",
            r"\bTLP ?: ?(?:AMBER|RED|GREEN)\b",
            r"(?-i:\bNOFORN\b|\bLIMDIS\b|\bSECRET//)",
            r"\b(?:limited|restricted) distribution\b",
        ),
        "called off": _any(
            rf"\b(?:this|the|our) (?:\w+ ){{0,4}}?{_EVENT} (?:has been|is|was|will be) (?:now )?"
            r"(?:cancel(?:l?ed)?|postponed|called off|rescheduled)\b",
        ),
    }
)
"""Names of the kinds, and a pattern of each for the ``regex`` library: letter case makes no difference but
where it says so, and ``^`` and ``$`` stand for a line's ends."""


def stop_word_breaches(text: str, policy: Policy) -> Iterator[Breach]:
    """Find the first place in a text of each kind of stop words."""
    for name, pattern in {**STOP_WORDS, **policy.stop_words}.items():
        if pattern and (found := _found(pattern, text[:LONGEST])):
            at, words = found
            yield Breach(
                "stop-words",
                at,
                f"{quoted(words)} may mean that it is not for the public, or not yet ({name})",
            )


@lru_cache(maxsize=64)
def compiled(pattern: str) -> regex.Pattern[str]:
    """Return a stop word's pattern, ready to search; ``regex.error`` says what is wrong with it."""
    return regex.compile(pattern, regex.IGNORECASE | regex.MULTILINE)


def _found(pattern: str, text: str) -> tuple[int, str] | None:
    """Return where a pattern is found first, and the words; what takes too long counts as found."""
    try:
        found = compiled(pattern).search(text, timeout=SECONDS)
    except TimeoutError:
        return 0, f"{pattern} (it took too long to look for)"
    return (found.start(), " ".join(found[0].split())) if found else None
