"""Say which letters and digits X knows in hashtags.

X's library (twitter-text 3.1.0, ``bmpLetterAndMarks``, ``astralLetterAndMarks``, ``bmpNumerals`` and
``astralNumerals``) lists them as they were in Unicode 7.0 (2014), with some private characters that Apple's
regular expressions take for letters. What is younger, such as Adlam's U+1E900, neither begins a hashtag nor
continues one. Younger cases of older letters (Cherokee small letters, Georgian capitals) do: it ignores case.
"""

_YOUNG = """
558 560 588-58c 5c8-5c9 5ef 7fd 860-89f 8b3-8e3 9fc-9fe af9-aff b53-b55 c04 c3c c5a-c5d c80 cdc-cdd cf3-d00
d04 d3b-d3c d54-d56 d5f d81 e86 e89 e8c e8e-e93 e98 ea0 ea8-ea9 eac eba ece 13f5 13fd 170d 1715-171f 180f
1878 1abf-1af0 1b4c 1c89-1c8a 1cf7 1cfa 1df6-1dfb 208f 209d-209f 2c2f 2c5f 312e-312f 31bb-31bf 4db6-4dbf
9fcd-9fff a69e a78f a7af a7b4-a7c3 a7c7-a7ca a7cc-a7db a7dd-a7f6 a82c a8c5 a8fd-a8ff ab60-ab63 ab66-ab6d
fe2e-fe2f 1032d-1032f 104b0-104fb 10570-105f3 10780-107bf 108e0-108f5 10940-10959 10a34-10a35 10c80-10ff6
11070-11075 110c2 11144-11147 111c9-111cf 111dc 1123e-112a8 11300 1133b 11350 11380-11461 115d8-115dd 116b8
116d0-1183a 11900-11abf 11b0a-11fb0 12399-12ff0 1342f-16139 16a70-16ac9 16d40-16ed3 16f45-16f4f 16f7f-16f87
16fe0-1affe 1b002-1b2fb 1ccf0-1d128 1d250-1d281 1d6a6 1da00-1e7fe 1e900-1e959 1fbf0-1fbf9 2a6d7-2a6df
2b735-2b73f 2b81e-2ee5d 30000-3fc3f
"""
"""What became a letter, a mark or a digit after Unicode 7.0 (as of 18.0), in hexadecimal, first to last.

Ranges reach over what is neither. The test that asks X's library about every character finds what is missing.
"""


def _as_class(ranges: str) -> str:
    """Write ranges for the inside of a regular expression's class."""
    ends = (f"{part.partition('-')[0]} {part.rpartition('-')[2]}".split() for part in ranges.split())
    return "".join(rf"\U{first:0>8}-\U{last:0>8}" for first, last in ends)


_PRIVATE = r"\uf870-\uf87f\uf882\uf884-\uf89f\uf8b8\uf8c1-\uf8d6"
LETTERS = rf"[[\p{{L}}\p{{M}}{_PRIVATE}]--[{_as_class(_YOUNG)}]]"
"""Letters and marks, a class for ``(?V1)``."""
DIGITS = rf"[\p{{Nd}}--[{_as_class(_YOUNG)}]]"
"""Decimal digits, a class for ``(?V1)``."""
