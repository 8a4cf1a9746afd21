"""Read what clients ask of Graph: object, edge, arguments and fields; refuse names it does not know."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

from spotlight_notify.sandbox.facebook.errors import GraphProblem, nonexisting_field, unknown_parameter
from spotlight_notify.sandbox.faults import Step
from spotlight_notify.sandbox.stand_in import Form, Received, json_object, read_form

_ATTACHED = re.compile(r"attached_media\[([0-9]{1,2})\]")
_FIELD = re.compile(
    r"(?P<name>\w+)(?P<calls>(?:\.\w+\([^()]*\))*)(?:\{(?P<inner>.*)\})?(?P<more>(?:\.\w+\([^()]*\))*)",
    re.DOTALL,
)
_CALL = re.compile(r"\.(\w+)\(([^()]*)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call; ``version`` and ``edge`` are empty where the path has none."""

    method: str
    version: str
    subject: str
    edge: str
    form: Form

    def text(self, name: str, default: str = "") -> str:
        """Return an argument's words."""
        return self.form.fields.get(name, default)

    def flag(self, name: str, *, default: bool) -> bool:
        """Return an argument as yes or no; Graph takes true, false, 1 and 0 in any case."""
        words = self.form.fields.get(name)
        return default if words is None else words.strip().lower() not in ("false", "0", "")

    @property
    def step(self) -> Step:
        """What the call is for: unpublished posts and photos, and pages read anew, only prepare."""
        if self.method == "DELETE":
            return Step.DELETE
        if self.method != "POST":
            return Step.READ
        if self.edge == "comments":
            return Step.REPLY
        draft = self.edge in ("feed", "photos") and not self.flag("published", default=True)
        return Step.PREPARE if draft or not self.subject else Step.PUBLISH


def read_call(received: Received) -> Call:
    """Split a request; the body's arguments outrank the query's, and a bearer header counts as the token."""
    match = re.fullmatch(r"(?:/(v\d+\.\d+))?(?:/([\w|.-]+))?(?:/(\w+))?/?", received.path)
    version, subject, edge = match.groups("") if match else ("", "", "")
    form = _read_body(received)
    bearer = received.header("authorization").removeprefix("Bearer ")
    token = {"access_token": bearer} if bearer else {}
    fields = token | received.query | form.fields
    form = Form(fields=fields, files=form.files)
    return Call(method=received.method, version=version, subject=subject, edge=edge, form=form)


def _read_body(received: Received) -> Form:
    """Read a form, or an object in JSON, whose values are then written as a form would hold them."""
    if not received.header("content-type").startswith("application/json"):
        return read_form(received)
    asked = json_object(received.body) or {}
    fields = {name: value if isinstance(value, str) else json.dumps(value) for name, value in asked.items()}
    return Form(fields=fields, files={})


def read_attached(call: Call) -> tuple[str, ...] | None:
    """Read the photo ids in ``attached_media``; None when they cannot be read.

    It is a JSON list of ``{"media_fbid": id}``, or one parameter for each: ``attached_media[0]``, and so on.
    """
    numbered = {
        int(match[1]): words
        for name, words in call.form.fields.items()
        if (match := _ATTACHED.fullmatch(name))
    }
    written = [numbered[place] for place in sorted(numbered)]
    try:
        entries = [json.loads(words) for words in written] or json.loads(call.text("attached_media", "[]"))
        return tuple(str(entry["media_fbid"]) for entry in entries)
    except (ValueError, TypeError, KeyError):
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field asked for, such as ``comments.limit(2){id}``; ``inner`` is what the braces hold."""

    name: str
    arguments: Mapping[str, str]
    inner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphNames:
    """The parameters that calls take, by edge ("post": an edit), and the fields of kinds of objects."""

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
