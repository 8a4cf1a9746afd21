"""Look at sentences and links: short sentences, one link, no "click here"."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from spotlight_notify.rules.lint.parsed_text import ADDRESS, Breach, Wording, quoted
from spotlight_notify.rules.lint.policy import Policy
from spotlight_notify.text.cutting import cuts

LONGEST = 25
"""Words in a sentence: GCS asks for no more."""
_CLICK = re.compile(
    r"\b(?:click|tap|press)(?:ing)? (?:on )?(?:here|(?:this|the) (?:link|button)|below)\b", re.IGNORECASE
)

_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")
"""Half a flag: finding where to cut a long row of them takes time by the square."""


def long_sentence(wording: Wording, policy: Policy) -> Iterator[Breach]:
    """Find sentences of more than 25 words, all in one breach; every line ends one."""
    starts = [word.start for word in wording.words]
    long = [(begin, count) for begin, count in _sentences(wording.plain, starts) if count > LONGEST]
    if long:
        (begin, count), others = long[0], len(long) - 1
        more = f" (and {others} more)" if others else ""
        yield Breach(
            "long-sentence",
            begin,
            f"the sentence {quoted(wording.text[begin:])} has {count} words{more}: {LONGEST} are easier to "
            "follow, so make two of it",
        )


def one_link(wording: Wording, policy: Policy) -> Iterator[Breach]:
    """Find more links than one. X makes links of bare domains too; of Facebook that is not documented."""
    links = wording.links
    if len(links) > 1:
        bare = [each for each in links if not ADDRESS.match(each.text)]
        made = f" (X makes one of {quoted(bare[0].text)} too)" if bare else f", first {quoted(links[0].text)}"
        yield Breach(
            "one-link", links[1].start, f"there are {len(links)} links{made}: keep only the one to the aid"
        )


def click_here(wording: Wording, policy: Policy) -> Iterator[Breach]:
    """Find words that tell how to use a link, and not where it leads."""
    found = _CLICK.search(wording.text)
    if found:
        yield Breach(
            "click-here",
            found.start(),
            f"{quoted(found[0])} does not say where it leads: name what is behind the link",
        )


def _sentences(text: str, starts: list[int]) -> Iterator[tuple[int, int]]:
    """Give where each sentence's first word begins, and how many words it has."""
    ends = sorted(cut.end for cut in cuts(_FLAG.sub("x", text)) if not cut.short)
    place = 0
    for end in ends:
        next_place = bisect_left(starts, end)
        if next_place > place:
            yield starts[place], next_place - place
        place = next_place
