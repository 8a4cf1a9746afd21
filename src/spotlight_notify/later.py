"""Let a package load what it offers when it is asked for, so that a command pays only for what it uses."""

import sys
from collections.abc import Callable
from importlib import import_module


def later(package: str, **offered: str) -> Callable[[str], object]:
    """Make a package's ``__getattr__``; ``offered``: by module, the names that it gives, spaces between."""
    homes = {name: module for module, names in offered.items() for name in names.split()}

    def find(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name)
        found = getattr(import_module(f"{package}.{homes[name]}"), name)
        setattr(sys.modules[package], name, found)
        return found

    return find
