"""Too much that is new at once is asked about; an honest burst is not."""

from datetime import timedelta
from typing import Any

import pytest

from builders import NOW, aid
from spotlight_notify.rules.mass_change import Brake, Burst, theme_of, why_brake


def brake(**counts: Any) -> str | None:
    fields: dict[str, Any] = {"new": 0, "familiar": 0, "known": 100, "planned": {}}
    return why_brake(Burst(**fields | counts), Brake(), {("spotlight", "valor-x"): 4})


@pytest.mark.parametrize(
    "counts",
    [
        {"new": 12, "known": 10},
        {"new": 12, "known": 0},
        {"new": 25, "known": 50},
        {"new": 2, "familiar": 2, "known": 10},
        {"new": 14, "known": 20, "theme": "Calm", "planned": {("spotlight", "valor-x"): 12}},
        {"new": 8, "familiar": 4, "known": 100},
        {"new": 12, "planned": {("spotlight", "valor-x"): 12, ("spotlight", "valor-page"): 12}},
        {"new": 20, "planned": {("another", "valor-x"): 20}},
    ],
)
def test_an_honest_burst_goes_out(counts: dict[str, Any]) -> None:
    assert brake(**counts) is None


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"new": 26, "theme": "Calm"}, "26 aids are new at once"),
        ({"new": 14, "known": 20, "theme": "Calm", "familiar": 8}, "8 of 14 new aids bear titles"),
        ({"new": 26}, "26 aids are new at once, and more than 25 are asked about"),
        ({"new": 13, "known": 20}, "13 aids are new at once, where only 20 were known"),
        ({"new": 4, "familiar": 3}, "3 of 4 new aids bear titles of known ones"),
        ({"new": 230, "familiar": 230, "known": 230}, "230 of 230 new aids bear titles"),
        (
            {"new": 13, "planned": {("spotlight", "valor-x"): 13}},
            "13 posts of spotlight on valor-x are planned at once, more than 3 days at 4 a day",
        ),
    ],
)
def test_too_much_is_asked_about(counts: dict[str, Any], words: str) -> None:
    assert words in (brake(**counts) or "")


def test_a_themes_day_is_told_by_its_theme_and_dates() -> None:
    """Timing 1."""
    opened = [aid(n, theme="Calm", other_themes=("Night",), published_at=NOW) for n in range(13)]
    assert theme_of(opened) == "Calm"
    assert theme_of([*opened, aid(13, theme="Night")]) == "Night"
    assert theme_of([*opened, aid(13, theme="calm")]) == "Calm"
    assert theme_of([*opened, aid(13)]) is None
    assert theme_of([*opened, aid(13, theme="Calm", published_at=NOW - timedelta(days=9))]) is None
    assert theme_of([]) is None
