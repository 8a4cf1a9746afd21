"""Corrected titles, and other ones."""

import pytest

from spotlight_notify.text.titles import is_similar_title


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wear your seat belst", "Wear your seat belts"),
        ("Rest before teh shift", "Rest before the shift"),
        ("Rest, before a long shift", "REST BEFORE A LONG SHIFT"),
        ("Guide for officers", "Guide for officers, revised"),
        ("Guide for the officers", "Guide for officers"),
        ("Aid of the week: rest", "Rest: aid of the week"),
        ("Seat belts save lives", "Seatbelts save lives"),
        ("", "Rest"),
    ],
)
def test_feeds_one_entry_feed_replaced_is_no_matter_of_a_slip(one: str, other: str) -> None:
    assert is_similar_title(one, other)
    assert is_similar_title(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aid of the week: rest", "Aid of the week: belts"),
        ("Aid of the week: rest", "Aid of the week: test"),
        ("Podcast, episode 11", "Podcast, episode 12"),
        ("Podcast", "Podcast 12"),
        ("Rest before a long shift", "Wear your seat belt"),
    ],
)
def test_feeds_one_entry_feed_replaced_by_another_title(one: str, other: str) -> None:
    assert not is_similar_title(one, other)
    assert not is_similar_title(other, one)
