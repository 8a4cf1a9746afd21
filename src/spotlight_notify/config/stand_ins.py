"""Let something stand in for secrets that cannot be had, for commands that talk to no network."""

from collections.abc import Mapping
from typing import Any

from spotlight_notify.config.references import Resolved
from spotlight_notify.config.toml_file import Place

NEEDED = "ledger"
"""The table whose secrets every command needs."""

UNKNOWN = "unknown"
DATABASE = f"sqlite:///{UNKNOWN}.sqlite3"
STAND_INS = {"page_id": "1", "url": f"https://{UNKNOWN}.example/", "base_url": f"https://{UNKNOWN}.example"}
"""What passes for a setting; no command that has it makes a request with it."""


def stand_in(resolved: Resolved) -> frozenset[Place]:
    """Fill the places whose references lead nowhere, and return them; those of the ledger stay empty."""
    places = frozenset(place for place in resolved.problems if place[0] != NEEDED)
    for place in places:
        holder: Any = resolved.values
        for step in place[:-1]:
            holder = holder[step]
        holder[place[-1]] = _value(place, holder)
    return places


def _value(place: Place, holder: Mapping[str, Any] | list[Any]) -> str:
    name = str(place[-1])
    if name == "url" and isinstance(holder, dict) and holder.get("kind") == "database":
        return DATABASE
    return STAND_INS.get(name, UNKNOWN)
