"""Hold how posts look, and write them."""

import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass

import jinja2

from spotlight_notify.model.errors import TemplateError
from spotlight_notify.model.words import Kind, Network
from spotlight_notify.posts.templates.fields import Fields

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Hold how a network's posts look, and what gives way when one is too long.

    ``shrink``: fields cut shorter and shorter, the first named first. ``drop``: fields then left out.
    ``longest``: how long a field (or a digest's titles) may be at most, as the network counts, however much
    room there is.
    """

    templates: Mapping[Kind, jinja2.Template]
    digest: jinja2.Template
    correction: jinja2.Template
    shrink: tuple[str, ...]
    drop: tuple[str, ...]
    longest: Mapping[str, int]

    def write(self, kind: Kind, fields: Fields) -> str:
        """Fill in the kind's template; TemplateError says what in it failed.

        Lines lose their trailing space, and no more than one blank line stays between two others.
        """
        return written(self.templates[kind], fields)

    def write_digest(self, fields: Fields) -> str:
        """Fill in the template for several aids, in the same way."""
        return written(self.digest, fields)

    def write_correction(self, fields: Fields) -> str:
        """Fill in the template for a correction, in the same way."""
        return written(self.correction, fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """Hold the layouts of all networks, checked."""

    layouts: Mapping[Network, Layout]


def written(template: jinja2.Template, fields: Fields) -> str:
    """Fill in a template, and tidy its lines; TemplateError says what in it failed."""
    try:
        return _tidy(template.render(fields))
    except _FAILURES as error:
        raise _failure(template, error) from error


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
