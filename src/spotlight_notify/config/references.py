"""Resolve the references in settings: environment, files, systemd's credentials; or fill in placeholders."""

import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spotlight_notify.text.toml_lines import Place

MAX_SECRET = 65_536
"""The longest file taken as a secret, in bytes: far above any token, far below a mistake."""
_REFERENCE = re.compile(
    r"\$(?:(?P<dollar>\$)"
    r"|\{file:(?P<file>[^{}]+)\}"
    r"|\{credential:(?P<credential>[^{}]+)\}"
    r"|\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>[^}]*))?\}"
    r"|(?P<stray>))"
)
NEEDED = "ledger"
"""The table whose secrets every command needs."""
UNKNOWN = "unknown"
DATABASE = f"sqlite:///{UNKNOWN}.sqlite3"
PLACEHOLDERS = {
    "page_id": "1",
    "url": f"https://{UNKNOWN}.example/",
    "base_url": f"https://{UNKNOWN}.example",
}
"""What passes for a setting; no command that has it makes a request with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where references lead: the environment, and the folder that relative files are meant from."""

    environ: Mapping[str, str]
    folder: Path


@dataclass(slots=True, kw_only=True)
class Resolved:
    """What came of a document: its values, what could not be resolved and where, what is secret."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[Place, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set, repr=False)


class Unresolved(Exception):
    """Why a reference leads nowhere; never holds a value."""


def resolve(document: Mapping[str, Any], origin: Origin) -> Resolved:
    """Put in what ``${NAME}``, ``${NAME:-default}``, ``${file:...}`` and ``${credential:...}`` name.

    ``$$`` stands for a dollar sign. A string whose reference fails becomes empty, and its place is among
    the problems.
    """
    resolved = Resolved()
    resolved.values = {key: _walk(value, (key,), origin, resolved) for key, value in document.items()}
    return resolved


def fill_placeholders(resolved: Resolved) -> frozenset[Place]:
    """Fill the places whose references lead nowhere, and return them; those of the ledger stay empty."""
    places = frozenset(place for place in resolved.problems if place[0] != NEEDED)
    for place in places:
        holder: Any = resolved.values
        for step in place[:-1]:
            holder = holder[step]
        holder[place[-1]] = _value(place, holder)
    return places


def _walk(value: Any, place: Place, origin: Origin, into: Resolved) -> Any:
    if isinstance(value, dict):
        return {key: _walk(inner, (*place, key), origin, into) for key, inner in value.items()}
    if isinstance(value, list):
        return [_walk(inner, (*place, number), origin, into) for number, inner in enumerate(value)]
    return _text(value, place, origin, into) if isinstance(value, str) else value


def _text(text: str, place: Place, origin: Origin, into: Resolved) -> str:
    def put(found: re.Match[str]) -> str:
        value = _value_of(found, origin)
        into.secrets.update(_secret_parts(found, value, place))
        return value

    try:
        return _REFERENCE.sub(put, text)
    except Unresolved as error:
        into.problems[place] = str(error)
        return ""


def _secret_parts(found: re.Match[str], value: str, place: Place) -> set[str]:
    """Return which part of a value must not be seen: files and credentials whole, and what completes a URL.

    A name that holds a whole URL hides its query only; tokens and passwords are known by their setting.
    """
    if found["file"] or found["credential"]:
        return {value}
    if not found["name"] or place[-1] != "url" or value == found["default"]:
        return set()
    return {value.partition("?")[2]} if "://" in value else {value}


def _value_of(found: re.Match[str], origin: Origin) -> str:
    if found["dollar"]:
        return "$"
    if found["file"]:
        return _from_file(origin.folder / found["file"], f"the file {found['file']}", 0o077)
    if found["credential"]:
        return _from_credential(found["credential"], origin.environ)
    if found["name"]:
        return _from_environment(found["name"], found["default"], origin.environ)
    raise Unresolved('a "$" begins a reference such as "${NAME}"; for a real dollar sign write "$$"')


def _from_environment(name: str, default: str | None, environ: Mapping[str, str]) -> str:
    value = environ.get(name)
    if default is not None:
        return value or default
    if value is None:
        raise Unresolved(f"the environment variable {name} is not set")
    return value


def _from_credential(name: str, environ: Mapping[str, str]) -> str:
    folder = environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        raise Unresolved(
            f"the credential {name} needs systemd's LoadCredential ($CREDENTIALS_DIRECTORY is not set)"
        )
    if Path(name).name != name:
        raise Unresolved(f"the credential {name} must be a plain name, without folders")
    # systemd opens its files to the service by an access list, which shows as a right of the group.
    return _from_file(Path(folder) / name, f"the credential {name}", 0o007)


def _from_file(path: Path, what: str, forbidden: int) -> str:
    """Read a secret's file; ``forbidden`` are the rights nobody else may have on it."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise Unresolved(f"{what} is not an ordinary file")
        if mode & forbidden:
            raise Unresolved(f"{what} can be read or changed by others; make it yours alone (chmod 600)")
        with path.open("rb") as file:
            content = file.read(MAX_SECRET + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "bad name"
        raise Unresolved(f"{what} cannot be read: {reason.lower()}") from None
    return _decoded(content, what)


def _decoded(content: bytes, what: str) -> str:
    if len(content) > MAX_SECRET:
        raise Unresolved(f"{what} is too long for a secret")
    try:
        text = content.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        raise Unresolved(f"{what} is not text in UTF-8") from None
    if not text:
        raise Unresolved(f"{what} is empty")
    return text


def _value(place: Place, holder: Mapping[str, Any] | list[Any]) -> str:
    name = str(place[-1])
    if name == "url" and isinstance(holder, dict) and holder.get("kind") == "database":
        return DATABASE
    return PLACEHOLDERS.get(name, UNKNOWN)
