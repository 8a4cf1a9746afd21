"""Lay out tables: columns as wide as letters are on a terminal, and cut where its lines are too short."""

from collections.abc import Sequence

BETWEEN = 2
"""Blanks between columns."""
NARROWEST = 6
"""What a column is cut down to at most, and below its header only where nothing else helps."""
LAST = 20
"""What is left of the last column, which says most."""


def laid_out(lines: Sequence[Sequence[str]], columns: int | None) -> list[list[str]]:
    """Fill cells up to the width of their columns, the last one apart; cut them to fit into ``columns``.

    The first line holds the headers. Where no number of columns is given nothing is cut.
    """
    widths = [max(map(width, cells)) for cells in zip(*lines, strict=True)]
    if columns is not None:
        widths = _narrowed(widths, list(map(width, lines[0])), columns)
    return [_filled(line, widths, is_cut=columns is not None) for line in lines]


def width(text: str) -> int:
    """Return how many columns a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    return max(wcswidth(text), 0)


def cut(text: str, most: int) -> str:
    """Cut a text to so many columns, the last of them an ellipsis."""
    if width(text) <= most:
        return text
    kept = text[: most - 1]
    while kept and width(kept) > most - 1:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def _narrowed(widths: Sequence[int], headers: Sequence[int], columns: int) -> list[int]:
    """Take from the widest columns until a line fits, or nothing can be taken any more."""
    least = [min(wide, max(head, NARROWEST)) for wide, head in zip(widths, headers, strict=True)]
    least[-1] = min(widths[-1], LAST)
    room = columns - BETWEEN * (len(widths) - 1)
    return _taken(_taken(widths, least, room), [NARROWEST] * len(widths), room)


def _taken(widths: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Take from the widest columns, down to the least of each, until all fit into the room."""
    narrowed = list(widths)
    while sum(narrowed) > room:
        spare = [(narrowed[n], n) for n in range(len(narrowed)) if narrowed[n] > least[n]]
        if not spare:
            break
        narrowed[max(spare)[1]] -= 1
    return narrowed


def _filled(line: Sequence[str], widths: Sequence[int], *, is_cut: bool) -> list[str]:
    cells = [cut(cell, wide) if is_cut else cell for cell, wide in zip(line, widths, strict=True)]
    filled = [cell + " " * (wide - width(cell)) for cell, wide in zip(cells, widths, strict=True)]
    return [*filled[:-1], cells[-1]]
