"""Find what leads to one person: a mail address, a telephone number, a meeting's passcode."""

import re

_MAIL = re.compile(
    r"[\w.+-]{1,64}[@＠][\w-]{1,63}(?:\.[\w-]{1,63}){1,5}|[\w.+-]{2,64} ?[\[(]at[\])] ?[\w.-]{2,63}"
)
_NUMBER = re.compile(
    r"(?<![\w.$/-])(?:\+?1[ .-]?)?(?:\((\d{3})\) ?|(\d{3})[ .–-])\d{3}[ .–-]\d{4}(?![\w-]|\.\d)"
)
_SERVICE = frozenset({"800", "822", "833", "844", "855", "866", "877", "880", "888", "900"})
"""Area codes that are no person's: toll-free lines and the like."""
_CODE = re.compile(
    r"\b(?:passcode|access code|meeting id|conference id|dial-in)\b\W{0,3}[\w #]{0,12}\d{3}", re.IGNORECASE
)


def contact_details(text: str) -> str | None:
    """Return the first mail address, number of a person or passcode in a text; None if there is none.

    Toll-free lines, 911, 988 and their like are a service's.
    """
    found = _MAIL.search(text) or _CODE.search(text)
    if found:
        return found[0]
    numbers = (number for number in _NUMBER.finditer(text) if (number[1] or number[2]) not in _SERVICE)
    return next((number[0] for number in numbers), None)
