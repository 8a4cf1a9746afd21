"""Find letters made of other signs, which screen readers spell out, misread or pass over."""

import re
from collections.abc import Iterator

from spotlight_notify.rules.lint.parsed_text import Breach, Wording, quoted
from spotlight_notify.rules.lint.policy import Policy
from spotlight_notify.text.mojibake import garbled

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


def garbled_letters(wording: Wording, policy: Policy) -> Iterator[Breach]:
    """Find characters that were read in another encoding than they were written in, or were lost."""
    if found := garbled(wording.text):
        yield Breach(
            "garbled",
            wording.text.find(found),
            f"{quoted(found.strip())} was garbled on its way here: write it as it was meant",
        )


def symbol_letters(wording: Wording, policy: Policy) -> Iterator[Breach]:
    """Find words of symbol letters; the first of them.

    One such letter alone is a formula's or a sign's. Full-width letters are at home in East Asian texts.
    """
    found = _LETTERING.search(wording.text)
    if found is None and not _EAST_ASIAN.search(wording.text):
        found = _WIDE_LETTERING.search(wording.text)
    if found:
        yield Breach(
            "symbol-letters",
            found.start(),
            f"{quoted(found[0])} is made of symbols that look like letters, and screen readers garble it: "
            "write it in ordinary letters",
        )
