"""Summaries that repeat the title."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.text.boilerplate import without_title
from spotlight_notify.text.html import plain_text


@pytest.mark.parametrize(
    ("html", "summary"),
    [
        ("<p>Keep calm!</p>", ""),
        ("Keep…", ""),
        ("", ""),
        ("<p>Keep Calm</p><p>A poster.</p>", "A poster."),
        ("Keep calm and carry on.", "Keep calm and carry on."),
        ("A poster.", "A poster."),
    ],
)
def test_a_summary_does_not_repeat_the_title(html: str, summary: str) -> None:
    assert without_title(plain_text(html), "KEEP CALM") == summary


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Keep Calm", "Keep calm."),
        ("Keep Calm", "KEEP CALM"),
        ("Keep Calm", "“Keep Calm”"),
        ("“Keep” Calm!", "Keep calm"),
        ("Keep Calm", "Keep Calm…"),
        ("Keep Calm and Carry On", "Keep calm and carry…"),
        ("Keep Calm and Carry On", "Keep calm and carry..."),
        ("Keep Calm", "Keep Calm | BJA"),
        ("Keep Calm", "Keep Calm - VALOR Officer Safety Program"),
        ("Keep Calm", "Keep Calm — Bureau of Justice Assistance"),
        ("Keep Calm", "Keep Calm | valorforblue.org"),
        ("Keep Calm | BJA", "Keep calm"),
        ("Keep Calm - Training | BJA", "Keep Calm - Training"),
        ("Keep Calm :: BJA", "Keep Calm."),
        ("Keep Calm", "Keep Calm\nKeep calm."),
        ("Sécurité d’abord", "SÉCURITÉ D'ABORD"),
        ("安全第一", "「安全第一」"),
    ],
)
def test_a_text_that_is_the_title_in_another_dress_goes(title: str, text: str) -> None:
    assert without_title(text, title) == ""


@pytest.mark.parametrize(
    ("title", "text", "more"),
    [
        ("Keep Calm", "Keep calm. A poster for every wall.", "A poster for every wall."),
        ("Keep Calm", "“Keep Calm!” A poster.", "A poster."),
        ("Keep Calm", "Keep Calm: A poster.", "A poster."),
        ("Keep Calm", "Keep Calm – A poster. Print it.", "A poster. Print it."),
        ("Keep Calm", "Keep Calm… A poster.", "A poster."),
        ("Keep Calm | BJA", "Keep Calm. A poster.", "A poster."),
        ("Keep Calm", "Keep Calm | BJA\nA poster.", "A poster."),
        ("Keep Calm", "KEEP CALM\nKeep calm.\nA poster.", "A poster."),
    ],
)
def test_only_what_goes_beyond_the_title_stays(title: str, text: str, more: str) -> None:
    assert without_title(text, title) == more


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Keep Calm", "Keep calm and carry on."),
        ("Keep Calm", "Keep calmer. It helps."),
        ("Keep Calm", "Keep calm: it helps."),
        ("Keep Calm", "Keep Calm - a poster for walls of every size"),
        ("Made in the U.S", "Made in the U.S. and elsewhere."),
        ("Tips - Part 2", "Tips - Part 3"),
        ("Stay Safe - Traffic Stops", "Stay Safe - Vehicle Pursuits"),
        ("", "A poster."),
    ],
)
def test_a_text_that_says_more_stays_whole(title: str, text: str) -> None:
    assert without_title(text, title) == text


@given(st.text(max_size=60), st.text(max_size=40))
def test_what_stays_is_the_end_of_the_text(text: str, title: str) -> None:
    assert text.endswith(without_title(text, title))
    assert without_title(title, title) == ""
