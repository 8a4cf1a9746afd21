"""Know the names that Graph takes and shows, and read the fields that a client asks for."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

from spotlight_notify.sandbox.facebook.errors import GraphProblem, nonexisting_field, unknown_parameter

_FIELD = re.compile(
    r"(?P<name>\w+)(?P<calls>(?:\.\w+\([^()]*\))*)(?:\{(?P<inner>.*)\})?(?P<more>(?:\.\w+\([^()]*\))*)",
    re.DOTALL,
)
_CALL = re.compile(r"\.(\w+)\(([^()]*)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Hold a field asked for, such as ``comments.limit(2){id}``; ``inner`` is what the braces hold."""

    name: str
    arguments: Mapping[str, str]
    inner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphNames:
    """Hold the parameters that calls take, by edge ("post": an edit), and the fields of kinds of objects."""

    parameters: Mapping[str, frozenset[str]]
    fields: Mapping[str, frozenset[str]]

    def refuse_parameters(self, edge: str, given: Iterable[str]) -> GraphProblem | None:
        """Refuse a parameter that a call which writes does not take."""
        known = self.parameters[edge] | self.parameters["every_call"]
        unknown = [name for name in given if name.partition("[")[0] not in known]
        return unknown_parameter(unknown[0]) if unknown else None

    def read_fields(self, kind: str, words: str) -> tuple[Field, ...] | GraphProblem:
        """Read the fields asked for of a kind of object; a problem when it has no such field."""
        asked = tuple(_field(part) for part in _parts(words))
        strange = [field.name for field in asked if field.name not in self.fields[kind]]
        return nonexisting_field(strange[0], kind) if strange else asked


def read_names() -> GraphNames:
    """Read the packaged names."""
    text = files("spotlight_notify.sandbox").joinpath("samples/graph.toml").read_text(encoding="utf-8")
    value: dict[str, dict[str, str]] = tomllib.loads(text)
    sets = {
        part: {name: frozenset(words.split()) for name, words in names.items()}
        for part, names in value.items()
    }
    return GraphNames(parameters=sets["parameters"], fields=sets["fields"])


def _parts(words: str) -> list[str]:
    """Split at commas outside of braces and parentheses."""
    parts, depth = [""], 0
    for character in words:
        depth += (character in "({") - (character in ")}")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts if part.strip()]


def _field(part: str) -> Field:
    found = _FIELD.fullmatch(part)
    if found is None:
        return Field(name=part, arguments={}, inner="")
    calls = _CALL.findall(found["calls"] + found["more"])
    return Field(name=found["name"], arguments=dict(calls), inner=found["inner"] or "")
