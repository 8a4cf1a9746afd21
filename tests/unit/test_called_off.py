"""Titles that say that a webinar does not take place, and titles about what does not."""

import pytest

from spotlight_notify.text.titles import is_cancelled_title


@pytest.mark.parametrize(
    "title",
    [
        "CANCELLED: Rest before a long shift",
        "Canceled - Webinar on belts",
        "[Postponed] Webinar",
        "Webinar on belts (cancelled)",
        "Webinar on belts – POSTPONED!",
        "The webinar on belts has been called off",
        "Webinar CANCELED due to weather",
        "CANCELADO: Seminario web",
        "POSTPONED: WEBINAR ON BELTS",
        "Cancelled",
    ],
)
def test_database_2_a_title_says_that_it_is_called_off(title: str) -> None:
    assert is_cancelled_title(title)


@pytest.mark.parametrize(
    "title",
    [
        "Cancelled flights and what officers can do",
        "When a shift is cancelled, rest",
        "How to tell families that an event was postponed by weather",
        "CANCELLED FLIGHTS AND OFFICERS",
        "",
    ],
)
def test_database_2_a_title_speaks_of_something_called_off(title: str) -> None:
    assert not is_cancelled_title(title)
