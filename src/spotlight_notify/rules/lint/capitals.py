"""Check capitals: words that shout, and acronyms that nobody spelled out."""

import re
from collections.abc import Iterator
from itertools import islice

from spotlight_notify.rules.lint.parsed_text import Breach, ParsedText, quoted
from spotlight_notify.rules.lint.rules import Policy
from spotlight_notify.text.entities import Entity

_EVERYBODYS = """
AC ADA AED AI AIDS AM ATF ATM AV BBC BC BCE CA CBP CBS CD CDC CE CEO CFO CIA CIO CNN COO COVID CPR CSI CT
CTO DC DEA DHS DIY DMV DNA DOD DOE DOJ DOT DST DUI DVD DWI EDT EMS EMT EPA ER EST ET EU FAQ FBI FCC FDA FEMA
FYI GDP GED GMT GPS HHS HIV HQ HR HTML HTTP HTTPS HUD ICE ICU ID IQ IRS IT JPEG JPG JR LED LGBT LGBTQ MD MLK
MP MRI MST MT MVP NASA NATO NBC NFL NGO NIH NOAA NPR OD OK PA PBS PC PDF PDT PHD PIN PM PO POW PR PST PT PTA
PTSD Q&A RN ROTC RSS RSVP RV SARS SMS SOS SUV SWAT TBD TSA TV UCLA UFO UK UN UNESCO UNICEF URL US USA USB
USDA USGS UTC VA VIP VP VR WHO WWI WWII YMCA ZIP
"""
"""What newspapers leave unexplained."""
_PLACES = """
AK AL APR AR AUG AVE AZ BLVD CO DEC DR ENE ESE FEB FL FRI GA GU HI HWY IA IL IN JAN JUL JUN KS KY LA LN MA
MAR ME MI MN MO MON MS MT NC ND NE NH NJ NM NNE NNW NOV NV NW NY NYC OCT OH OR PR RD RI SAT SC SD SE SEP
SEPT SQ SSE SSW ST STE SUN SW THU TN TUE TX UT VI VT WED WI WNW WSW WV WY
"""
"""States, months, days, streets and winds."""
_OURS = """
APB BJA BWC CIT CNA COPS FLETC FOP IACP ICAC ICAT LEO NCJRS NIJ NLEOMF NOBLE NSA OJJDP OJP OVC PERF POST SRO
VALOR
"""
"""The programme's own partners, and what every officer knows."""
KNOWN = frozenset(f"{_EVERYBODYS} {_PLACES} {_OURS}".split())
_SHAPE = re.compile(r"[A-Z][A-Z0-9&/.-]*[A-Z0-9]")
_JOINTS = re.compile(r"[&/.-]")
_ROMAN = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
LONGEST = 6
"""More letters than this in capitals are a word that shouts."""
_OWNED = re.compile(r"(?:['’][sS]?|s)\Z")
FEWEST = 3
"""So many words in capitals in a row shout."""
MOST_NAMED = 10
"""Acronyms that are looked at: so many in one post are named, and a hostile text costs no more."""
_SMALL = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"})
"""Words that acronyms mostly pass over."""
_COMMON = _SMALL | {"all", "are", "be", "can", "do", "go", "is", "it", "not", "no", "new", "now", "our", "us"}
_COMMON |= {"see", "was", "we", "you"}
"""Short words that nobody takes for acronyms where they stand among capitals."""
_BREAK = re.compile(r"[\n,/+()|_=]")
"""Lists of acronyms are no sentences."""
_VOWEL = re.compile(r"[AEIOUY]|[^\x00-\x7f]")


def is_known(word: str, policy: Policy) -> bool:
    """Return whether a word in capitals is an acronym that followers know, or needs no knowing.

    Numbers, Roman numerals and codes (M4, COVID-19) need none; of "AC/DC" each part must be known.
    """
    bare = singular(word)
    if word in policy.acronyms or bare in policy.acronyms or bare in KNOWN:
        return True
    return all(part in KNOWN or part in policy.acronyms or _needs_none(part) for part in _JOINTS.split(bare))


def looks_like_one(word: str) -> bool:
    """Return whether a word looks like an acronym: two to six capitals, perhaps with an s."""
    bare = singular(word)
    return bool(_SHAPE.fullmatch(bare)) and 2 <= sum(map(str.isupper, bare)) <= LONGEST


def singular(word: str) -> str:
    """Take off what makes an acronym a plural or an owner: NGOs, FBI's."""
    return _OWNED.sub("", word)


def capitals(parsed: ParsedText, policy: Policy) -> Iterator[Breach]:
    """Find three or more words in capitals in a row, known acronyms not counted; the first such place."""
    for run in _shouts(parsed, policy):
        shown = parsed.text[run[0].start : run[-1].end]
        yield Breach(
            "capitals",
            run[0].start,
            f"{quoted(shown)} is all in capitals: write it in small letters, which are easier to read",
        )
        return


def acronym(parsed: ParsedText, policy: Policy) -> Iterator[Breach]:
    """Find acronyms whose words are not in the text either, all in one breach."""
    spelled = _initials(parsed.words)
    found: dict[str, int] = {}
    for word in _alone(parsed):
        if looks_like_one(word.text) and not is_known(word.text, policy):
            found.setdefault(singular(word.text), word.start)
    first = islice(found, MOST_NAMED)
    names = [name for name in first if not any(_letters(name) in each for each in spelled)]
    if names:
        yield Breach(
            "acronym",
            found[names[0]],
            f"say what {quoted(', '.join(names))} stands for when it first comes up, or name it among the "
            "acronyms that your followers know",
        )


def _needs_none(part: str) -> bool:
    return len(part) < 2 or any(map(str.isdigit, part)) or bool(_ROMAN.fullmatch(part))


def _alone(parsed: ParsedText) -> list[Entity]:
    """Return the words in capitals whose neighbours are not: others shout rather than abbreviate."""
    bare = (singular(word.text) for word in parsed.words)
    loud = [False, *(len(word) > 1 and word.isupper() for word in bare), False]
    return [
        word for at, word in enumerate(parsed.words) if loud[at + 1] and not loud[at] and not loud[at + 2]
    ]


def _shouts(parsed: ParsedText, policy: Policy) -> Iterator[list[Entity]]:
    """Yield the runs of words in capitals that shout. What is neither large nor small breaks no run."""
    run: list[Entity] = []
    last = 0
    for word in parsed.words:
        loud, apart = _loudness(word.text, policy), _BREAK.search(parsed.text, last, word.start)
        last = word.end
        if apart or loud is False:
            if _is_shout(run):
                yield run
            run = []
        if loud:
            run.append(word)
    if _is_shout(run):
        yield run


def _is_shout(run: list[Entity]) -> bool:
    """Return whether three words are there, two of them words rather than acronyms nobody knows."""
    return len(run) >= FEWEST and sum(_is_word(word.text) for word in run) >= 2


def _is_word(word: str) -> bool:
    return word.lower() in _COMMON or (len(word) >= 4 and bool(_VOWEL.search(word)))


def _loudness(word: str, policy: Policy) -> bool | None:
    """Return whether a word is in capitals; None for one letter, a number, a code or a known acronym."""
    if sum(map(str.isalpha, word)) < 2 or word.lower() == word.upper():
        return None
    if not word.isupper():
        return False
    if word.lower() in _COMMON:
        return True
    return None if any(map(str.isdigit, word)) or is_known(word, policy) else True


def _initials(words: tuple[Entity, ...]) -> tuple[str, str]:
    """Join the first letters of all words, and of all but the small ones, as capitals."""
    parts = [part for word in words if not looks_like_one(word.text) for part in word.text.split("-") if part]
    every = "".join(part[0] for part in parts).upper()
    return every, "".join(part[0] for part in parts if part.lower() not in _SMALL).upper()


def _letters(name: str) -> str:
    return "".join(filter(str.isalpha, name))
