"""What the documents point at is there: files, folders and other documents."""

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FROM = (ROOT, ROOT / "src" / "spotlight_notify", ROOT / "tests")
NAMING = (
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "docs/design.md",
    "docs/releasing.md",
    "docs/tour.md",
)
LINKING = (
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.md",
    "docs/decisions.md",
    "docs/design.md",
    "docs/releasing.md",
    "docs/tour.md",
)
NAMED = re.compile(r"`([\w.*/-]+/|[\w.*/-]+/[\w.*-]+\.(?:py|md|toml|json|j2))`")
LINK = re.compile(r"\]\(([^)#:]*)(?:#([^)]*))?\)")


@pytest.mark.parametrize("document", NAMING)
def test_files_and_folders_that_a_document_names_are_there(document: str) -> None:
    named = NAMED.findall((ROOT / document).read_text("utf-8"))
    assert named
    assert [name for name in named if "NAME" not in name and not is_there(name)] == []


@pytest.mark.parametrize("document", LINKING)
def test_links_between_documents_lead_somewhere(document: str) -> None:
    path = ROOT / document
    links = LINK.findall(path.read_text("utf-8"))
    assert links
    for file, place in links:
        text = (path.parent / file if file else path).read_text("utf-8")
        assert not place or place in headings(text), f"{file}#{place}"


def is_there(name: str) -> bool:
    return any(list(folder.glob(name)) for folder in FROM)


def headings(text: str) -> set[str]:
    """Give the names that headings have in links."""
    lines = (line.lstrip("#").strip().lower() for line in text.splitlines() if line.startswith("#"))
    return {re.sub(r"[^\w -]", "", line).replace(" ", "-") for line in lines}


def test_the_sample_posts_are_those_that_the_program_writes() -> None:
    script = ROOT / "scripts" / "make_sample_posts.py"
    spec = spec_from_file_location("make_sample_posts", script)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (ROOT / "docs" / "sample-posts.md").read_text(encoding="utf-8") == module.page()
