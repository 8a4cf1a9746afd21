"""Read template files and find what is wrong with them before anything is written with them."""

import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from importlib.resources.abc import Traversable
from pathlib import Path

import jinja2
from jinja2 import meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from spotlight_notify.errors import TemplateError
from spotlight_notify.model import Kind, Network
from spotlight_notify.templates.fields import CORRECTION_FIELDS, DIGEST_FIELDS, FIELDS
from spotlight_notify.templates.moments import told

ENDING = ".j2"
DIGEST = "digest"
CORRECTION = "correction"
"""What stands in a file's name where others have a kind."""
_OWN_FIELDS = {DIGEST: DIGEST_FIELDS, CORRECTION: CORRECTION_FIELDS}
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_CLICK_HERE = re.compile(r"\bclick\s+here\b", re.IGNORECASE)


def read_files(folder: Traversable | Path, *endings: str) -> dict[str, str]:
    """Read the files of a folder whose names end so, by name."""
    try:
        found = [file for file in folder.iterdir() if file.name.endswith(endings)]
        return {file.name: file.read_text(encoding="utf-8") for file in sorted(found, key=lambda f: f.name)}
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateError(str(folder), 0, f"the templates cannot be read: {error}") from error


def environment_of(sources: Mapping[str, str], zone: tzinfo) -> jinja2.Environment:
    """Make the sandbox; templates are named by their files, so that errors can point at them."""

    def find(name: str) -> tuple[str, str, None] | None:
        return (sources[name], name, None) if name in sources else None

    def when(at: datetime, short: bool = False) -> str:
        return told(at, zone, short=short)

    environment = ImmutableSandboxedEnvironment(
        autoescape=False,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FunctionLoader(find),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["when"] = when
    return environment


def check_sources(environment: jinja2.Environment, sources: Mapping[str, str]) -> None:
    """Raise TemplateError at the first file that is not used, not readable, or says what no post should."""
    for name, source in sources.items():
        _check_name(name)
        _check_syntax(environment, name, source)
        _check_words(name, source)


def _check_name(name: str) -> None:
    """Refuse a file that would never be used, such as ``x.potcast.j2``."""
    network, *rest = name.removesuffix(ENDING).split(".")
    known = network in set(Network) and (not rest or (len(rest) == 1 and rest[0] in {*Kind, *_OWN_FIELDS}))
    if not known and not name.startswith("_"):
        networks, kinds = ", ".join(Network), ", ".join((*Kind, *_OWN_FIELDS))
        message = f"no post uses this file: name it NETWORK.j2 or NETWORK.KIND.j2 ({networks}; {kinds})"
        raise TemplateError(name, 0, message)


def _check_syntax(environment: jinja2.Environment, name: str, source: str) -> None:
    try:
        tree = environment.parse(source, name, name)
        environment.get_template(name)
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(error.name or name, error.lineno, error.message or "cannot be read") from error
    fields = _fields_in(name)
    unknown = meta.find_undeclared_variables(tree) - fields - set(environment.globals)
    for used in tree.find_all(nodes.Name):
        if used.name in unknown:
            there = ", ".join(sorted(fields))
            raise TemplateError(name, used.lineno, f"there is no field {used.name!r}; there are {there}")


def _fields_in(name: str) -> frozenset[str]:
    """Tell which fields a file may use; a part may be for any."""
    if name.startswith("_"):
        return FIELDS.union(*_OWN_FIELDS.values())
    return _OWN_FIELDS.get(name.removesuffix(ENDING).partition(".")[2], FIELDS)


def _check_words(name: str, source: str) -> None:
    said = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), source)
    found = _CLICK_HERE.search(said)
    if found:
        line = said.count("\n", 0, found.start()) + 1
        message = "“click here” tells nobody where a link leads: say what to do there, such as “Listen”"
        raise TemplateError(name, line, message)
