"""Write the JSON schema of a configuration file, for editors; and tell from it which names a table knows."""

import ast
import inspect
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import ModelSchema

from spotlight_notify.config.channel_settings import Kinds
from spotlight_notify.config.settings import Document, document_of
from spotlight_notify.config.times import written
from spotlight_notify.text.toml_lines import Place

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class SettingsSchema(GenerateJsonSchema):
    """Show default durations as they are written in the file, and settings with what is said about them.

    Pydantic would read all of that at every start (``use_attribute_docstrings``).
    """

    def model_schema(self, schema: ModelSchema) -> JsonSchemaValue:
        """Describe a table, and each of its settings."""
        made = super().model_schema(schema)
        for table in reversed(schema["cls"].__mro__):
            if issubclass(table, BaseModel) and table is not BaseModel and Document not in table.__bases__:
                for name, words in _said_in(table):
                    made["properties"][schema["cls"].model_fields[name].alias or name]["description"] = words
        return made

    def encode_default(self, dft: Any) -> Any:
        """Write a default value as JSON."""
        return written(dft) if isinstance(dft, timedelta) else super().encode_default(dft)


def schema_text(kinds: Kinds) -> str:
    """Build the schema of a whole file, as it is kept in config/spotlight.schema.json."""
    settings = document_of(kinds).model_json_schema(schema_generator=SettingsSchema)
    whole = {"$schema": DIALECT, **settings, "title": "spotlight-notify configuration"}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _said_in(table: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Yield the settings of a table that have a docstring below them, and its words."""
    (described,) = ast.parse(inspect.getsource(table)).body
    assert isinstance(described, ast.ClassDef)
    for setting, below in pairwise(described.body):
        match setting, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                if name in table.model_fields:
                    yield name, inspect.cleandoc(words)


def names_at(place: Place, values: Mapping[str, Any], model: type[BaseModel]) -> tuple[str, ...]:
    """Return the settings that a model's table at a place may hold; ``values`` tell its kind."""
    whole = model.model_json_schema()
    node: dict[str, Any] = whole
    inner: Any = values
    for part in place:
        inner = inner[part]
        node = _target(whole, _child(node, str(part)), inner)
    return tuple(node.get("properties", ()))


def kinds_at(place: Place, model: type[BaseModel]) -> tuple[str, ...]:
    """Return the words that tell the kinds of table at a place apart."""
    node: dict[str, Any] = model.model_json_schema()
    for part in place:
        node = _child(node, str(part))
    mapping, models = node["discriminator"]["mapping"], [each["$ref"] for each in node["oneOf"]]
    return tuple(sorted(mapping, key=lambda kind: models.index(mapping[kind])))


def _child(node: dict[str, Any], part: str) -> dict[str, Any]:
    properties: dict[str, dict[str, Any]] = node.get("properties", {})
    return properties.get(part) or dict(node.get("additionalProperties") or {})


def _target(whole: dict[str, Any], node: dict[str, Any], inner: Any) -> dict[str, Any]:
    """Follow a reference, and choose between kinds by the value that tells them apart."""
    node = next((each for each in node.get("anyOf", ()) if "$ref" in each), node)  # a table, or none
    choice = node.get("discriminator")
    reference = choice["mapping"][inner[choice["propertyName"]]] if choice else node.get("$ref")
    return whole["$defs"][reference.rpartition("/")[2]] if reference else node
