"""The weighted length, held against X's own cases."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.text.weights import weight

COUNTERS = (
    "WeightedTweetsCounterTest",
    "WeightedTweetsWithDiscountedEmojiCounterTest",
    "UnicodeDirectionalMarkerCounterTest",
)
"""The first counts emoji by their characters, as configuration v2 did; where they differ the others count."""


def official_cases(folder: Path) -> dict[str, list[dict[str, Any]]]:
    text = (folder / "twitter-text-validate.yml").read_text(encoding="utf-8")
    cases: dict[str, list[dict[str, Any]]] = yaml.safe_load(text)["tests"]
    return cases


@pytest.mark.parametrize("section", COUNTERS)
def test_every_official_weight(shared_data: Path, section: str) -> None:
    sections = official_cases(shared_data)
    in_force = {case["text"]: case for name in COUNTERS[1:] for case in sections[name]}
    for case in sections[section]:
        expected = in_force.get(case["text"], case)["expected"]
        assert weight(case["text"]) == expected["weightedLength"], case["description"]
        refused = {"\ufeff", "\ufffe", "\uffff"} & {*case["text"]}
        assert (0 < weight(case["text"]) <= 280 and not refused) is expected["valid"], case["description"]
    assert len(sections[section]) >= 2


def test_no_official_section_is_left_out(shared_data: Path) -> None:
    """Those that are not here are in test_entities.py."""
    elsewhere = {"usernames", "lists", "hashtags", "urls", "urls_without_protocol"}
    assert set(official_cases(shared_data)) == {"tweets", *COUNTERS, *elsewhere}


def test_official_posts(shared_data: Path) -> None:
    """These cases are from when the limit was 140 and a link counted 20: now they are all short enough."""
    for case in official_cases(shared_data)["tweets"]:
        assert (0 < weight(case["text"]) <= 280) is (case["text"] != ""), case["description"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("Keep Calm", 9),
        ("CDC.gov", 23),
        ("safety.Work", 23),
        ("see https://example.gov/" + "a" * 300, 4 + 23),
        ("https://example.gov/a. Next", 23 + 6),
        ("e\u0301", 1),
        ("…", 2),
        ("“quoted”", 8),
        ("警察", 4),
        ("\u2028", 2),
        ("👮", 2),
        ("👮🏽\u200d♀️", 2),
        ("👨\u200d👩\u200d👧\u200d👦", 2),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 2),
        ("1️⃣", 2),
        ("1", 1),
        ("☺", 2),
        ("♾️", 4),
        ("👁️\u200d🗨️", 5),
        ("🧑🏻\u200d🤝\u200d🧑🏿", 8),
        ("©® ©\ufe0f ™", 8),
        ("⚡\ufe0f⭐\ufe0f", 4),
        ("✅\ufe0f", 4),
        ("👁\u200d🗨\ufe0f", 5),
        ("🇺🇸🇺", 4),
        ("a.com/の", 23 + 2),
        ("a.comの.jp", 23 + 2 + 3),
        ("a.comの.jp/b", 23 + 12),
        ("a.com.中国/b", 23),
    ],
)
def test_known_weights(text: str, expected: int) -> None:
    assert weight(text) == expected


def test_a_domain_that_x_may_not_know_yet_counts_the_dearer_way() -> None:
    assert weight("a.hotel") == 23
    assert weight("our-very-long-and-quiet-place.hotel") == 35
    assert weight("https://a.hotel/b?c=d#" + "e" * 40) == 62


@given(st.text(max_size=80))
def test_weight_does_not_depend_on_the_normal_form(text: str) -> None:
    assert weight(text) == weight(unicodedata.normalize("NFC", text))


@given(st.text(alphabet=st.characters(max_codepoint=0x10FF, exclude_characters=".©®\u20e3"), max_size=80))
def test_light_characters_weigh_one_each_in_normal_form(text: str) -> None:
    normal = unicodedata.normalize("NFC", text)
    heavy = sum(2 if ord(character) > 0x10FF else 1 for character in normal)
    assert weight(text) == heavy


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_line_break_lets_two_texts_weigh_as_much_as_apart(one: str, other: str) -> None:
    whole = weight(f"{one}\n\n{other}")
    composed = [unicodedata.normalize("NFC", part) for part in (one, other)]
    if unicodedata.normalize("NFC", f"{one}\n\n{other}") == "\n\n".join(composed):
        assert whole == weight(one) + 2 + weight(other)
