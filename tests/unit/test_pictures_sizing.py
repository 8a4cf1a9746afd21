"""At which size pictures are posted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.model.errors import PictureRefused
from spotlight_notify.pictures.formats import MAX_PIXELS, MAX_SIDE, MIN_SIDE, WIDEST, fitted

SIDES = st.integers(min_value=0, max_value=70_000)


@pytest.mark.parametrize(
    ("size", "posted"),
    [
        ((100, 100), (100, 100)),
        ((2048, 2048), (2048, 2048)),
        ((2049, 2048), (2048, 2047)),
        ((4032, 3024), (2048, 1536)),
        ((3024, 4032), (1536, 2048)),
        ((7071, 7071), (2048, 2048)),
        ((5000, 10_000), (1024, 2048)),
    ],
)
def test_a_picture_keeps_its_shape(size: tuple[int, int], posted: tuple[int, int]) -> None:
    assert fitted(*size) == posted


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ((99, 4000), "it is only 99 x 4,000 pixels; 100 are the least"),
        ((0, 0), "it is only 0 x 0 pixels; 100 are the least"),
        ((10_000, 10_000), "it has 100 megapixels, more than 50"),
        ((50_001, 1_000), "it has 51 megapixels, more than 50"),
        ((3_000, 200), "it is a strip, 3,000 x 200 pixels: posts show it cut or tiny"),
    ],
)
def test_what_cannot_be_shown_is_refused(size: tuple[int, int], said: str) -> None:
    with pytest.raises(PictureRefused) as caught:
        fitted(*size)
    assert str(caught.value) == said


@given(SIDES, SIDES)
def test_any_size_is_within_the_limits_or_refused(width: int, height: int) -> None:
    try:
        posted = fitted(width, height)
    except PictureRefused:
        is_narrow = min(width, height) < MIN_SIDE * max(1, max(width, height) / MAX_SIDE) + 1
        is_strip = max(width, height) > WIDEST * min(width, height)
        assert is_narrow or is_strip or width * height > MAX_PIXELS
        return
    assert max(posted) == min(MAX_SIDE, max(width, height))
    assert min(posted) >= MIN_SIDE
    assert abs(posted[0] * height - posted[1] * width) <= max(width, height)
