"""Check for plain language: short sentences, simple words.

The simple words are from the public-domain list of plainlanguage.gov.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import islice

from spotlight_notify.rules.lint.parsed_text import Breach, ParsedText, quoted
from spotlight_notify.rules.lint.rules import Policy
from spotlight_notify.text.cutting import cuts
from spotlight_notify.text.entities import Entity

LONGEST_SENTENCE = 25
"""Words in a sentence: GCS asks for no more."""
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")
"""Half a flag: finding where to cut a long row of them takes time by the square."""
_VERBS = """
accompany: go with | accomplish: carry out, do | accrue: add, gain | advise: recommend, tell |
allocate: divide, give | anticipate: expect | ascertain: find out, learn | assist: aid, help |
attain: meet | attempt: try | commence: begin, start | comprise: form, make up |
consolidate: combine, join | constitute: form, make up | convene: meet | deem: believe, think |
demonstrate: prove, show | depart: leave | designate: choose, name | desire: want, wish |
determine: decide, find | disclose: release, show | discontinue: drop, stop | disseminate: give, send |
eliminate: cut, end | employ: use | endeavor: try | enumerate: count | exhibit: show |
expedite: hasten, speed up | expend: spend | facilitate: ease, help | finalize: complete, finish |
forfeit: give up, lose | furnish: give, send | implement: carry out, start | initiate: start |
modify: change | necessitate: cause, need | notify: let know, tell |
obligate: bind, compel | participate: take part | possess: have, own | preclude: prevent |
prioritize: rank | promulgate: issue, publish | purchase: buy | relocate: move |
reside: live | retain: keep | solicit: ask for, request | terminate: end, stop | transmit: send |
utilize: use | validate: confirm
"""
"""Every form of them is found: utilizes, utilized, utilizing."""
_WORDS = """
a number of: some | accordingly: so | additional: added, more | adjacent to: next to |
advantageous: helpful | appreciable: many | approximate: about | approximately: about |
assistance: aid, help | at the present time: now | by means of: by, with | capabilities: abilities |
capability: ability | caveat: warning | close proximity: near | concerning: about, on | consequently: so |
due to the fact that: due to, since | during the period: during | equitable: fair | evident: clear |
expeditious: fast, quick | expiration: end | failed to: did not | feasible: can be done |
for a period of: for | for the purpose of: to | has a requirement for: needs | herein: here |
heretofore: until now | herewith: here | identical: same | in a timely manner: on time |
in accordance with: by, under | in addition: also, too | in an effort to: to | in lieu of: instead of |
in order that: so | in order to: to | in regard to: about | in relation to: about | in the amount of: for |
in the event of: if | in the near future: soon | in view of: since | inasmuch as: since | inception: start |
incumbent upon: must | initial: first | is applicable to: applies to | is authorized to: may |
is responsible for: handles | it is essential: must | it is requested: please |
methodologies: methods | methodology: method | not later than: by | notwithstanding: in spite of |
numerous: many | on a regular basis: leave it out | optimum: best | parameters: limits |
pertaining to: about | practicable: practical | previously: before | prior to: before | proficiency: skill |
provided that: if | pursuant to: under | regarding: about | relative to: about | remainder: rest |
remuneration: pay | set forth in: in | state-of-the-art: latest | subsequent: later | subsequently: later |
substantial: large, much | sufficient: enough | the month of: leave it out | therein: there | thereof: its |
time period: time | timely: prompt | under the provisions of: under | until such time as: until |
utilization: use | viable: practical, workable | whereas: since | with reference to: about |
with the exception of: except for
"""
MOST_NAMED = 5
"""More words in one message would not be read."""
_TOKEN = re.compile(r"[a-z]+(?:-[a-z]+)*")


def long_sentence(parsed: ParsedText, policy: Policy) -> Iterator[Breach]:
    """Find sentences of more than 25 words, all in one breach; every line ends one."""
    starts = [word.start for word in parsed.words]
    long = [(begin, count) for begin, count in _sentences(parsed.plain, starts) if count > LONGEST_SENTENCE]
    if long:
        (begin, count), others = long[0], len(long) - 1
        more = f" (and {others} more)" if others else ""
        yield Breach(
            "long-sentence",
            begin,
            f"the sentence {quoted(parsed.text[begin:])} has {count} words{more}: "
            f"{LONGEST_SENTENCE} are easier to follow, so make two of it",
        )


def plain_words(parsed: ParsedText, policy: Policy) -> Iterator[Breach]:
    """Find words for which a simpler one will do, all in one breach."""
    found: dict[str, int] = {}
    for entity in _matches(parsed):
        found.setdefault(entity.text, entity.start)
    if found:
        advice = ", ".join(f"“{phrase}” ({SIMPLER[phrase]})" for phrase in islice(found, MOST_NAMED))
        yield Breach("plain-words", min(found.values()), f"simpler words may do: {advice}")


def _sentences(text: str, starts: list[int]) -> Iterator[tuple[int, int]]:
    """Yield where each sentence's first word begins, and how many words it has."""
    ends = sorted(cut.end for cut in cuts(_FLAG.sub("x", text)) if not cut.short)
    place = 0
    for end in ends:
        next_place = bisect_left(starts, end)
        if next_place > place:
            yield starts[place], next_place - place
        place = next_place


def _matches(parsed: ParsedText) -> Iterator[Entity]:
    """Yield the phrases of the list, the longest at each place, in the order of the text."""
    tokens = list(_TOKEN.finditer(parsed.plain.lower()))
    at = 0
    while at < len(tokens):
        length, phrase = _longest([token[0] for token in tokens[at : at + LONGEST_PHRASE]])
        if phrase:
            yield Entity(phrase, tokens[at].start(), tokens[at + length - 1].end())
        at += max(length, 1)


def _longest(tokens: list[str]) -> tuple[int, str]:
    """Return how many of these words are the longest phrase of the list that begins here, and the phrase."""
    for length in range(len(tokens), 0, -1):
        phrase = " ".join(tokens[:length])
        if phrase in SIMPLER:
            return length, phrase
    return 0, ""


def _pairs(listed: str) -> Iterator[tuple[str, str]]:
    for pair in " ".join(listed.split()).split("|"):
        word, _, simpler = pair.partition(":")
        yield word.strip(), simpler.strip()


def _forms(verb: str) -> tuple[str, ...]:
    """Return a verb's forms: utilize, utilizes, utilized, utilizing."""
    stem = verb.removesuffix("e")
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"
    plural = "es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s"
    return verb, f"{verb}{plural}", f"{stem}ed", f"{stem}ing"


def _simpler() -> Mapping[str, str]:
    verbs = {form: simpler for verb, simpler in _pairs(_VERBS) for form in _forms(verb)}
    return verbs | dict(_pairs(_WORDS))


SIMPLER = _simpler()
"""What to say instead of what, in small letters."""
LONGEST_PHRASE = max(len(phrase.split()) for phrase in SIMPLER)
"""Words in the longest phrase."""
