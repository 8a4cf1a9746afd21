"""Turn rows into aids: texts, links, themes, and what databases write as dates."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from spotlight_notify.model.aids import Aid, Image, Reading, with_said_event
from spotlight_notify.model.words import Access, Kind
from spotlight_notify.sources.database.cursor import Value
from spotlight_notify.sources.database.keys import former_identities, identity
from spotlight_notify.sources.traits import Told, read_traits
from spotlight_notify.text.boilerplate import without_title
from spotlight_notify.text.cutting import shortened
from spotlight_notify.text.html import MAX_HTML, MAX_TITLE, plain_text, plain_title, short_title
from spotlight_notify.text.language import language_named
from spotlight_notify.text.links import link_alias, usable_link
from spotlight_notify.text.names import folded_name, listed_themes

_ELEMENT = re.compile(r'"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^,"]+)', re.DOTALL)

Row = Mapping[str, Value]
"""A row's values by our words for them, and ``key``; fields without a column are absent."""
MILLISECONDS_FROM = 100_000_000_000
"""Larger epoch values count milliseconds: as seconds they would lie beyond the year 5138."""
_EPOCH = re.compile(r"[0-9]{9,13}(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}")
_NEVER = ("infinity", "-infinity", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowReader:
    """Read rows of one source; ``zone`` is that of times which name none."""

    source: str
    reading: Reading
    zone: tzinfo

    def read(self, row: Row, taken: Collection[str], known: Collection[str] = ()) -> tuple[Aid, list[str]]:
        """Return the row's aid, and a sentence for each value that was left out or mended.

        ``taken``: aliases of links that are other rows' too. Only the key tells such rows apart, so none of
        these may become an alias: another row would be taken for this one.
        ``known``: names the ledger has seen. A link that is the row's own, and known, names the aid before
        the key does: rows are renumbered, links are not.
        """
        notes = _Notes(identity(row["key"]))
        own = tuple(name for name in alias_of(row) if name not in taken)
        link = _link(row, "link", notes)
        told = Told(
            title=short_title(_text(row, "title")),
            link=link,
            kind=_text(row, "kind"),
            themes=_themes(row, self.reading),
            access=_text(row, "access"),
            summary=plain_text(_text(row, "summary")),
        )
        _note_unknown_words(told, self.reading, notes)
        traits = read_traits(told, self.reading)
        aid = with_said_event(
            Aid(
                source=self.source,
                key=next((name for name in own if name in known), identity(row["key"])),
                title=traits.title,
                link=link,
                summary=without_title(told.summary, traits.title),
                short=plain_text(_text(row, "short")),
                language=_language(row, notes),
                kind=traits.kind,
                theme=next(iter(traits.themes), None),
                other_themes=traits.themes[1:],
                access=traits.access,
                images=_images(row, notes),
                published_at=self._moment(row, "published", notes),
                updated_at=self._moment(row, "updated", notes),
                event_at=self._moment(row, "event", notes),
                expires_at=self._moment(row, "expires", notes),
                aliases=(
                    identity(row["key"]),
                    *former_identities(row["key"]),
                    *own,
                ),
            ),
            self.zone,
        )
        return aid, notes.sentences

    def _moment(self, row: Row, name: str, notes: "_Notes") -> datetime | None:
        """Read a time. A bare date of expiry lasts to its end: what expires on the 30th is good that day."""
        try:
            return moment(row.get(name), self.zone, end_of_day=name == "expires")
        except ValueError:
            notes.add(name, row.get(name), "is no date, left out")
            return None


def _language(row: Row, notes: "_Notes") -> str | None:
    """Read a language, written as en, en-US or English; one without templates is left out."""
    text = _text(row, "language").strip()
    found = language_named(text)
    if text and found is None:
        notes.add("language", text, "has no templates, left out")
    return found


def alias_of(row: Row) -> tuple[str, ...]:
    """Return the alias of a row's link, if it has one."""
    link = usable_link(_text(row, "link"))
    return (link_alias(link),) if link else ()


@dataclass(slots=True)
class _Notes:
    """Collect what was odd about one row."""

    row: str
    sentences: list[str] = field(default_factory=list)

    def add(self, name: str, value: Value, trouble: str) -> None:
        shown = str(value)[:60]
        self.sentences.append(f"{self.row}: {name} {shown!r} {trouble}")


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def _themes(row: Row, reading: Reading) -> tuple[str, ...]:
    """Read a list in JSON, an array as PostgreSQL writes it, or themes between commas and their like."""
    text = _text(row, "theme").strip()
    listed = _json_list(text) if text.startswith("[") else _array(text) if text.startswith("{") else None
    if listed is not None:
        return tuple(map(short_title, listed))
    whole = (*reading.known_themes, *reading.theme_categories.values(), *reading.theme_link_paths.values())
    plain = map(plain_title, text[:MAX_HTML].splitlines())
    return tuple(shortened(theme, MAX_TITLE) for line in plain for theme in listed_themes(line, whole))


def _json_list(text: str) -> list[str] | None:
    try:
        listed: list[Any] = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return [str(each) for each in listed if each is not None]


def _array(text: str) -> list[str] | None:
    """Read an array as PostgreSQL writes it: {Calm,"Health, Safety",NULL}."""
    if not text.endswith("}"):
        return None
    found = _ELEMENT.finditer(text[1:-1])
    told = ((each["quoted"], each["bare"]) for each in found)
    return [re.sub(r"\\(.)", r"\1", quoted or bare or "") for quoted, bare in told if bare != "NULL"]


def _link(row: Row, name: str, notes: _Notes) -> str | None:
    text = _text(row, name).strip()
    link = usable_link(text)
    if text and not link:
        notes.add(name, text, "is no absolute http(s) address, left out")
    return link


def _images(row: Row, notes: _Notes) -> tuple[Image, ...]:
    url = _link(row, "image", notes)
    return (Image(url=url, alt=plain_title(_text(row, "alt")) or None),) if url else ()


def _note_unknown_words(told: Told, reading: Reading, notes: _Notes) -> None:
    """Note a kind or access in words that neither we nor the rules know; the rules then decide without."""
    for name, word, ours, rules in (
        ("kind", told.kind, set(Kind), reading.kind_categories),
        ("access", told.access, set(Access), reading.sign_in_categories),
    ):
        plain = folded_name(word)
        if plain and plain not in ours | set(map(folded_name, rules)):
            notes.add(name, word, "is not known, read by the rules instead")


def moment(value: object, zone: tzinfo, *, end_of_day: bool = False) -> datetime | None:
    """Return the value as aware UTC; None when it is empty, PostgreSQL's infinity or MySQL's day zero.

    Values without a zone are in ``zone``. A bare date means its first moment, or, with ``end_of_day``, the
    first moment of the next day. Raises ValueError when it is no date.
    """
    try:
        found = _read(value, zone)
        if isinstance(found, date) and not isinstance(found, datetime):
            found = datetime.combine(found + timedelta(days=end_of_day), time(), zone)
        return found.astimezone(UTC) if found else None
    except (OverflowError, OSError) as error:
        raise ValueError("out of range") from error


def names_no_zone(value: object) -> bool:
    """Return whether a value is a time of day that does not say in which zone."""
    if isinstance(value, datetime):
        return value.tzinfo is None
    if not isinstance(value, str) or ":" not in value:
        return False
    try:
        return datetime.fromisoformat(value.strip()).tzinfo is None
    except ValueError:
        return False


def _read(value: object, zone: tzinfo) -> date | None:
    if isinstance(value, str):
        return _read_text(value.strip(), zone)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return _from_epoch(float(value))
    raise ValueError("not a date")


def _read_text(text: str, zone: tzinfo) -> date | None:
    if text.casefold() in _NEVER or text.startswith("0000-00-00"):
        return None
    if _EPOCH.fullmatch(text):
        return _from_epoch(float(text))
    if _DAY.fullmatch(text):
        return date.fromisoformat(text)
    return _read(datetime.fromisoformat(text), zone)


def _from_epoch(seconds: float) -> datetime:
    if abs(seconds) >= MILLISECONDS_FROM:
        seconds /= 1000
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
