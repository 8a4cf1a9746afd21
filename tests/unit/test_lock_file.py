from pathlib import Path

LOCK = Path(__file__).parents[2] / "uv.lock"


def test_the_lock_file_names_only_the_public_index() -> None:
    hosts = {part.split("/")[2] for part in LOCK.read_text().split('"') if part.startswith("https://")}
    assert hosts == {"pypi.org", "files.pythonhosted.org"}
