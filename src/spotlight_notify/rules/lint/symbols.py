"""Find drawings made of characters."""

from collections.abc import Iterator

import regex

from spotlight_notify.rules.lint.parsed_text import Breach, Wording, quoted
from spotlight_notify.rules.lint.policy import Policy

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


def ascii_art(wording: Wording, policy: Policy) -> Iterator[Breach]:
    """Find a drawing made of characters, or a well-known face; the first of them."""
    found = min(_drawings(wording.plain), default=None)
    if found:
        start, end = found
        yield Breach(
            "ascii-art",
            start,
            f"{quoted(wording.text[start:end])} is drawn with characters, and screen readers read out each: "
            "take it out, or make a picture of it with words for it",
        )


def _drawings(text: str) -> Iterator[tuple[int, int]]:
    face = _FACE.search(text)
    if face:
        yield face.span()
    yield from (run.span() for run in _BLOCK_RUN.finditer(text) if len(set(run[0]) - {" "}) > 1)
    yield from (run.span() for run in _DOTTED_RUN.finditer(text) if max(run[0]) >= _EIGHT_DOTS)
    strokes = (*(run.span() for run in _STROKE_RUN.finditer(text)), *_drawn_lines(text))
    yield from (span for span in strokes if _is_drawing(text[slice(*span)]))


def _drawn_lines(text: str) -> Iterator[tuple[int, int]]:
    """Give groups of three or more lines in a row that are mostly strokes."""
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
    """Tell whether there are enough strokes of enough kinds; of like ones side by side one counts."""
    strokes = [sign for sign in _LIKE.sub(r"\1", drawn) if _is_stroke(sign)]
    kinds = set(strokes)
    return len(strokes) >= FEWEST_STROKES and len(kinds) >= FEWEST_KINDS and not kinds.isdisjoint(_SLANTED)


def _is_stroke(sign: str) -> bool:
    return sign in _STROKES or "\u2500" <= sign <= "\u259f"
