"""Read windows as a person writes them: ``Mon-Fri 08:00-18:00``."""

import re

from spotlight_notify.model.schedule import MIDNIGHT, Window

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EXAMPLES = '"Mon-Fri 08:00-18:00", "Sat,Sun 10:00-14:00" or "daily 22:00-02:00"'

_WINDOW = re.compile(r"\s*(?P<days>\S.*?)\s+(?P<opens>[0-9:]+)\s*-\s*(?P<closes>[0-9:]+)\s*")
_TIME = re.compile(r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-5][0-9])")


def parse_window(words: str) -> Window:
    """Read a window; ValueError, in one sentence for a person, when it is none.

    Days have three letters, in any case: ``Mon-Fri``, ``Fri-Mon`` (four days), ``Mon,Wed-Fri``, ``daily``.
    """
    found = _WINDOW.fullmatch(words)
    if not found:
        raise ValueError(f'"{words}" is not a window: write it like {EXAMPLES}')
    opens, closes = _minutes(words, found["opens"]), _minutes(words, found["closes"])
    if opens == closes:
        raise ValueError(f'"{words}" closes when it opens: for a whole day write 00:00-24:00')
    if opens == MIDNIGHT:
        raise ValueError(f'"{words}" opens at 24:00: write 00:00 and the day after')
    return Window(weekdays=_weekdays(words, found["days"]), opens=opens, closes=closes)


def _minutes(words: str, clock: str) -> int:
    found = _TIME.fullmatch(clock)
    minutes = 60 * int(found["hour"]) + int(found["minute"]) if found else MIDNIGHT + 1
    if minutes > MIDNIGHT:
        raise ValueError(f'"{words}": {clock} is not a time between 00:00 and 24:00')
    return minutes


def _weekdays(words: str, days: str) -> frozenset[int]:
    if days.lower() == "daily":
        return frozenset(range(7))
    found: set[int] = set()
    for part in days.split(","):
        ends = [_weekday(words, name.strip()) for name in part.split("-")]
        if len(ends) > 2:
            raise ValueError(f'"{words}": {part.strip()} is not a range of days: write it like Mon-Fri')
        first, last = ends[0], ends[-1]
        found.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    return frozenset(found)


def _weekday(words: str, name: str) -> int:
    if name.lower() not in DAYS:
        raise ValueError(f'"{words}": "{name}" is no day: write Mon, Tue, Wed, Thu, Fri, Sat, Sun or daily')
    return DAYS.index(name.lower())
