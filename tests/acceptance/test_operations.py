"""What docs/operations.md tells people to type."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")


def test_command_line_25_nobody_is_sent_to_an_index_that_has_no_such_package() -> None:
    name = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["name"]
    assert f"pip install {name}" not in OPERATIONS
    assert "pip install ." in OPERATIONS


def test_command_line_22_what_sighup_does_is_told() -> None:
    assert "SIGHUP: as SIGTERM, but with exit code 129" in OPERATIONS
