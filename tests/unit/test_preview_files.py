import os
from pathlib import Path

import pytest

from spotlight_notify.cli.preview import write_preview
from spotlight_notify.model.errors import CannotCreate

MARK = b"<our mark>"
PAGE = b"<html><our mark>new"


def test_a_new_file_an_empty_one_and_an_earlier_preview_are_written(tmp_path: Path) -> None:
    for name, before in (("new", None), ("empty", b""), ("earlier", b"<html>" + MARK + b"old" * 9_000)):
        file = tmp_path / name
        if before is not None:
            file.write_bytes(before)
        write_preview(str(file), PAGE, MARK)
        assert file.read_bytes() == PAGE


@pytest.mark.parametrize("before", [b"a letter", b"x" * 5_000 + MARK])
def test_anything_else_is_kept(tmp_path: Path, before: bytes) -> None:
    file = tmp_path / "letter.html"
    file.write_bytes(before)
    with pytest.raises(CannotCreate, match=r"letter\.html: is there already and is no preview"):
        write_preview(str(file), PAGE, MARK)
    assert file.read_bytes() == before


@pytest.mark.parametrize("name", ["nowhere/page.html", ".", "a\x00b"])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(CannotCreate, match="cannot be written"):
        write_preview(str(tmp_path / name), PAGE, MARK)


def test_a_device_is_simply_written_to() -> None:
    write_preview(os.devnull, PAGE, MARK)


def test_a_dash_is_stdout(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write_preview("-", PAGE, MARK)
    assert capfdbinary.readouterr().out == PAGE
