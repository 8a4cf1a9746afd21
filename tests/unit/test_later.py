import ast
from importlib import import_module
from pathlib import Path

import pytest

import spotlight_notify

ROOMS = [
    file.parent.name
    for file in sorted(Path(spotlight_notify.__file__).parent.glob("*/__init__.py"))
    if "later(" in file.read_text("utf-8")
]


def imports_for_types(room: str) -> list[tuple[str, str]]:
    """List the modules and names that type checkers see a package import."""
    code = Path(spotlight_notify.__file__).with_name(room).joinpath("__init__.py").read_text("utf-8")
    guarded = next(node for node in ast.parse(code).body if isinstance(node, ast.If))
    lines = [node for node in guarded.body if isinstance(node, ast.ImportFrom)]
    return [(str(line.module), alias.name) for line in lines for alias in line.names]


@pytest.mark.parametrize("room", ROOMS)
def test_what_type_checkers_see_a_package_offer_is_there_when_it_is_asked_for(room: str) -> None:
    package = import_module(f"spotlight_notify.{room}")
    for module, name in imports_for_types(room):
        assert getattr(package, name) is getattr(import_module(module), name), name


def test_a_name_that_a_package_does_not_offer_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = import_module("spotlight_notify.ledger").nothing_of_the_kind
