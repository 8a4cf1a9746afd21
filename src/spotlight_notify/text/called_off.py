"""Tell whether a title says that what it names does not take place."""

import re

_SAID = r"(?:cancell?ed|postponed|called off|cancelad[oa]s?|pospuest[oa]s?|aplazad[oa]s?|suspendid[oa]s?)"
_BEGINS = rf"\A\W*{_SAID}\s*(?:[:!|\])–—-]|\Z)"
_IN_BRACKETS = rf"[\[(]\s*{_SAID}\s*[\])]"
_ENDS = rf"(?:[:|–—-]|\b(?:is|are|was|were|been|está|ha sido|han sido))\s*{_SAID}\W*\Z"
_CALLED_OFF = re.compile(f"{_BEGINS}|{_IN_BRACKETS}|{_ENDS}", re.IGNORECASE)
_IN_CAPITALS = re.compile(rf"\b{_SAID.upper()}\b")


def is_called_off(title: str) -> bool:
    """Tell whether a title says cancelled or postponed of the whole, and not of something within it.

    That is at its beginning or end, set off from the rest, or in capitals where the rest is not.
    """
    shouted = not title.isupper() and _IN_CAPITALS.search(title)
    return bool(shouted or _CALLED_OFF.search(title))
