"""Shorter and shorter forms of a text."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from spotlight_notify.text.cutting import cuts
from spotlight_notify.text.entities import mentions
from spotlight_notify.text.html import tidy_text


def forms(text: str) -> list[str]:
    return [cut.of(text) for cut in cuts(text)]


def graphemes(text: str) -> list[str]:
    return regex.findall(r"\X", text)


def test_sentences_then_words_then_nothing() -> None:
    assert forms("Keep calm at the scene. Slow down. Use time.") == [
        "Keep calm at the scene. Slow down. Use time.",
        "Keep calm at the scene. Slow down.",
        "Keep calm at the scene.",
        "Keep calm at the…",
        "Keep calm at…",
        "",
    ]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("See 34 U.S.C. § 10152 for it. More.", "See 34 U.S.C. § 10152 for it."),
        ("Lt. Gov. Diaz spoke to Sgt. Lee. More.", "Lt. Gov. Diaz spoke to Sgt. Lee."),
        (
            "J. Edgar met Dr. Ruiz on Jan. 5 at No. 10. More.",
            "J. Edgar met Dr. Ruiz on Jan. 5 at No. 10.",
        ),
        ("It rose 2.5 percent. More.", "It rose 2.5 percent."),
        ("“Keep calm.” More.", "“Keep calm.”"),
        ("Is it calm? Yes.", "Is it calm?"),
        ("Wait... then go. More.", "Wait... then go."),
        ("A headline\nMore.", "A headline"),
        ("冷静に。続き。", "冷静に。"),
        ("He said no. Then he left.", "He said no."),
    ],
)
def test_the_first_sentence_ends_where_it_ends(text: str, first: str) -> None:
    assert [form for form in forms(text) if form and not form.endswith("…")][-1] == first


def test_an_ellipsis_comes_once_and_after_a_word() -> None:
    assert forms("Officers, dispatchers (and others) … stay calm")[1:4] == [
        "Officers, dispatchers (and others) … stay…",
        "Officers, dispatchers (and others)…",
        "Officers, dispatchers (and…",
    ]


def test_a_stub_of_a_few_letters_is_not_worth_showing() -> None:
    assert forms("The officers’ wellbeing") == ["The officers’ wellbeing", "The officers’…", ""]


def test_a_long_word_is_cut_between_graphemes() -> None:
    family = "👨\u200d👩\u200d👧"
    assert forms(family * 20)[1:3] == [family * 19 + "…", family * 18 + "…"]


@pytest.mark.parametrize("link", ["https://example.gov/", "https://valor.example/", "example.gov/"])
def test_a_link_is_never_cut(link: str) -> None:
    long_link = link + "a" * 60
    assert forms(f"Look at this: {long_link} today") == [
        f"Look at this: {long_link} today",
        f"Look at this: {long_link}…",
        "Look at this…",
        "",
    ]


@pytest.mark.parametrize(
    "name", ["@officer_safety@enforcement.example.org", "@valor" + "é" * 40, "@valor://"]
)
def test_no_cut_calls_an_account(name: str) -> None:
    text = f"Look at this: {name} today"
    assert not mentions(text)
    for form in forms(text):
        assert not mentions(form), form


def test_nothing_has_one_form() -> None:
    assert forms("") == [""]


@given(st.text(alphabet=st.sampled_from("ab cé\u0301 .!?\n👩\u200d🚒🏽🇺🇸…“”\u0600の。"), max_size=90))
def test_forms_get_shorter_and_keep_graphemes_whole(text: str) -> None:
    found = cuts(text)
    shown = [cut.of(text) for cut in found]
    assert shown[0] == text
    assert shown[-1] == ""
    assert [len(form) for form in shown] == sorted({len(form) for form in shown}, reverse=True)
    whole = graphemes(text)
    for cut in found:
        kept = graphemes(text[: cut.end])
        assert kept == whole[: len(kept)]
        assert not cut.short or not text[: cut.end].endswith(("…", ".", " ", "\n"))


@given(
    st.lists(
        st.sampled_from(
            [
                "@",
                "＠",
                "RT",
                "rt:",
                "va_lor",
                "/list",
                "é" * 31,
                "の" * 20,
                "://",
                "/",
                ". ",
                " ",
                "!",
                "a.com",
            ]
        )
    )
)
def test_what_mentions_nobody_does_not_when_cut(pieces: list[str]) -> None:
    text = tidy_text("".join(pieces))
    for cut in cuts(text):
        assert not mentions(cut.of(text))
