"""Look at emoji: few, no two alike, and only where a line ends."""

from collections.abc import Iterator

import regex

from spotlight_notify.rules.lint.parsed_text import Breach, Wording, blotted, quoted
from spotlight_notify.rules.lint.policy import Policy

MOST = 2
_SIGN = r"(?:[\p{Emoji_Presentation}--\p{Regional_Indicator}]|\p{Emoji}\ufe0f)"
_EMOJI = regex.compile(
    rf"\p{{Regional_Indicator}}{{2}}|[0-9#*]\ufe0f?\u20e3"
    rf"|{_SIGN}\p{{Emoji_Modifier}}?+[\U000e0020-\U000e007f]*+"
    rf"(?:\u200d\p{{Emoji}}\ufe0f?+\p{{Emoji_Modifier}}?+)*+",
    regex.V1,
)
"""What is drawn as an emoji everywhere; © and ☎ are only with the mark that asks for it. The ``emoji``
package's own search takes minutes on hostile text, so it is not used."""
_SAYING = regex.compile(r"[\p{L}\p{N}]")
_LINE = regex.compile(r"[^\n]++")


def emoji_many(wording: Wording, policy: Policy) -> Iterator[Breach]:
    """Find more emoji than two."""
    found = list(_EMOJI.finditer(wording.text))
    if len(found) > MOST:
        yield Breach(
            "emoji-many",
            found[MOST].start(),
            f"there are {len(found)} emoji: keep at most {MOST}, since screen readers say the name of each",
        )


def emoji_repeated(wording: Wording, policy: Policy) -> Iterator[Breach]:
    """Find an emoji that was there before."""
    seen: set[str] = set()
    for match in _EMOJI.finditer(wording.text):
        if match[0] in seen:
            yield Breach(
                "emoji-repeated", match.start(), f"{quoted(match[0])} is there more than once: once is enough"
            )
            return
        seen.add(match[0])


def emoji_place(wording: Wording, policy: Policy) -> Iterator[Breach]:
    """Find an emoji with words after it on its line; at the end of a line it interrupts no sentence.

    Our own posts end with a link and a hashtag, so the end of the post is no place that an aid's words reach.
    """
    rest = blotted(wording.plain, (match.span() for match in _EMOJI.finditer(wording.text)))
    for line in _LINE.finditer(wording.text):
        first = _EMOJI.search(wording.text, line.start(), line.end())
        if first and _SAYING.search(rest, first.end(), line.end()):
            yield Breach(
                "emoji-place",
                first.start(),
                f"words come after {quoted(first[0])}: put emoji at the end of a line, or leave them out",
            )
            return
