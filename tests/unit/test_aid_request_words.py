from pathlib import Path
from typing import Any

import pytest

from spotlight_notify.model.errors import BadRequest
from spotlight_notify.operations.announce.request import AidRequest

NEW: dict[str, Any] = {"title": "Keep Calm", "url": "https://valor.test/calm", "alt": "A badge."}


@pytest.mark.parametrize(
    ("said", "is_digest"),
    [
        ({"theme": "Calm"}, True),
        ({"theme": "Calm", **NEW}, False),
        ({"theme": "Calm", "words": "12"}, False),
        (NEW, False),
    ],
)
def test_a_theme_alone_means_a_digest(said: dict[str, Any], is_digest: bool) -> None:
    assert AidRequest(**said).is_digest == is_digest


@pytest.mark.parametrize("said", [{"theme": " "}, {"theme": "Calm", "summary": "Short."}])
def test_a_theme_with_words_but_without_an_aid_is_no_digest(said: dict[str, Any]) -> None:
    with pytest.raises(BadRequest, match="or only a theme for a digest of its aids"):
        AidRequest(**said)


def test_a_picture_s_file_is_meant_from_a_folder(tmp_path: Path) -> None:
    home = tmp_path / "plans"
    assert AidRequest(image="a.png", **NEW).at_home(home).image == str(home / "a.png")
    assert AidRequest(image="/b/a.png", **NEW).at_home(home).image == "/b/a.png"
    for image in ("https://valor.test/a.png", None):
        assert AidRequest(image=image, **NEW).at_home(home).image == image
