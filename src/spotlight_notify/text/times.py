"""Times as people read them: in a sentence, in a note, in a post."""

from datetime import UTC, datetime, tzinfo


def utc_minute(at: datetime) -> str:
    """Return a time for a sentence: ``2026-03-03 19:00 UTC``."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def short_utc_minute(at: datetime) -> str:
    """Return a time for a note or a table: ``2026-03-03 19:00Z``."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%MZ}"


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
