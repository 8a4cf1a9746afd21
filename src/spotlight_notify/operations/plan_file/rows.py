"""Read one row of a plan file: when, and which aid or digest, in whatever form its file has it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from spotlight_notify.model.errors import BadRequest
from spotlight_notify.model.words import Kind
from spotlight_notify.operations.announce.request import AidRequest
from spotlight_notify.operations.announce.times import read_time
from spotlight_notify.text.clock_times import ClockTime, NoSuchTime

ABOUT_NEW = (
    *("title", "url", "summary", "short", "kind", "theme", "sign_in", "image", "alt"),
    *("language", "starts", "expires"),
)
COLUMNS = ("at", "aid", *ABOUT_NEW, "to")
TEXT = "text, in quotation marks"
MOMENT = "a date with a time of day"
FORMS = {"sign_in": "true or false", "to": "a list of channels, by name"} | dict.fromkeys(
    ("at", "starts", "expires"), MOMENT
)
"""What a TOML file has where it has no text."""
YES_OR_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One dated announcement.

    ``to``: the channels, all of them if empty. ``line`` is where it begins in its file.
    """

    line: int
    at: ClockTime
    wanted: AidRequest
    to: tuple[str, ...]


def read_row(line: int, cells: Mapping[str, object]) -> tuple[Row | None, tuple[str, ...]]:
    """Read a row's cells, by column; returns every mistake in it, in words, and no row if there is one."""
    plain = {name: _plain(name, value) for name, value in cells.items() if name in COLUMNS}
    said = {name: value for name, value in plain.items() if value}
    mistakes = [f"{name} must be {FORMS.get(name, TEXT)}" for name in plain if plain[name] is None]
    at, wanted = None, None
    try:
        at = _time(said) if plain.get("at", "") is not None else None
    except NoSuchTime as error:
        mistakes.append(f"at: {error}")
    try:
        wanted = _wanted(said) if None not in plain.values() else None
    except BadRequest as error:
        mistakes.append(str(error))
    if at is None or wanted is None:
        return None, tuple(mistakes)
    return Row(line=line, at=at, wanted=wanted, to=_channels(said)), ()


def _plain(name: str, value: object) -> str | None:
    """Write a cell as a CSV file would have it; None where it makes no sense."""
    match value:
        case bool():
            return ("yes" if value else "no") if name == "sign_in" else None
        case int():
            return str(value) if name == "aid" else None
        case datetime() | date():
            return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
        case list():
            is_names = name == "to" and all(isinstance(each, str) for each in value)
            return " ".join(value) if is_names else None
        case str():
            return value.strip()
        case _:
            return None


def _time(said: Mapping[str, str]) -> ClockTime:
    if "at" not in said:
        raise NoSuchTime("say when")
    return read_time(said["at"], dated=True)


def _wanted(said: Mapping[str, str]) -> AidRequest:
    """Return which aid or digest is meant; BadRequest for what does not fit together."""
    about = {name: said[name] for name in ABOUT_NEW if name in said}
    for mistake in _misfits("aid" in said, about):
        raise BadRequest(mistake)
    sign_in = about.pop("sign_in", "no").lower()
    if sign_in not in YES_OR_NO:
        raise BadRequest(f"sign_in: {sign_in} is neither yes nor no")
    if "kind" in about and about["kind"] not in set(Kind):
        raise BadRequest(f"kind: there is no {about['kind']}; there is: {', '.join(Kind)}")
    return AidRequest(words=said.get("aid"), sign_in=YES_OR_NO[sign_in], **about)


def _misfits(is_known: bool, about: Mapping[str, str]) -> Iterator[str]:
    names = ", ".join(about)
    if is_known and about:
        yield f"aid names a known one, so leave out {names}; or name a new one by title and url"
    if not is_known and not ("title" in about or "url" in about):
        if "theme" not in about:
            yield "name an aid, or title and url, or a theme for a digest of its aids"
        elif len(about) > 1:
            others = ", ".join(name for name in about if name != "theme")
            yield f"a digest has nothing but its theme, so leave out {others}; or name title and url too"


def _channels(said: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, re.split(r"[\s,;]+", said.get("to", "")))))
