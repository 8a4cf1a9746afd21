"""Turn pydantic's findings into plain words; a value, which may be a secret, is never among them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from spotlight_notify.config.schema import kinds_at, names_at
from spotlight_notify.config.validation import FileContext
from spotlight_notify.config.words import did_you_mean
from spotlight_notify.model.errors import ConfigError, Problem
from spotlight_notify.text.toml_lines import Place, nearest_line

Table = TypeVar("Table", bound=BaseModel)

Mistake = tuple[Place, str]
"""The place of a mistake, and a sentence about it."""

_TEXT = "must be text in quotation marks"
_TABLE = "must be a table"
_LIST = 'must be a list, such as ["one", "two"]'
_KINDS = ("union_tag_not_found", "union_tag_invalid")
_WORDS = {
    "string_type": _TEXT,
    "bool_type": "must be true or false, without quotation marks",
    "int_type": "must be a whole number, without quotation marks",
    "dict_type": _TABLE,
    "model_type": _TABLE,
    "model_attributes_type": _TABLE,
    "tuple_type": _LIST,
    "list_type": _LIST,
}


def validate(
    model: type[Table], values: Mapping[str, Any], context: FileContext
) -> tuple[Table | None, list[Mistake]]:
    """Return the model of these values, or None and what is wrong with them."""
    try:
        return model.model_validate(values, context=context), []
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        return None, [_mistake(each, values, model) for each in found]


def config_error(path: Path, lines: Mapping[Place, int], found: Iterable[Mistake]) -> ConfigError:
    """Return the error that names every mistake with its line."""
    return ConfigError([Problem(str(path), nearest_line(lines, place), words) for place, words in found])


def _mistake(error: ErrorDetails, values: Mapping[str, Any], model: type[BaseModel]) -> Mistake:
    place = _place(error)
    if error["type"] == "missing":
        return place, _missing(place)
    if error["type"] == "extra_forbidden":
        return place, _unknown(place, values, model)
    name = f"{place[-2]}[{place[-1]}]" if isinstance(place[-1], int) else place[-1]
    return place, f"{name}: {_words(error, place, model)}"


def _place(error: ErrorDetails) -> Place:
    """Take off what pydantic puts in: the mark of a key, and the kind that told two models apart."""
    place = error["loc"][:-1] if error["loc"][-1] == "[key]" else error["loc"]
    if error["type"] in _KINDS:
        return (*place, "kind" if place[0] == "sources" else "network")
    if len(place) > 2 and place[0] in ("sources", "channels"):
        return (*place[:2], *place[3:])
    return place


def _missing(place: Place) -> str:
    if len(place) == 1:
        return f"the table [{_table(place[0])}] is missing"
    return f'the setting "{place[-1]}" is missing in [{".".join(map(str, place[:-1]))}]'


def _table(name: str | int) -> str:
    return f"{name}.NAME" if name in ("sources", "channels", "campaigns") else str(name)


def _unknown(place: Place, values: Mapping[str, Any], model: type[BaseModel]) -> str:
    known = names_at(place[:-1], values, model)
    hint = did_you_mean(str(place[-1]), known)
    listed = "" if hint else f" (known here: {', '.join(known)})"
    return f'there is no setting "{place[-1]}"{hint}{listed}'


def _words(error: ErrorDetails, place: Place, model: type[BaseModel]) -> str:
    context = error.get("ctx", {})
    if error["type"] == "spotlight":
        return str(context["words"])
    if error["type"] in ("enum", "literal_error"):
        return f"must be {context['expected']}".replace("'", '"')
    if error["type"] in _KINDS:
        return "must be " + " or ".join(f'"{kind}"' for kind in kinds_at(place[:-1], model))
    if error["type"] in ("greater_than_equal", "less_than_equal"):
        return f"must be at {'least' if 'ge' in context else 'most'} {context.get('ge', context.get('le'))}"
    return _WORDS.get(error["type"], "is not valid")
