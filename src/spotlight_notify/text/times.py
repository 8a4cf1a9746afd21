"""Times as people read them: in a sentence, in a note, in a post."""

import re
from contextlib import suppress
from datetime import UTC, datetime, tzinfo


def utc_minute(at: datetime) -> str:
    """Return a time for a record or a sentence, as ``on_local_clocks`` finds it: ``2026-03-03 19:00 UTC``."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def local_minute(at: datetime, zone: tzinfo) -> str:
    """Return a time by the clocks of a zone: ``Tue 2026-03-03 14:00 EST``.

    Where they show it twice it says which of the two it is.
    """
    local = at.astimezone(zone)
    again = local.replace(fold=1 - local.fold).utcoffset() != local.utcoffset()
    which = f" (the {'second' if local.fold else 'first'} {local:%H:%M} of two)" if again else ""
    return f"{local:%a %Y-%m-%d %H:%M} {_zone_name(local)}{which}"


_SHOWN = "".join(rf"(?<!{day} )" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
_UTC_MINUTE = re.compile(rf"{_SHOWN}\b(\d{{4}}-\d\d-\d\d \d\d:\d\d)(?: UTC|Z)\b")
"""What ``utc_minute`` writes, and not what ``local_minute`` has made of it in a zone that is UTC."""


def on_local_clocks(text: str, zone: tzinfo) -> str:
    """Return a sentence with its times, as ``utc_minute`` writes them, by the clocks of a zone."""
    return _UTC_MINUTE.sub(lambda found: _localized(found, zone), text)


def _localized(found: re.Match[str], zone: tzinfo) -> str:
    with suppress(ValueError, OverflowError):
        return local_minute(datetime.fromisoformat(found[1]).replace(tzinfo=UTC), zone)
    return found[0]


def spoken_time(at: datetime, zone: tzinfo, *, short: bool = False) -> str:
    """Return "Tuesday, March 3, 2026, 2:00 PM EST"; in short "Tue, Mar 3, 2 PM EST", without the year.

    What year it is now is not known here, so the long form always tells the event's.
    """
    local = at.astimezone(zone)
    hour, half = local.hour % 12 or 12, "AM" if local.hour < 12 else "PM"
    if not short:
        date = f"{local:%A, %B} {local.day}, {local.year}"
        return f"{date}, {hour}:{local:%M} {half} {_zone_name(local)}"
    minutes = f":{local:%M}" if local.minute else ""
    return f"{local:%a, %b} {local.day}, {hour}{minutes} {half} {_zone_name(local)}"


_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip


def spoken_time_in_spanish(at: datetime, *, zone: tzinfo, short: bool = False) -> str:
    """Return "martes 3 de marzo de 2026, 2:00 p. m. EST"; in short "mar 3 mar, 2 p. m. EST"."""
    local = at.astimezone(zone)
    hour, half = local.hour % 12 or 12, "a. m." if local.hour < 12 else "p. m."
    day, month = _DAYS[local.weekday()], _MONTHS[local.month - 1]
    if not short:
        date = f"{day} {local.day} de {month} de {local.year}"
        return f"{date}, {hour}:{local:%M} {half} {_zone_name(local)}"
    minutes = f":{local:%M}" if local.minute else ""
    return f"{day[:3]} {local.day} {month[:3]}, {hour}{minutes} {half} {_zone_name(local)}"


def _zone_name(local: datetime) -> str:
    """Return the zone's name; some have no name but a number, which says nothing by itself."""
    name = local.tzname() or ""
    return f"UTC{name}" if name.startswith(("+", "-")) else name
