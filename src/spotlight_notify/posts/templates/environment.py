"""Read template files, and build the sandbox that fills them in."""

import os
from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import partial
from importlib.resources.abc import Traversable
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from spotlight_notify.model.errors import Problem, TemplateError
from spotlight_notify.text.language import SPANISH
from spotlight_notify.text.times import spoken_time, spoken_time_in_spanish

ENDING = ".j2"
DIGEST = "digest"
CORRECTION = "correction"
LANGUAGES = (SPANISH,)
"""What stands in a file's name where others have a kind; languages but for English, which needs none."""


def read_files(folder: Traversable | Path, *endings: str) -> tuple[dict[str, str], list[Problem]]:
    """Read the files of a folder whose names end so, by name; those that cannot be read are empty, and told.

    TemplateError when the folder itself cannot be read; it names no file.
    """
    try:
        found = sorted((file for file in folder.iterdir() if file.name.endswith(endings)), key=_name)
    except OSError as error:
        raise TemplateError("", 0, f"the templates cannot be read: {_reason(error)}") from error
    texts, problems = {}, []
    for file in found:
        try:
            texts[file.name] = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            texts[file.name] = ""
            problems.append(Problem(file.name, 0, f"this file cannot be read: {_reason(error)}"))
    return texts, problems


def environment_of(sources: Mapping[str, str], zone: tzinfo) -> jinja2.Environment:
    """Make the sandbox; templates are named by their files, so that errors can point at them."""

    def find(name: str) -> tuple[str, str, None] | None:
        return (sources[name], name, None) if name in sources else None

    def when(at: datetime, short: bool = False) -> str:
        return spoken_time(at, zone, short=short)

    environment = ImmutableSandboxedEnvironment(
        autoescape=False,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FunctionLoader(find),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["when"] = when
    environment.filters["cuando"] = partial(spoken_time_in_spanish, zone=zone)
    return environment


def in_folder(problem: Problem, folder: str) -> Problem:
    """Put the folder before the file of a problem; one that names no file is the folder's own."""
    file = os.path.join(folder, problem.file) if problem.file else folder
    return Problem(file, problem.line, problem.message)


def _name(file: Traversable | Path) -> str:
    return file.name


def _reason(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not text in UTF-8; save it as UTF-8"
    return (error.strerror or "unknown reason").lower()
