"""Find secrets that are written out in a configuration file that others may read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from spotlight_notify.config.configuration import Config, secrets_of
from spotlight_notify.config.parsing import parse

SHORTEST = 4
"""Shorter ones would be found in ordinary words."""


def exposed(path: Path, config: Config) -> str | None:
    """Say so if others than the owner may read a file in which secrets stand, and not references to them."""
    if not path.stat().st_mode & 0o077:
        return None
    secrets = [secret for secret in secrets_of(config) if len(secret) >= SHORTEST]
    if not any(secret in text for text in _texts(parse(path).values) for secret in secrets):
        return None
    return (
        f"others may read {path}, and secrets are written out in it: chmod 600 {path},"
        ' or write references such as "${NAME}" or "${file:/run/secrets/x}"'
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
