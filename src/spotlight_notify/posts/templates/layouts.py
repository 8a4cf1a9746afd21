"""How a network's posts look and what gives way when one is too long (``x.toml``); and filling them in."""

import re
import tomllib
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jinja2

from spotlight_notify.model.errors import Problem, TemplateError
from spotlight_notify.model.networks import Network
from spotlight_notify.model.words import Kind
from spotlight_notify.posts.templates.fields import BLANKS, SHRINKABLE, TITLES, Fields

_FAILURES = (
    jinja2.TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What a template's own expressions can raise."""
_BLANK_LINES = re.compile(r"\n{3,}")
_DEFAULT = 'shrink = ["summary"]'
_ALLOWED = {"shrink": SHRINKABLE, "drop": tuple(BLANKS), "longest": (*SHRINKABLE, TITLES)}
"""The settings, and what each may name."""
_POSITION = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a network's posts look, and what gives way when one is too long.

    ``shrink``: fields cut shorter and shorter, the first named first. ``drop``: fields then left out.
    ``languages``: for other languages than English one template each, for all kinds.
    ``longest``: how long a field (or a digest's titles) may be at most, as the network counts, however much
    room there is.
    """

    templates: Mapping[Kind, jinja2.Template]
    languages: Mapping[str, jinja2.Template]
    digest: jinja2.Template
    correction: jinja2.Template
    shrink: tuple[str, ...]
    drop: tuple[str, ...]
    longest: Mapping[str, int]

    def write(self, kind: Kind, fields: Fields) -> str:
        """Fill in the template of the language, else of the kind; TemplateError says what in it failed.

        Lines lose their trailing space, and no more than one blank line stays between two others.
        """
        return fill_in(self.languages.get(fields["language"], self.templates[kind]), fields)

    def write_digest(self, fields: Fields) -> str:
        """Fill in the template for several aids, in the same way."""
        return fill_in(self.digest, fields)

    def write_correction(self, fields: Fields) -> str:
        """Fill in the template for a correction, in the same way."""
        return fill_in(self.correction, fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """The layouts of all networks, checked."""

    layouts: Mapping[Network, Layout]


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthSettings:
    """The settings of one file; Layout says what they mean."""

    shrink: tuple[str, ...]
    drop: tuple[str, ...]
    longest: Mapping[str, int]


ALL_GIVES_WAY = LengthSettings(shrink=SHRINKABLE, drop=tuple(BLANKS), longest={})
"""Stands in for settings that cannot be read, while templates are tried."""


def template_error(problems: Iterable[Problem]) -> TemplateError:
    """Return the error that carries these problems, one at least."""
    first, *others = problems
    return TemplateError(first.file, first.line, first.message, *others)


def fill_in(template: jinja2.Template, fields: Fields) -> str:
    """Fill in a template, and tidy its lines; TemplateError says what in it failed."""
    try:
        return _tidy(template.render(fields))
    except _FAILURES as error:
        raise _failure(template, error) from error


def read_length_settings(file: str, text: str | None) -> LengthSettings:
    """Read the settings; without a file the summary is cut. TemplateError says all that is wrong."""
    table = _table(file, _DEFAULT if text is None else text)
    problems = [Problem(file, 0, words) for words in _mistakes(table)]
    if problems:
        raise template_error(problems)
    return LengthSettings(
        shrink=tuple(table.get("shrink", ())),
        drop=tuple(table.get("drop", ())),
        longest=table.get("longest", {}),
    )


def _failure(template: jinja2.Template, error: Exception) -> TemplateError:
    """Point at the line in a template where rendering failed."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return TemplateError(error.name or str(template.name), error.lineno, str(error.message))
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(".j2")]
    file, line = (frames[-1].filename, frames[-1].lineno or 0) if frames else (str(template.name), 0)
    return TemplateError(file, line, f"cannot be filled in: {error}")


def _tidy(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return _BLANK_LINES.sub("\n\n", lines).strip()


def _table(file: str, text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _POSITION.search(str(error))
        line = int(found[1] or text.count("\n") + 1) if found else 0
        raise TemplateError(file, line, f"this is not TOML: {_POSITION.sub('', str(error))}") from error


def _mistakes(table: Mapping[str, Any]) -> Iterator[str]:
    for unknown in sorted(set(table) - set(_ALLOWED)):
        yield f"there is no setting {unknown!r}; there are shrink, drop and longest"
    for key in ("shrink", "drop"):
        names = table.get(key, [])
        if not isinstance(names, list) or any(name not in _ALLOWED[key] for name in names):
            yield f"{key} must be a list of some of: {', '.join(_ALLOWED[key])}"
    lengths = table.get("longest", {})
    if not isinstance(lengths, dict) or not all(map(_is_length, lengths, lengths.values())):
        yield f"longest must give a length above 0 for some of: {', '.join(_ALLOWED['longest'])}"


def _is_length(name: str, most: object) -> bool:
    return name in _ALLOWED["longest"] and type(most) is int and most > 0
