"""Write the JSON schema of a configuration file, for editors; and tell from it which names a table knows."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from spotlight_notify.config.locating import Place
from spotlight_notify.config.settings import Document
from spotlight_notify.config.times import written

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class WrittenDefaults(GenerateJsonSchema):
    """Show default durations as they are written in the file."""

    def encode_default(self, dft: Any) -> Any:
        """Write a default value as JSON."""
        return written(dft) if isinstance(dft, timedelta) else super().encode_default(dft)


def schema_text() -> str:
    """Build the schema of a whole file, as it is kept in config/spotlight.schema.json."""
    settings = Document.model_json_schema(schema_generator=WrittenDefaults)
    whole = {"$schema": DIALECT, **settings, "title": "spotlight-notify configuration"}
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def names_at(place: Place, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the settings that the table at a place may hold; ``values`` tell its kind where there are two."""
    whole = Document.model_json_schema()
    node: dict[str, Any] = whole
    inner: Any = values
    for part in place:
        inner = inner[part]
        node = _target(whole, _child(node, str(part)), inner)
    return tuple(node.get("properties", ()))


def _child(node: dict[str, Any], part: str) -> dict[str, Any]:
    properties: dict[str, dict[str, Any]] = node.get("properties", {})
    return properties.get(part) or dict(node.get("additionalProperties") or {})


def _target(whole: dict[str, Any], node: dict[str, Any], inner: Any) -> dict[str, Any]:
    """Follow a reference, and choose between kinds by the value that tells them apart."""
    node = next((each for each in node.get("anyOf", ()) if "$ref" in each), node)  # a table, or none
    choice = node.get("discriminator")
    reference = choice["mapping"][inner[choice["propertyName"]]] if choice else node.get("$ref")
    return whole["$defs"][reference.rpartition("/")[2]] if reference else node
