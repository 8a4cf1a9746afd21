"""Find signs that screen readers spell out, misread or pass over: drawings, lettering, emoji."""

import re
from collections.abc import Iterator

import regex

from spotlight_notify.rules.lint.parsed_text import Breach, ParsedText, masked, quoted
from spotlight_notify.rules.lint.rules import Policy
from spotlight_notify.text.mojibake import garbled

_STROKES = r"/\|_()<>[]=~^*#+´¯°•·¸.-"
"""What drawings are made of; commas, quotes and colons are too, but lists and code more often."""
_SLANTED = "/\\<>^"
"""Tables and forms do without."""
_BLOCKS = r"\u2500-\u259f"
"""Box drawing and block elements."""
_FACE = regex.compile(r"\(ツ\)|°\s?□\s?°|ಠ\s?[_益]\s?ಠ|ʕ\s?•\s?ᴥ\s?•\s?ʔ|┻━┻|͜ʖ|\([>^T;*-]_[<^T;*-]\)")
"""Faces that are known everywhere: a shrug, a thrown table, a bear."""
_BLOCK_RUN = regex.compile(rf"[{_BLOCKS}](?:\ ?[{_BLOCKS}]){{4,}}+")
_DOTTED_RUN = regex.compile(r"[\u2800-\u28ff]{8,}+")
_EIGHT_DOTS = "\u2840"
"""Braille of eight dots, from here on, draws; that of six dots is read."""
_STROKE = f"[{regex.escape(_STROKES)}]"
_STROKE_RUN = regex.compile(rf"{_STROKE}(?:\ ?{_STROKE}){{11,}}+")
_LIKE = regex.compile(r"(.)\1++")
_LINE = regex.compile(r"[^\n]++")
FEWEST_LINES = 3
FEWEST_STROKES = 12
FEWEST_KINDS = 4
"""Fewer kinds of strokes are ruled lines, ornaments and forms to fill in."""
_MATHEMATICAL = (
    r"\U0001d400-\U0001d7cb\u2102\u210a-\u2113\u2115\u2119-\u211d\u2124\u2128\u212c\u212d\u2130-\u2134"
)
"""Bold, italic, script, double-struck and so on; some of those letters stand among the letterlike symbols."""
_ENCLOSED = (
    r"\u249c-\u24e9\U0001f110-\U0001f129\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189"
)
"""In brackets, circles and squares; numbers in circles count lists and are left alone."""
_INDICATORS = r"\U0001f1e6-\U0001f1ff"
"""Two that touch are a flag."""
_WIDE = r"\uff21-\uff3a\uff41-\uff5a"
_SMALL_CAPITALS = r"\u0262\u026a\u0274\u0276\u0280\u028f\u0299\u029c\u029f\u1d00-\u1d23\ua730\ua731"
_RAISED = r"\u02b0-\u02b8\u02e1-\u02e3\u1d2c-\u1d6a\u1d9c-\u1dbf\u2071\u207f\u2c7d"
_STRUCK = r"[\u0332\u0333\u0334-\u0338\u20d2\u20d3\u20dd-\u20e0\u20e2-\u20e4]"
"""Marks that strike a letter out, underline or enclose it. Some languages have such letters, but not words of
nothing else."""
_LETTERING = re.compile(
    rf"[{_MATHEMATICAL}]{{2,}}+|[{_ENCLOSED}]{{2,}}+|[{_SMALL_CAPITALS}]{{4,}}+|[{_RAISED}]{{4,}}+"
    rf"|[{_ENCLOSED}{_INDICATORS}{_MATHEMATICAL}](?: [{_ENCLOSED}{_INDICATORS}{_MATHEMATICAL}]){{2,}}+(?!\w)"
    rf"|(?:[^\W\d_]{_STRUCK}++){{4,}}+"
)
_WIDE_LETTERING = re.compile(rf"[{_WIDE}]{{2,}}+|[{_WIDE}](?:[ \u3000][{_WIDE}]){{2,}}+")
_EAST_ASIAN = re.compile(
    r"[\u1100-\u11ff\u2e80-\u2fdf\u3005-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f"
    r"\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]"
)
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


def ascii_art(parsed: ParsedText, policy: Policy) -> Iterator[Breach]:
    """Find a drawing made of characters, or a well-known face; the first of them."""
    found = min(_drawings(parsed.plain), default=None)
    if found:
        start, end = found
        yield Breach(
            "ascii-art",
            start,
            f"{quoted(parsed.text[start:end])} is drawn with characters, and screen readers read out each: "
            "take it out, or make a picture of it with words for it",
        )


def garbled_letters(parsed: ParsedText, policy: Policy) -> Iterator[Breach]:
    """Find characters that were read in another encoding than they were written in, or were lost."""
    if found := garbled(parsed.text):
        yield Breach(
            "garbled",
            parsed.text.find(found),
            f"{quoted(found.strip())} was garbled on its way here: write it as it was meant",
        )


def symbol_letters(parsed: ParsedText, policy: Policy) -> Iterator[Breach]:
    """Find words of symbol letters; the first of them.

    One such letter alone is a formula's or a sign's. Full-width letters are at home in East Asian texts.
    """
    found = _LETTERING.search(parsed.text)
    if found is None and not _EAST_ASIAN.search(parsed.text):
        found = _WIDE_LETTERING.search(parsed.text)
    if found:
        yield Breach(
            "symbol-letters",
            found.start(),
            f"{quoted(found[0])} is made of symbols that look like letters, and screen readers garble it: "
            "write it in ordinary letters",
        )


def emoji_many(parsed: ParsedText, policy: Policy) -> Iterator[Breach]:
    """Find more emoji than two."""
    found = list(_EMOJI.finditer(parsed.text))
    if len(found) > MOST:
        yield Breach(
            "emoji-many",
            found[MOST].start(),
            f"there are {len(found)} emoji: keep at most {MOST}, since screen readers say the name of each",
        )


def emoji_repeated(parsed: ParsedText, policy: Policy) -> Iterator[Breach]:
    """Find an emoji that was there before."""
    seen: set[str] = set()
    for match in _EMOJI.finditer(parsed.text):
        if match[0] in seen:
            yield Breach(
                "emoji-repeated", match.start(), f"{quoted(match[0])} is there more than once: once is enough"
            )
            return
        seen.add(match[0])


def emoji_place(parsed: ParsedText, policy: Policy) -> Iterator[Breach]:
    """Find an emoji with words after it on its line; at the end of a line it interrupts no sentence.

    Our own posts end with a link and a hashtag, so the end of the post is no place that an aid's words reach.
    """
    rest = masked(parsed.plain, (match.span() for match in _EMOJI.finditer(parsed.text)))
    for line in _LINE.finditer(parsed.text):
        first = _EMOJI.search(parsed.text, line.start(), line.end())
        if first and _SAYING.search(rest, first.end(), line.end()):
            yield Breach(
                "emoji-place",
                first.start(),
                f"words come after {quoted(first[0])}: put emoji at the end of a line, or leave them out",
            )
            return


def _drawings(text: str) -> Iterator[tuple[int, int]]:
    face = _FACE.search(text)
    if face:
        yield face.span()
    yield from (run.span() for run in _BLOCK_RUN.finditer(text) if len(set(run[0]) - {" "}) > 1)
    yield from (run.span() for run in _DOTTED_RUN.finditer(text) if max(run[0]) >= _EIGHT_DOTS)
    strokes = (*(run.span() for run in _STROKE_RUN.finditer(text)), *_drawn_lines(text))
    yield from (span for span in strokes if _is_drawing(text[slice(*span)]))


def _drawn_lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield groups of three or more lines in a row that are mostly strokes."""
    start = end = count = 0
    for line in (*_LINE.finditer(text), None):
        drawn = line is not None and _is_drawn(line[0])
        if line is None or not drawn or line.start() > end + 1:
            if count >= FEWEST_LINES:
                yield start, end
            count = 0
        if line is not None and drawn:
            start = start if count else line.start()
            end, count = line.end(), count + 1


def _is_drawn(line: str) -> bool:
    signs = "".join(line.split())
    return len(signs) >= 3 and sum(map(_is_stroke, signs)) >= 0.6 * len(signs)


def _is_drawing(drawn: str) -> bool:
    """Return whether there are enough strokes of enough kinds; of like ones side by side one counts."""
    strokes = [sign for sign in _LIKE.sub(r"\1", drawn) if _is_stroke(sign)]
    kinds = set(strokes)
    return len(strokes) >= FEWEST_STROKES and len(kinds) >= FEWEST_KINDS and not kinds.isdisjoint(_SLANTED)


def _is_stroke(sign: str) -> bool:
    return sign in _STROKES or "\u2500" <= sign <= "\u259f"
