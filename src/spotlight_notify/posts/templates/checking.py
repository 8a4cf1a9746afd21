"""Find what is wrong with template files before anything is written with them."""

import re
from collections.abc import Iterator, Mapping

import jinja2
from jinja2 import meta, nodes

from spotlight_notify.model.errors import Problem
from spotlight_notify.model.words import Kind, Network
from spotlight_notify.posts.templates.environment import CORRECTION, DIGEST, ENDING
from spotlight_notify.posts.templates.fields import CORRECTION_FIELDS, DIGEST_FIELDS, FIELDS

_OWN_FIELDS = {DIGEST: DIGEST_FIELDS, CORRECTION: CORRECTION_FIELDS}
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_CLICK_HERE = re.compile(r"\bclick\s+here\b", re.IGNORECASE)


def breaking_problems(environment: jinja2.Environment, sources: Mapping[str, str]) -> Iterator[Problem]:
    """Find what keeps a file, and those that are built on it, from being filled in at all."""
    for name, source in sources.items():
        try:
            tree = environment.parse(source, name, name)
            environment.get_template(name)
        except jinja2.TemplateSyntaxError as error:
            yield Problem(error.name or name, error.lineno, error.message or "cannot be read")
            continue
        yield from _unknown_fields(environment, name, tree)
        yield from _missing_parents(name, tree, sources)


def other_problems(sources: Mapping[str, str]) -> Iterator[Problem]:
    """Find files that no post uses, and words that no post should say."""
    for name, source in sources.items():
        yield from _unused(name)
        yield from _unwanted_words(name, source)


def closure(environment: jinja2.Environment, name: str, sources: Mapping[str, str]) -> set[str]:
    """Name a file and all that it is built on, as far as they are there and can be read as templates."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        found = waiting.pop()
        if found not in seen:
            seen.add(found)
            waiting += _parents(environment, found, sources)
    return seen


def _parents(environment: jinja2.Environment, name: str, sources: Mapping[str, str]) -> list[str]:
    try:
        tree = environment.parse(sources.get(name, ""), name, name)
    except jinja2.TemplateSyntaxError:
        return []
    return [parent for parent in meta.find_referenced_templates(tree) if parent]


def _unknown_fields(environment: jinja2.Environment, name: str, tree: nodes.Template) -> Iterator[Problem]:
    fields = _fields_in(name)
    unknown = meta.find_undeclared_variables(tree) - fields - set(environment.globals)
    there = ", ".join(sorted(fields))
    for used in tree.find_all(nodes.Name):
        if used.name in unknown:
            unknown.discard(used.name)
            yield Problem(name, used.lineno, f"there is no field {used.name!r}; there are {there}")


def _missing_parents(name: str, tree: nodes.Template, sources: Mapping[str, str]) -> Iterator[Problem]:
    building: list[nodes.Extends | nodes.Include] = [*tree.find_all(nodes.Extends)]
    building += (node for node in tree.find_all(nodes.Include) if not node.ignore_missing)
    for node in building:
        how = "extends" if isinstance(node, nodes.Extends) else "includes"
        parent = node.template.value if isinstance(node.template, nodes.Const) else None
        if isinstance(parent, str) and parent not in sources:
            yield Problem(name, node.lineno, f'it {how} "{parent}", and there is no such file in this folder')


def _unused(name: str) -> Iterator[Problem]:
    """Find a file that would never be used, such as ``x.potcast.j2``."""
    network, *rest = name.removesuffix(ENDING).split(".")
    known = network in set(Network) and (not rest or (len(rest) == 1 and rest[0] in {*Kind, *_OWN_FIELDS}))
    if not known and not name.startswith("_"):
        networks, kinds = ", ".join(Network), ", ".join((*Kind, *_OWN_FIELDS))
        message = f"no post uses this file: name it NETWORK.j2 or NETWORK.KIND.j2 ({networks}; {kinds})"
        yield Problem(name, 0, message)


def _fields_in(name: str) -> frozenset[str]:
    """Tell which fields a file may use; a part may be for any."""
    if name.startswith("_"):
        return FIELDS.union(*_OWN_FIELDS.values())
    return _OWN_FIELDS.get(name.removesuffix(ENDING).partition(".")[2], FIELDS)


def _unwanted_words(name: str, source: str) -> Iterator[Problem]:
    said = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), source)
    for found in _CLICK_HERE.finditer(said):
        line = said.count("\n", 0, found.start()) + 1
        message = "“click here” tells nobody where a link leads: say what to do there, such as “Listen”"
        yield Problem(name, line, message)
